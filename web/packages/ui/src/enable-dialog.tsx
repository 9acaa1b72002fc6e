import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { type AddressSource, addressProblem, proposeAddresses, type VerifiedDomain, type Within } from "@postroom/api";
import { useQuery } from "@tanstack/react-query";
import { memo, type ReactNode, useCallback, useEffect, useState } from "react";
import { useBusy } from "./busy.ts";
import { CliHint } from "./cli.tsx";
import { cliCommand } from "./cli-command.ts";
import { Dialog } from "./dialog.tsx";
import { type Email, EmailField, emailFault, emailOf, emailText } from "./email-field.tsx";
import type { Entry } from "./entry-actions.tsx";
import { t } from "./entry-words.ts";
import { ErrorBox, useProblem } from "./errors.tsx";
import type { Outcome } from "./many.tsx";
import { namesOf } from "./names.ts";
import { percent } from "./percent.ts";
import { titleOf } from "./picker.tsx";
import { ProposeFrom } from "./propose-from.tsx";
import { useStacked } from "./stacked.tsx";
import { useDomains } from "./verified-domains.ts";

interface Row {
	entry: Entry;
	email: Email;
	/** Why the server refuses the address; "": it does not; undefined: it was edited and not asked yet. */
	problem: string | undefined;
	/** Known to have none, and so to sign in nowhere. */
	noPassword: boolean;
}

const key = (row: Row) => emailText(row.email).toLowerCase();

/** Why each of the rows cannot be enabled so, by the entry's id. */
function problemsOf(rows: readonly Row[], domains: readonly VerifiedDomain[] | undefined): Map<string, string> {
	const first = new Map<string, Row>();
	for (const row of rows) if (!first.has(key(row))) first.set(key(row), row);
	const problems = new Map<string, string>();
	for (const row of rows) {
		const twin = first.get(key(row));
		const why =
			row.problem ||
			emailFault(row.email, domains) ||
			(twin && twin !== row ? t("emailTwice", { name: twin.entry.name }) : "");
		if (why) problems.set(row.entry.id, why);
	}
	return problems;
}

/** Review of each one's primary address: conflicts are said before anything is done. */
export function EnableDialog(props: {
	at: Within;
	header: string;
	/** What the dialog opens with is what it is about. */
	entries: readonly Entry[];
	/** Their directory is a foreign one, which has addresses to propose. */
	foreign?: boolean;
	/** How it went, by the entry's id. */
	outcomes: ReadonlyMap<string, Outcome<unknown>>;
	/** The outcome of one counts no more, since its address was changed. */
	forget: (id: string) => void;
	/** Enables entries, by id, with their addresses; what is done is not done again. What it throws is its own to catch. */
	enable: (emails: ReadonlyMap<string, string>) => Promise<unknown>;
	/** With the ids that remain to be enabled. */
	close: (left: readonly string[]) => void;
	/** What is said before the addresses. */
	children?: ReactNode;
}) {
	const { at, outcomes, forget } = props;
	const [entries] = useState(props.entries);
	const [out, setOut] = useState<ReadonlySet<string>>(new Set());
	const [from, setFrom] = useState<AddressSource>("NAME");
	const [rows, setRows] = useState<readonly Row[]>();
	const [busy, run] = useBusy();
	const problem = useProblem();
	const stacked = useStacked();
	const domains = useDomains(at).data;
	const ids = entries.map((e) => e.id);
	const proposals = useQuery({
		queryKey: [at.region, at.org, "proposals", from, ids],
		queryFn: () => proposeAddresses(at, ids, props.foreign ? from : undefined),
		gcTime: 0,
		staleTime: Number.POSITIVE_INFINITY,
	});
	useEffect(() => {
		if (!proposals.data || rows) return;
		const by = new Map(proposals.data.map((p) => [p.EntityId, p]));
		setRows(
			entries
				.filter((e) => !out.has(e.id))
				.map((entry) => {
					const { Email = "", Problem = "", NoPassword = false } = by.get(entry.id) ?? {};
					return { entry, email: emailOf(Email), problem: Problem, noPassword: NoPassword };
				}),
		);
	}, [proposals.data, rows, entries, out]);

	const stateOf = (row: Row) => outcomes.get(row.entry.id)?.state;
	const open = rows?.filter((r) => stateOf(r) !== "done") ?? [];
	const problems = problemsOf(rows ?? [], domains);
	const conflicts = open.filter((r) => problems.has(r.entry.id)).length;
	const bare = open.filter((r) => r.noPassword).map((r) => titleOf(r.entry));
	const unasked = open.filter((r) => r.problem === undefined && !problems.has(r.entry.id));
	/** Asks about the addresses that were edited; those that were proposed the server has looked at. */
	const ask = async (list: readonly Row[]): Promise<boolean> => {
		const asked = await Promise.all(
			list.map(async (r) => [r, (await addressProblem(at, emailText(r.email), r.entry.id)) ?? ""] as const),
		);
		const answers = new Map(asked);
		// A row that was typed in meanwhile is another one.
		setRows((now) => now?.map((r) => (answers.has(r) ? { ...r, problem: answers.get(r) } : r)));
		return asked.every(([, why]) => why === "");
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: what is typed makes other rows
	useEffect(() => {
		if (busy || unasked.length === 0) return;
		// Where it cannot be asked now, it is when it is sent.
		const timer = setTimeout(() => void ask(unasked).catch(() => undefined), 250);
		return () => clearTimeout(timer);
	}, [rows, domains, busy]);
	const enable = () =>
		run(async () => {
			problem.clear();
			try {
				if (!(await ask(unasked))) return;
			} catch (error) {
				return problem.fail(error);
			}
			await props.enable(new Map(rows?.map((r) => [r.entry.id, emailText(r.email)])));
		});
	const change = useCallback(
		(entry: Entry, email: Email) => {
			setRows((now) => now?.map((r) => (r.entry === entry ? { ...r, email, problem: undefined } : r)));
			forget(entry.id);
		},
		[forget],
	);
	const leaveOut = (entry: Entry) => {
		setOut((now) => new Set(now).add(entry.id));
		setRows((now) => now?.filter((r) => r.entry !== entry));
	};
	const all = outcomes.size;
	const done = [...outcomes.values()].filter((o) => o.state === "done").length;
	return (
		<Dialog
			size="large"
			header={props.header}
			button={t("enable")}
			act={enable}
			blocked={open.length === 0 || conflicts > 0}
			problem={problem.rest}
			begun={all > 0}
			close={() => props.close(open.map((r) => r.entry.id))}
		>
			<div>{t("enableHelp", { count: entries.length })}</div>
			{props.children}
			{proposals.error && <ErrorBox error={proposals.error} again={() => void proposals.refetch()} />}
			{props.foreign && (
				<ProposeFrom
					value={from}
					disabled={busy || all > 0}
					set={(next) => {
						// What was typed was for the other proposals; who was left out stays so.
						setFrom(next);
						setRows(undefined);
					}}
				/>
			)}
			{entries.length > 1 && conflicts > 0 && !busy && (
				<Alert type="warning">{t("enableConflicts", { count: conflicts })}</Alert>
			)}
			{busy && all > 1 && (
				<ProgressBar value={percent(done, all)} ariaLabel={t("manyResults")} label={t("manyProgress", { done, all })} />
			)}
			{!busy && done < all && all > 1 && <Alert type="error">{t("enablePart", { done, all })}</Alert>}
			{bare.length > 0 && (
				<Alert type="warning">{t("enableBare", { count: bare.length, names: namesOf(bare, 5) })}</Alert>
			)}
			<Table<Row>
				variant="embedded"
				items={rows ?? []}
				loading={!rows && !proposals.error}
				loadingText={t("enableProposing")}
				trackBy={(r) => r.entry.id}
				wrapLines
				ariaLabels={{ tableLabel: props.header }}
				columnDefinitions={stacked<Row>([
					{
						id: "name",
						header: t("manyName"),
						minWidth: 120,
						isRowHeader: true,
						cell: (r) => titleOf(r.entry),
					},
					{
						id: "email",
						header: t("address"),
						minWidth: 320,
						cell: (r) => (
							<AddressCell
								row={r}
								outcome={outcomes.get(r.entry.id)}
								problem={problems.get(r.entry.id)}
								domains={domains}
								disabled={busy}
								change={change}
							/>
						),
					},
					...(entries.length > 1
						? [
								{
									id: "out",
									header: t("enableLeaveOut"),
									cell: (r: Row) => (
										<Button
											variant="icon"
											iconName="close"
											formAction="none"
											ariaLabel={t("enableLeaveOutOf", { name: r.entry.name })}
											disabled={busy || stateOf(r) === "done" || open.length === 1}
											onClick={() => leaveOut(r.entry)}
										/>
									),
								},
							]
						: []),
				])}
			/>
			<CliHint
				commands={open.slice(0, 20).map((r) =>
					cliCommand(at.region, "RegisterToWorkMail", {
						OrganizationId: at.org,
						EntityId: r.entry.id,
						Email: emailText(r.email),
					}),
				)}
			/>
		</Dialog>
	);
}

/** A hundred rows of these: a key that is typed in one, or one that is done, draws only its own again. */
const AddressCell = memo(function AddressCell(props: {
	row: Row;
	outcome: Outcome<unknown> | undefined;
	problem: string | undefined;
	domains: readonly VerifiedDomain[] | undefined;
	disabled: boolean;
	change: (entry: Entry, email: Email) => void;
}) {
	const { entry, email } = props.row;
	const { outcome, domains } = props;
	if (outcome?.state === "done") return <StatusIndicator type="success">{emailText(email)}</StatusIndicator>;
	if (outcome?.state === "running") return <StatusIndicator type="in-progress">{emailText(email)}</StatusIndicator>;
	return (
		<EmailField
			bare
			label={t("enableAddressOf", { name: entry.name })}
			value={email.domain ? email : { ...email, domain: domains?.[0]?.name ?? "" }}
			domains={domains}
			error={props.problem ?? outcome?.problem}
			disabled={props.disabled}
			onChange={(next) => props.change(entry, next)}
		/>
	);
});
