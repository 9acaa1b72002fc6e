import type { EntityState, Within } from "@postroom/api";
import { type ReactNode, useState } from "react";
import { ActionButtons } from "./actions.tsx";
import { t } from "./entry-words.ts";
import { lateDialog } from "./late.tsx";
import { namesOf } from "./names.ts";

/** What users, groups and resources have in common. */
export interface Entry {
	id: string;
	name: string;
	/** A user's display name. */
	title?: string;
	/** The primary address; of a disabled one the former. */
	email?: string | undefined;
	state: EntityState;
	/** The revision that was seen; what is done to it is done to no other. */
	revision?: string | undefined;
}

/** How much of one kind is lost, and its sentence. */
export type Loss = readonly [count: number, sentence: string];

/** What can be done to entries. What is missing may not be done. */
export interface EntryWork {
	/** "2 groups": how several are called. */
	called: (count: number) => string;
	at: Within;
	/** They may come from a foreign directory, which has addresses to propose. */
	foreign?: boolean;
	enable?: ((entry: Entry, email: string) => Promise<unknown>) | undefined;
	disable?: ((entry: Entry) => Promise<unknown>) | undefined;
	remove?: ((entry: Entry) => Promise<unknown>) | undefined;
	/** Why nothing of them is made, changed or deleted here. */
	fixed?: string | undefined;
	/** What disabling these means. */
	disableHelp: (entries: readonly Entry[]) => ReactNode;
	/** What goes with these when they are deleted, of each kind; of what is none nothing is said. */
	losses: (entries: readonly Entry[]) => Promise<readonly Loss[]>;
	/** What stays then. */
	kept?: string;
	/** After something was done, also in part. */
	changed: () => Promise<unknown> | undefined;
	/** After a step went well for all. */
	done?: (step: Step) => void;
}

/** A row's revision as calls take it. */
export const tagOf = (revision: number | undefined): string | undefined => (revision ? `"${revision}"` : undefined);

const Dialogs = lateDialog(() => import("./entry-dialogs.tsx"));

export type Step = "enable" | "disable" | "remove";

/** Whom a step is for, and how others are told. */
const steps = {
	enable: { of: "DISABLED", not: "enableOnly" },
	disable: { of: "ENABLED", not: "disableOnly" },
	remove: { of: "DISABLED", not: "removeEnabled" },
} as const;

/** Enable, Disable and Delete for what is selected, with their dialogs; those that a step is not for are left out. */
export function EntryActions({ entries, work }: { entries: readonly Entry[]; work: EntryWork }) {
	const [open, setOpen] = useState<{ step: Step; fit: readonly Entry[]; left: readonly Entry[] }>();
	const fits = (step: Step) => (e: Entry) => e.state === steps[step].of;
	const not = (step: Step) => {
		if (step === "remove" && work.fixed) return work.fixed;
		if (entries.length === 0) return t("needsSelection");
		return entries.some(fits(step)) ? undefined : t(steps[step].not);
	};
	const actions = (["enable", "disable", "remove"] as const)
		.filter((step) => work[step])
		.map((id) => ({ id, text: t(id), not: not(id) }));
	const act = (id: string) => {
		const step = id as Step;
		setOpen({ step, fit: entries.filter(fits(step)), left: entries.filter((e) => !fits(step)(e)) });
	};
	return (
		<>
			<ActionButtons actions={actions} act={act} />
			{open && (
				<Dialogs
					step={open.step}
					entries={open.fit}
					left={
						open.left.length > 0 &&
						t("leftOut", { names: namesOf(open.left.map((e) => e.name)), why: t(steps[open.step].not) })
					}
					newest={(e) => entries.find((other) => other.id === e.id) ?? e}
					work={work}
					close={() => setOpen(undefined)}
				/>
			)}
		</>
	);
}
