import { type CallOptions, call, type Within } from "@postroom/api";
import { may } from "@postroom/session";
import { useQueryClient } from "@tanstack/react-query";
import type { Entry, EntryWork } from "./entry-actions.tsx";

/** What enabling, disabling and deleting means for one kind of entry. */
export interface OwnWork extends Pick<EntryWork, "called" | "disableHelp" | "losses" | "kept" | "fixed" | "foreign"> {
	remove: ((entry: Entry, options: CallOptions) => Promise<unknown>) | undefined;
}

/** Enables, disables and deletes entries; each call is about the revision that was seen. */
export function useEntryWork(at: Within, { remove, ...own }: OwnWork): EntryWork {
	const client = useQueryClient();
	const { region, org } = at;
	const seen = ({ revision }: Entry): CallOptions => ({ region, ifMatch: revision });
	return {
		...own,
		at,
		enable: may("RegisterToWorkMail")
			? (e, Email) => call("RegisterToWorkMail", { OrganizationId: org, EntityId: e.id, Email }, seen(e))
			: undefined,
		disable: may("DeregisterFromWorkMail")
			? (e) => call("DeregisterFromWorkMail", { OrganizationId: org, EntityId: e.id }, seen(e))
			: undefined,
		remove: remove && ((e) => remove(e, seen(e))),
		changed: () => client.invalidateQueries({ queryKey: [region, org] }),
	};
}
