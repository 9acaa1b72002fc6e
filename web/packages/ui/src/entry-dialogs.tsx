import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { VerifiedDomain } from "@postroom/api";
import { type ReactNode, useEffect, useState } from "react";
import { useBusy } from "./busy.ts";
import { ConfirmByName } from "./confirm.tsx";
import { type Email, EmailField, emailFault, emailOf, emailText } from "./email-field.tsx";
import type { Entry, EntryWork, Step } from "./entry-actions.tsx";
import { EntryDialog } from "./entry-dialog.tsx";
import { t } from "./entry-words.ts";
import { explain } from "./errors.tsx";
import { ManyOutcome, undone, useMany } from "./many.tsx";
import { notify } from "./notices.tsx";

interface Props {
	entries: readonly Entry[];
	/** An entry as it is shown now: what was refused is tried again with this revision. */
	newest: (entry: Entry) => Entry;
	work: EntryWork;
	close: () => void;
}

/** The dialogs of EntryActions; apart, since lists open without them. */
export default function Dialogs({ step, ...props }: Props & { step: Step }) {
	if (step === "enable") return <Enable {...props} />;
	if (step === "disable") return <Disable {...props} />;
	return <Remove {...props} />;
}

const named = (entries: readonly Entry[], work: EntryWork) => ({
	name: entries.length === 1 ? (entries[0]?.name ?? "") : work.called(entries.length),
});

const name = (e: Entry) => e.name;
const id = (e: Entry) => e.id;

/**
 * Does a step with each entry: first with the revision that the dialog opened
 * with; with the newest only after the reader was told how it went.
 */
function useStep({ entries, newest, work }: Props, step: Step) {
	const many = useMany<Entry>();
	const told = many.outcomes.length > 0;
	const run = async (act: (entry: Entry) => Promise<unknown> | undefined) => {
		const outcomes = await many.run(entries, (e) => act(told ? newest(e) : e) ?? Promise.resolve());
		await work.changed();
		if (undone(outcomes).length === 0) {
			notify({ type: "success", content: t(`${step}Done`, named(entries, work)) });
			work.done?.(step);
		}
		return outcomes;
	};
	return { outcomes: many.outcomes, run, told };
}

interface Row {
	entry: Entry;
	email: Email;
	/** Why it cannot be so; what was refused. */
	problem?: string | undefined;
}

/** Review of each primary address; conflicts are shown before anything is done. */
function Enable(props: Props) {
	const { entries, work, close } = props;
	const [rows, setRows] = useState<Row[]>();
	const [domains, setDomains] = useState<VerifiedDomain[]>();
	const [error, setError] = useState<unknown>();
	const [busy, run] = useBusy();
	const step = useStep(props, "enable");
	const done = new Set(step.outcomes.filter((o) => o.state === "done").map((o) => o.item));
	const judge = async (list: Row[], known: VerifiedDomain[]): Promise<Row[]> => {
		const times = new Map<string, number>();
		const key = (r: Row) => emailText(r.email).toLowerCase();
		for (const r of list) times.set(key(r), (times.get(key(r)) ?? 0) + 1);
		const judged: Row[] = [];
		for (const r of list) {
			const twice = (times.get(key(r)) ?? 0) > 1 ? t("emailTwice") : undefined;
			const fault = emailFault(r.email, known) ?? twice;
			if (done.has(r.entry)) judged.push(r);
			else judged.push({ ...r, problem: fault ?? (await work.check(emailText(r.email), r.entry.id)) });
		}
		return judged;
	};
	const trying = (act: () => Promise<void>) =>
		run(async () => {
			setError(undefined);
			try {
				await act();
			} catch (e) {
				setError(e);
			}
		});
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
	useEffect(() => {
		void trying(async () => {
			const [known, proposals] = await Promise.all([work.domains(), work.propose(entries.map(id))]);
			setDomains(known);
			const byId = new Map(proposals.map((p) => [p.EntityId, p]));
			setRows(
				entries.map((entry): Row => {
					const proposal = byId.get(entry.id);
					return { entry, email: emailOf(proposal?.Email ?? ""), problem: proposal?.Problem };
				}),
			);
		});
	}, []);
	const enable = () =>
		trying(async () => {
			const judged = await judge(rows ?? [], domains ?? []);
			setRows(judged);
			if (judged.some((r) => r.problem)) return;
			const emails = new Map(judged.map((r) => [r.entry.id, emailText(r.email)]));
			const outcomes = await step.run((e) => work.enable?.(e, emails.get(e.id) ?? ""));
			const left = undone(outcomes).length;
			if (left === 0) return close();
			setRows(
				judged.map((r) => {
					const failed = outcomes.find((o) => o.item === r.entry && o.state === "failed");
					return failed ? { ...r, problem: explain(failed.error) } : r;
				}),
			);
			setError(new Error(t("enablePart", { done: outcomes.length - left, all: outcomes.length })));
		});
	const change = (entry: Entry, email: Email) =>
		setRows((now) => now?.map((r) => (r.entry === entry ? { entry, email } : r)));
	return (
		<EntryDialog
			size="large"
			header={t("enableHeader", named(entries, work))}
			button={t("enable")}
			act={rows && (() => void enable())}
			busy={busy}
			begun={step.told}
			close={close}
		>
			{error !== undefined && (
				<Alert type="error">
					<span data-part="enable-error">{explain(error)}</span>
				</Alert>
			)}
			<Box variant="p">{t("enableHelp")}</Box>
			<Table<Row>
				variant="embedded"
				items={rows ?? []}
				loading={!rows && error === undefined}
				loadingText={t("loading")}
				trackBy={(r) => r.entry.id}
				wrapLines
				ariaLabels={{ tableLabel: t("enableHeader", named(entries, work)) }}
				columnDefinitions={[
					{ id: "name", header: t("manyName"), isRowHeader: true, cell: (r) => r.entry.name, width: "30%" },
					{
						id: "email",
						header: t("address"),
						cell: (r) =>
							done.has(r.entry) ? (
								<StatusIndicator type="success">{emailText(r.email)}</StatusIndicator>
							) : (
								<EmailField
									bare
									label={t("enableAddressOf", { name: r.entry.name })}
									value={r.email}
									domains={domains}
									error={r.problem}
									onChange={(email) => change(r.entry, email)}
								/>
							),
					},
				]}
			/>
		</EntryDialog>
	);
}

function Disable(props: Props) {
	const { entries, work, close } = props;
	const step = useStep(props, "disable");
	const [busy, run] = useBusy();
	const disable = () =>
		run(async () => {
			const outcomes = await step.run((e) => work.disable?.(e));
			if (undone(outcomes).length === 0) close();
		});
	return (
		<EntryDialog
			header={t("disableHeader", named(entries, work))}
			button={t("disable")}
			act={() => void disable()}
			busy={busy}
			begun={step.told}
			close={close}
		>
			<Named entries={entries}>{work.disableHelp(entries)}</Named>
			<ManyOutcome outcomes={step.outcomes} name={name} id={id} running={busy} />
		</EntryDialog>
	);
}

/** Which ones a step is about, where they are several. */
function Named({ entries, children }: { entries: readonly Entry[]; children: ReactNode }) {
	return (
		<SpaceBetween size="s">
			<div>{children}</div>
			{entries.length > 1 && (
				<Box color="text-body-secondary">
					{entries
						.slice(0, 20)
						.map((e) => e.name)
						.join(", ")}
					{entries.length > 20 && " …"}
				</Box>
			)}
		</SpaceBetween>
	);
}

function Remove(props: Props) {
	const { entries, work } = props;
	const step = useStep(props, "remove");
	const [busy, run] = useBusy();
	const one = entries.length === 1 ? entries[0] : undefined;
	const remove = async () => {
		const outcomes = (await run(() => step.run((e) => work.remove?.(e)))) ?? [];
		const left = undone(outcomes).length;
		if (left === 0) return;
		// Of one it is said above; of several at each.
		throw one ? outcomes[0]?.error : new Error(t("removePart", { count: left }));
	};
	return (
		<ConfirmByName
			header={t("removeHeader", named(entries, work))}
			name={one ? one.name : t("removeMany", { count: entries.length })}
			button={t("remove")}
			close={props.close}
			action={remove}
		>
			<SpaceBetween size="m">
				<Named entries={entries}>{work.removeHelp(entries)}</Named>
				{!one && <ManyOutcome outcomes={step.outcomes} name={name} id={id} running={busy} />}
			</SpaceBetween>
		</ConfirmByName>
	);
}
