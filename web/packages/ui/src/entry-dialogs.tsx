import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback } from "react";
import { ConfirmByName, Counting } from "./confirm.tsx";
import { Dialog } from "./dialog.tsx";
import { EnableDialog } from "./enable-dialog.tsx";
import type { Entry, EntryWork, Loss, Step } from "./entry-actions.tsx";
import { t } from "./entry-words.ts";
import { ManyOutcome, undone, useMany } from "./many.tsx";
import { namesOf } from "./names.ts";
import { notify } from "./notices.tsx";

interface Props {
	entries: readonly Entry[];
	/** Whom of those selected it is not for, and why. */
	left: string | false;
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
function useStep({ newest, work }: Props, step: Step) {
	const { outcomes, forget, run: many } = useMany<Entry>();
	const told = outcomes.length > 0;
	const run = async (entries: readonly Entry[], act: (entry: Entry) => Promise<unknown> | undefined) => {
		const after = await many(entries, (e) => act(told ? newest(e) : e) ?? Promise.resolve());
		const all = undone(after).length === 0;
		// A page is left before it reads that what it is about is gone.
		if (all) work.done?.(step);
		await work.changed();
		if (all) notify({ type: "success", content: t(`${step}Done`, named(entries, work)) });
		return after;
	};
	return { outcomes, forget, run, told };
}

function Enable(props: Props) {
	const { entries, work, close } = props;
	const { outcomes, forget, run } = useStep(props, "enable");
	const byId = new Map(outcomes.map((o) => [o.item.id, o]));
	const forgetId = useCallback((gone: string) => forget((e) => e.id === gone), [forget]);
	const enable = async (emails: ReadonlyMap<string, string>) => {
		const list = entries.filter((e) => emails.has(e.id));
		const after = await run(list, (e) => work.enable?.(e, emails.get(e.id) ?? ""));
		if (undone(after).length === 0) close();
	};
	return (
		<EnableDialog
			at={work.at}
			header={t("enableHeader", named(entries, work))}
			entries={entries}
			foreign={work.foreign ?? false}
			outcomes={byId}
			forget={forgetId}
			enable={enable}
			close={close}
		>
			{props.left && <Alert type="info">{props.left}</Alert>}
		</EnableDialog>
	);
}

function Disable(props: Props) {
	const { entries, work, close } = props;
	const step = useStep(props, "disable");
	const disable = async () => {
		const outcomes = await step.run(entries, (e) => work.disable?.(e));
		if (undone(outcomes).length === 0) close();
	};
	return (
		<Dialog
			header={t("disableHeader", named(entries, work))}
			button={t("disable")}
			act={disable}
			begun={step.told}
			close={close}
		>
			<Named {...props}>{work.disableHelp(entries)}</Named>
			<ManyOutcome outcomes={step.outcomes} name={name} id={id} />
		</Dialog>
	);
}

/** Which ones a step is about, where they are several, and which it is not. */
function Named({ entries, left, children }: Props & { children: ReactNode }) {
	return (
		<SpaceBetween size="s">
			<div>{children}</div>
			{(entries.length > 1 || left) && <Box color="text-body-secondary">{namesOf(entries.map((e) => e.name))}</Box>}
			{left && <Alert type="info">{left}</Alert>}
		</SpaceBetween>
	);
}

function Remove(props: Props) {
	const { entries, work } = props;
	const step = useStep(props, "remove");
	const one = entries.length === 1 ? entries[0] : undefined;
	const lost = useQuery({
		queryKey: ["losses", work.at.region, work.at.org, entries.map((e) => e.id)],
		queryFn: () => work.losses(entries),
		gcTime: 0,
	});
	const remove = async () => {
		const outcomes = await step.run(entries, (e) => work.remove?.(e));
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
			blocked={!lost.data}
			close={props.close}
			action={remove}
			reread={lost.refetch}
		>
			<SpaceBetween size="m">
				<Named {...props}>
					{lost.data ? <Losses losses={lost.data} kept={work.kept} /> : <Counting of={[lost]} />}
				</Named>
				{!one && <ManyOutcome outcomes={step.outcomes} name={name} id={id} />}
			</SpaceBetween>
		</ConfirmByName>
	);
}

/** What deleting destroys, in numbers that were counted when the dialog opened. */
function Losses({ losses, kept }: { losses: readonly Loss[]; kept: string | undefined }) {
	const lines = losses.filter(([count]) => count > 0).map(([, line]) => line);
	return (
		<SpaceBetween size="xs">
			<Box>
				{t("lostHelp")}
				{lines.length > 0 && ` ${t("lostWhat")}`}
			</Box>
			{lines.length > 0 && (
				<ul>
					{lines.map((line) => (
						<li key={line}>{line}</li>
					))}
				</ul>
			)}
			{kept && <Box color="text-body-secondary">{kept}</Box>}
		</SpaceBetween>
	);
}
