import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { type AddressSource, call, type FoundUser, proposeAddresses } from "@postroom/api";
import {
	CliHint,
	cliCommand,
	ErrorBox,
	notify,
	type Outcome,
	ProposeFrom,
	useDirectory,
	useStacked,
} from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { memo, useCallback, useEffect, useState } from "react";
import { type DialogProps, namesOf, system } from "../data.ts";
import { t } from "../words.ts";
import { useBatch } from "./batch.ts";
import { ActionDialog, LeftOut, OutcomeText, Progress } from "./parts.tsx";

interface Row {
	user: FoundUser;
	email: string;
	/** Why it cannot be enabled with this address; undefined: not asked yet. */
	problem: string | undefined | null;
}

/** The flow "Enabling existing users": each primary address is reviewed before anything is done. */
export default function Enable(props: DialogProps) {
	const { region, org, users, close } = props;
	const [able] = useState(() => users.filter((u) => u.State !== "ENABLED" && !system(u)));
	const [left] = useState(() => users.filter((u) => !able.includes(u)));
	const [rows, setRows] = useState<readonly Row[]>();
	const stacked = useStacked();
	const { outcomes, busy, run, forget } = useBatch(props);
	const { foreign } = useDirectory({ region, org });
	const [from, setFrom] = useState<AddressSource>("NAME");
	const proposals = useQuery({
		queryKey: [region, org, "proposals", from, able.map((u) => u.Id)],
		queryFn: () => propose(region, org, able, from),
		gcTime: 0,
		staleTime: Number.POSITIVE_INFINITY,
	});
	const [out, setOut] = useState<ReadonlySet<FoundUser>>(new Set());
	useEffect(() => {
		if (proposals.data && !rows) setRows(proposals.data.filter((r) => !out.has(r.user)));
	}, [proposals.data, rows, out]);
	const change = useCallback(
		(user: FoundUser, part: Partial<Row>) => {
			setRows((old) => old?.map((r) => (r.user === user ? { ...r, ...part } : r)));
			if (part.email !== undefined) forget(user);
		},
		[forget],
	);
	const leaveOut = useCallback((user: FoundUser) => {
		setOut((now) => new Set(now).add(user));
		setRows((old) => old?.filter((r) => r.user !== user));
	}, []);

	const finished = (r: Row) => outcomes.get(r.user.Id ?? "")?.state === "done";
	const open = rows?.filter((r) => !finished(r)) ?? [];
	const problems = new Map(open.map((r) => [r.user.Id, problemOf(r, rows ?? [])]));
	const conflicts = open.filter((r) => problems.get(r.user.Id)).length;
	const leave = (remain: readonly FoundUser[]) => close(outcomes.size > 0 ? remain : undefined);
	const enable = async () => {
		const emails = new Map(rows?.map((r) => [r.user, r.email.trim()]));
		const done = await run([...emails.keys()], (u, options) => {
			const input = { OrganizationId: org, EntityId: u.Id ?? "", Email: emails.get(u) ?? "" };
			return call("RegisterToWorkMail", input, options);
		});
		if (done.length === open.length) await close([]);
		if (done[0]) notify({ type: "success", content: t("enabled", { count: done.length, name: done[0].Name ?? "" }) });
	};
	if (able.length === 0)
		return (
			<ActionDialog header={t("enableTitle")} busy={false} action={() => close()} close={() => close()}>
				<Alert type="warning">{t("enableNone", { names: namesOf(left) })}</Alert>
			</ActionDialog>
		);
	return (
		<ActionDialog
			header={t("enableTitle")}
			button={t("enableButton")}
			size="large"
			busy={busy}
			disabled={!rows || open.length === 0 || conflicts > 0}
			action={() => void enable()}
			close={() => leave(open.map((r) => r.user))}
		>
			<div>{t("enableHelp")}</div>
			<LeftOut users={left} already="isEnabled" />
			{proposals.error && <ErrorBox error={proposals.error} again={() => void proposals.refetch()} />}
			{foreign && (
				<ProposeFrom
					value={from}
					disabled={busy || outcomes.size > 0}
					set={(next) => {
						// What was typed was for the other proposals; who was left out stays so.
						setFrom(next);
						setRows(undefined);
					}}
				/>
			)}
			{!rows && !proposals.error && (
				<div>
					<Spinner /> {t("proposing")}
				</div>
			)}
			{conflicts > 0 && !busy && <Alert type="warning">{t("conflicts", { count: conflicts })}</Alert>}
			{outcomes.size > 0 && rows && <Progress done={rows.filter(finished).length} count={rows.length} />}
			{rows && (
				<Table
					variant="embedded"
					wrapLines
					items={rows}
					trackBy={(r) => r.user.Id ?? ""}
					columnDefinitions={stacked<Row>([
						{ id: "name", header: t("name"), minWidth: 120, cell: (r) => r.user.Name, isRowHeader: true },
						{
							id: "email",
							header: t("email"),
							minWidth: 280,
							cell: (r) => (
								<AddressCell
									region={region}
									org={org}
									row={r}
									problem={problems.get(r.user.Id)}
									disabled={busy || finished(r)}
									change={change}
								/>
							),
						},
						{
							id: "result",
							header: t("result"),
							minWidth: 130,
							cell: (r) => <Result outcome={outcomes.get(r.user.Id ?? "")} ready={!problems.get(r.user.Id)} />,
						},
						{
							id: "out",
							header: t("leaveOut"),
							cell: (r) => (
								<LeaveOut user={r.user} disabled={busy || finished(r) || open.length === 1} leaveOut={leaveOut} />
							),
						},
					])}
					ariaLabels={{ tableLabel: t("enableTitle") }}
				/>
			)}
			<CliHint
				commands={open.slice(0, 20).map((r) =>
					cliCommand(region, "RegisterToWorkMail", {
						OrganizationId: org,
						EntityId: r.user.Id ?? "",
						Email: r.email,
					}),
				)}
			/>
		</ActionDialog>
	);
}

/** The conflict of a row: with the server's, or with another row. */
function problemOf(row: Row, rows: readonly Row[]): string | undefined {
	const email = row.email.trim().toLowerCase();
	if (email === "" && row.user.UserRole === "REMOTE_USER") return row.problem ?? undefined;
	if (!/^[^@\s]+@[^@\s]+$/.test(email)) return t("addressWhole", { domain: "example.com" });
	const other = rows.find((r) => r !== row && r.email.trim().toLowerCase() === email);
	if (other) return t("twice", { name: other.user.Name ?? "" });
	return row.problem ?? undefined;
}

// A hundred rows of these: a key that is typed in one, or one that is done, draws only its own again.

const AddressCell = memo(function AddressCell(props: {
	region: string;
	org: string;
	row: Row;
	problem: string | undefined;
	disabled: boolean;
	change: (user: FoundUser, part: Partial<Row>) => void;
}) {
	const { region, org, row } = props;
	const email = row.email.trim();
	const change = (part: Partial<Row>) => props.change(row.user, part);
	useEffect(() => {
		if (row.problem !== undefined || email === "") return;
		let current = true;
		const timer = setTimeout(async () => {
			try {
				const found = await call("CheckEmailAddress", { OrganizationId: org, Email: email }, { region });
				// What is his own already is no conflict.
				if (current) change({ problem: found.EntityId === row.user.Id ? null : (found.Problem ?? null) });
			} catch (error) {
				if (current) change({ problem: error instanceof Error ? error.message : null });
			}
		}, 250);
		return () => {
			current = false;
			clearTimeout(timer);
		};
	});
	return (
		<FormField errorText={props.problem} stretch>
			<Input
				value={row.email}
				disabled={props.disabled}
				onChange={(e) => change({ email: e.detail.value, problem: undefined })}
				ariaLabel={t("addressOf", { name: row.user.Name ?? "" })}
				autoComplete={false}
				spellcheck={false}
			/>
		</FormField>
	);
});

const Result = memo(function Result({ outcome, ready }: { outcome: Outcome<FoundUser> | undefined; ready: boolean }) {
	if (!outcome && !ready) return null;
	return <OutcomeText outcome={outcome} idle={<StatusIndicator type="pending">{t("ready")}</StatusIndicator>} />;
});

const LeaveOut = memo(function LeaveOut(props: {
	user: FoundUser;
	disabled: boolean;
	leaveOut: (user: FoundUser) => void;
}) {
	return (
		<Button
			variant="icon"
			iconName="close"
			formAction="none"
			ariaLabel={t("leaveOutName", { name: props.user.Name ?? "" })}
			disabled={props.disabled}
			onClick={() => props.leaveOut(props.user)}
		/>
	);
});

/** Asks for an address for each. */
async function propose(region: string, org: string, users: readonly FoundUser[], from: AddressSource): Promise<Row[]> {
	const ids = users.map((u) => u.Id ?? "");
	const found = new Map((await proposeAddresses({ region, org }, ids, from)).map((p) => [p.EntityId, p]));
	return users.map((user) => {
		const proposal = found.get(user.Id ?? "");
		return { user, email: proposal?.Email ?? "", problem: proposal?.Problem ?? null };
	});
}
