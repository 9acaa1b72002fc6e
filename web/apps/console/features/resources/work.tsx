import { aliasesOf, call, permissionsOf, type Within } from "@postroom/api";
import { formatDay } from "@postroom/i18n";
import { may } from "@postroom/session";
import { type Entry, type EntryWork, type Loss, useEntryWork } from "@postroom/ui";
import { delegateCount } from "./data.ts";
import { t } from "./words.ts";

/** How long the mailbox of what is disabled is kept. */
const keptFor = 30 * 24 * 3600 * 1000; // ms

/** Enable, disable and delete resources. */
export const useResourceWork = (at: Within): EntryWork =>
	useEntryWork(at, {
		called: (count) => t("called", { count }),
		remove: may("DeleteResource")
			? (e, options) => call("DeleteResource", { OrganizationId: at.org, ResourceId: e.id }, options)
			: undefined,
		disableHelp: () => t("disableHelp", { date: formatDay(new Date(Date.now() + keptFor)) }),
		losses: (entries) => losses(at, entries),
	});

/** What goes with resources when they are deleted. */
async function losses(at: Within, resources: readonly Entry[]): Promise<Loss[]> {
	const sum = { aliases: 0, delegates: 0, permissions: 0 };
	for (const { id, email } of resources) {
		sum.aliases += (await aliasesOf(at, id)).length + (email ? 1 : 0);
		sum.delegates += await delegateCount(at, id);
		sum.permissions += (await permissionsOf(at, id)).length;
	}
	return [
		[resources.length, t("lostCalendar", { count: resources.length })],
		[sum.aliases, t("lostAliases", { count: sum.aliases })],
		[sum.delegates, t("lostDelegates", { count: sum.delegates })],
		[sum.permissions, t("lostPermissions", { count: sum.permissions })],
	];
}
