import { aliasesOf, call, pages, type Within } from "@postroom/api";
import { may } from "@postroom/session";
import { type Entry, type EntryWork, Losses, membersOf, useDirectory, useEntryWork } from "@postroom/ui";
import { t } from "./words.ts";

/** Enable, disable and delete groups. */
export const useGroupWork = (at: Within): EntryWork => {
	const { fixed, foreign } = useDirectory(at);
	return useEntryWork(at, {
		fixed,
		foreign,
		called: (count) => t("called", { count }),
		remove: may("DeleteGroup")
			? (e, options) => call("DeleteGroup", { OrganizationId: at.org, GroupId: e.id }, options)
			: undefined,
		disableHelp: (entries) => t(entries.length === 1 ? "disableHelp" : "disableHelpMany"),
		removeHelp: (entries) => (
			<Losses at={at} entries={entries} count={() => losses(at, entries)} kept={t("lostKept")} />
		),
	});
};

/** What goes with groups when they are deleted. */
async function losses(at: Within, groups: readonly Entry[]): Promise<[number, string][]> {
	const { region, org } = at;
	const sum = { members: 0, aliases: 0, permissions: 0, groups: 0 };
	for (const { id, email } of groups) {
		const about = { OrganizationId: org, EntityId: id, MaxResults: 100 };
		sum.members += (await membersOf(at, id, { Offset: 0, MaxResults: 1 })).total ?? 0;
		sum.aliases += (await aliasesOf(at, id)).length + (email ? 1 : 0);
		for await (const page of pages((NextToken) => call("ListGroupsForEntity", { ...about, NextToken }, { region })))
			sum.groups += page.Groups?.length ?? 0;
		for await (const page of pages((NextToken) => call("ListMailboxPermissions", { ...about, NextToken }, { region })))
			sum.permissions += page.Permissions?.length ?? 0;
	}
	return [
		[sum.members, t("lostMembers", { count: sum.members })],
		[sum.aliases, t("lostAliases", { count: sum.aliases })],
		[sum.permissions, t("lostPermissions", { count: sum.permissions })],
		[sum.groups, t("lostGroups", { count: sum.groups })],
	];
}
