import { aliasesOf, call, groupsOf, permissionsOf, type Within } from "@postroom/api";
import { may } from "@postroom/session";
import { type Entry, type EntryWork, type Loss, membersOf, useDirectory, useEntryWork } from "@postroom/ui";
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
		losses: (entries) => losses(at, entries),
		kept: t("lostKept"),
	});
};

/** What goes with groups when they are deleted. */
async function losses(at: Within, groups: readonly Entry[]): Promise<Loss[]> {
	const sum = { members: 0, aliases: 0, permissions: 0, groups: 0 };
	for (const { id, email } of groups) {
		sum.members += (await membersOf(at, id, { Offset: 0, MaxResults: 1 })).total ?? 0;
		sum.aliases += (await aliasesOf(at, id)).length + (email ? 1 : 0);
		sum.groups += (await groupsOf(at, id)).length;
		sum.permissions += (await permissionsOf(at, id)).length;
	}
	return [
		[sum.members, t("lostMembers", { count: sum.members })],
		[sum.aliases, t("lostAliases", { count: sum.aliases })],
		[sum.permissions, t("lostPermissions", { count: sum.permissions })],
		[sum.groups, t("lostGroups", { count: sum.groups })],
	];
}
