import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { EntityState, Within } from "@postroom/api";
import { type ReactNode, useState } from "react";
import { t } from "./entry-words.ts";
import { lateDialog } from "./late.tsx";

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
	/** What disabling and deleting these means, in numbers. */
	disableHelp: (entries: readonly Entry[]) => ReactNode;
	removeHelp: (entries: readonly Entry[]) => ReactNode;
	/** After something was done, also in part. */
	changed: () => Promise<unknown> | undefined;
	/** After a step went well for all. */
	done?: (step: Step) => void;
}

/** A row's revision as calls take it. */
export const tagOf = (revision: number | undefined): string | undefined => (revision ? `"${revision}"` : undefined);

const Dialogs = lateDialog(() => import("./entry-dialogs.tsx"));

export type Step = "enable" | "disable" | "remove";

/** The buttons Enable, Disable and Delete for what is selected, with their dialogs. */
export function EntryActions({ entries, work }: { entries: readonly Entry[]; work: EntryWork }) {
	const [open, setOpen] = useState<{ step: Step; entries: readonly Entry[] }>();
	const all = (state: EntityState) => entries.length > 0 && entries.every((e) => e.state === state);
	const button = (step: Step, able: boolean, why: "enableOnly" | "disableOnly" | "removeEnabled") => {
		const fixed = step === "remove" ? work.fixed : undefined;
		const ready = able && !fixed;
		return (
			work[step] && (
				<Button
					key={step}
					disabled={!ready}
					{...(!ready && (fixed || entries.length > 0) ? { disabledReason: fixed ?? t(why) } : {})}
					onClick={() => setOpen({ step, entries })}
				>
					{t(step)}
				</Button>
			)
		);
	};
	return (
		<>
			<SpaceBetween direction="horizontal" size="xs">
				{button("enable", all("DISABLED"), "enableOnly")}
				{button("disable", all("ENABLED"), "disableOnly")}
				{button("remove", all("DISABLED"), "removeEnabled")}
			</SpaceBetween>
			{open && (
				<Dialogs
					step={open.step}
					entries={open.entries}
					newest={(e) => entries.find((other) => other.id === e.id) ?? e}
					work={work}
					close={() => setOpen(undefined)}
				/>
			)}
		</>
	);
}
