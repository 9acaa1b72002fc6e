import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { VerifiedDomain } from "@postroom/api";
import { type ReactNode, useEffect, useState } from "react";
import { useBusy } from "./busy.ts";
import { ConfirmByName } from "./confirm.tsx";
import { type Email, EmailField, emailFault, emailOf, emailText } from "./email-field.tsx";
import type { Entry, EntryWork, Step } from "./entry-actions.tsx";
import { t } from "./entry-words.ts";
import { explain } from "./errors.tsx";
import { ManyOutcome, useMany } from "./many.tsx";
import { notify } from "./notices.tsx";

interface Props {
	entries: readonly Entry[];
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

function Footer(props: { close: () => void; busy: boolean; act?: () => void; button: string }) {
	return (
		<Box float="right">
			<SpaceBetween direction="horizontal" size="xs">
				<Button variant="link" disabled={props.busy} onClick={props.close}>
					{t(props.act ? "cancel" : "close")}
				</Button>
				{props.act && (
					<Button variant="primary" loading={props.busy} onClick={props.act}>
						{props.button}
					</Button>
				)}
			</SpaceBetween>
		</Box>
	);
}

interface Row {
	entry: Entry;
	email: Email;
	/** Why it cannot be so; what was refused. */
	problem?: string | undefined;
	done?: boolean;
}

/** Review of each primary address; conflicts are shown before anything is done. */
function Enable({ entries, work, close }: Props) {
	const [rows, setRows] = useState<Row[]>();
	const [domains, setDomains] = useState<VerifiedDomain[]>();
	const [error, setError] = useState<unknown>();
	const [busy, run] = useBusy();
	const judge = async (list: Row[], known: VerifiedDomain[]): Promise<Row[]> => {
		const times = new Map<string, number>();
		const key = (r: Row) => emailText(r.email).toLowerCase();
		for (const r of list) times.set(key(r), (times.get(key(r)) ?? 0) + 1);
		const judged: Row[] = [];
		for (const r of list) {
			if (r.done) judged.push(r);
			else {
				const fault =
					emailFault(r.email, known) ??
					((times.get(key(r)) ?? 0) > 1 ? t("emailTwice") : await work.check(emailText(r.email), r.entry.id));
				judged.push({ ...r, problem: fault });
			}
		}
		return judged;
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
	useEffect(() => {
		void run(async () => {
			try {
				const [known, proposals] = await Promise.all([work.domains(), work.propose(entries.map(id))]);
				setDomains(known);
				const byId = new Map(proposals.map((p) => [p.EntityId, p]));
				setRows(
					entries.map((entry): Row => {
						const proposal = byId.get(entry.id);
						return { entry, email: emailOf(proposal?.Email ?? ""), problem: proposal?.Problem };
					}),
				);
			} catch (e) {
				setError(e);
			}
		});
	}, []);
	const enable = () =>
		run(async () => {
			if (!rows) return;
			setError(undefined);
			try {
				const judged = await judge(rows, domains ?? []);
				setRows(judged);
				if (judged.some((r) => r.problem)) return;
				await enableAll(judged);
			} catch (e) {
				setError(e);
			}
		});
	const enableAll = async (list: Row[]) => {
		const after = [...list];
		for (const [i, r] of list.entries()) {
			if (r.done) continue;
			try {
				await work.enable?.(r.entry.id, emailText(r.email));
				after[i] = { ...r, done: true };
			} catch (e) {
				after[i] = { ...r, problem: explain(e) };
			}
			setRows([...after]);
		}
		await work.changed();
		const done = after.filter((r) => r.done).length;
		if (done < after.length) {
			setError(new Error(t("enablePart", { done, all: after.length })));
			return;
		}
		notify({ type: "success", content: t("enableDone", named(entries, work)) });
		work.done?.("enable");
		close();
	};
	return (
		<Modal
			visible
			size="large"
			header={t("enableHeader", named(entries, work))}
			onDismiss={close}
			footer={<Footer close={close} busy={busy} act={() => void enable()} button={t("enable")} />}
		>
			<SpaceBetween size="m">
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
								r.done ? (
									<StatusIndicator type="success">{emailText(r.email)}</StatusIndicator>
								) : (
									<EmailField
										bare
										label={t("enableAddressOf", { name: r.entry.name })}
										value={r.email}
										domains={domains}
										error={r.problem}
										onChange={(email) =>
											setRows((now) =>
												now?.map((o) => (o.entry.id === r.entry.id ? { ...o, email, problem: undefined } : o)),
											)
										}
									/>
								),
						},
					]}
				/>
			</SpaceBetween>
		</Modal>
	);
}

function Disable({ entries, work, close }: Props) {
	const many = useMany<Entry>();
	const [busy, run] = useBusy();
	const [over, setOver] = useState(false);
	const disable = () =>
		run(async () => {
			const outcomes = await many.run(entries, (e) => work.disable?.(e.id) ?? Promise.resolve());
			await work.changed();
			setOver(true);
			if (outcomes.every((o) => o.state === "done")) {
				notify({ type: "success", content: t("disableDone", named(entries, work)) });
				work.done?.("disable");
				close();
			}
		});
	return (
		<Modal
			visible
			header={t("disableHeader", named(entries, work))}
			onDismiss={close}
			footer={
				<Footer close={close} busy={busy} {...(over ? {} : { act: () => void disable() })} button={t("disable")} />
			}
		>
			<SpaceBetween size="m">
				<Named entries={entries}>{work.disableHelp(entries)}</Named>
				<ManyOutcome outcomes={many.outcomes} name={name} id={id} running={busy} />
			</SpaceBetween>
		</Modal>
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

function Remove({ entries, work, close }: Props) {
	const many = useMany<Entry>();
	const one = entries.length === 1 ? entries[0] : undefined;
	return (
		<ConfirmByName
			header={t("removeHeader", named(entries, work))}
			name={one ? one.name : t("removeMany", { count: entries.length })}
			button={t("remove")}
			close={close}
			action={async () => {
				const gone = new Set(many.outcomes.filter((o) => o.state === "done").map((o) => o.item.id));
				const left = entries.filter((e) => !gone.has(e.id));
				const outcomes = await many.run(left, (e) => work.remove?.(e.id) ?? Promise.resolve());
				await work.changed();
				const failed = outcomes.filter((o) => o.state !== "done");
				const first = failed.find((o) => o.state === "failed");
				if (one && first) throw first.error;
				if (first)
					throw new Error(
						t("removePart", { count: failed.length, first: `${first.item.name}: ${explain(first.error)}` }),
					);
				notify({ type: "success", content: t("removeDone", named(entries, work)) });
				work.done?.("remove");
			}}
		>
			<Named entries={entries}>{work.removeHelp(entries)}</Named>
		</ConfirmByName>
	);
}
