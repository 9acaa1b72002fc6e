import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { addressProblem, call, proposeAddresses, verifiedDomains, type Within } from "@postroom/api";
import { formatDay } from "@postroom/i18n";
import { may } from "@postroom/session";
import { type Entry, type EntryWork, ErrorBox } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { losses } from "./data.ts";
import { t } from "./words.ts";

/** How long the mailbox of what is disabled is kept. */
const keptFor = 30 * 24 * 3600 * 1000; // ms

/** Enable, disable and delete resources. With an etag, only the revision that was seen. */
export function useResourceWork(at: Within, etag?: string, done?: EntryWork["done"]): EntryWork {
	const client = useQueryClient();
	const { region, org } = at;
	const options = { region, ...(etag ? { ifMatch: etag } : {}) };
	return {
		called: (count) => t("called", { count }),
		domains: () => verifiedDomains(at),
		propose: (ids) => proposeAddresses(at, ids),
		check: (email, id) => addressProblem(at, email, id),
		enable: may("RegisterToWorkMail")
			? (id, Email) => call("RegisterToWorkMail", { OrganizationId: org, EntityId: id, Email }, options)
			: undefined,
		disable: may("DeregisterFromWorkMail")
			? (id) => call("DeregisterFromWorkMail", { OrganizationId: org, EntityId: id }, options)
			: undefined,
		remove: may("DeleteResource")
			? (id) => call("DeleteResource", { OrganizationId: org, ResourceId: id }, options)
			: undefined,
		disableHelp: () => t("disableHelp", { date: formatDay(new Date(Date.now() + keptFor)) }),
		removeHelp: (entries) => <Lost at={at} entries={entries} />,
		changed: () => client.invalidateQueries({ queryKey: [region, org] }),
		...(done ? { done } : {}),
	};
}

/** What deleting destroys, in numbers. */
function Lost({ at, entries }: { at: Within; entries: readonly Entry[] }) {
	const lost = useQuery({
		queryKey: ["resource-losses", at.region, at.org, entries.map((e) => e.id)],
		queryFn: () => losses(at, entries),
		gcTime: 0,
	});
	if (lost.error) return <ErrorBox error={lost.error} again={() => void lost.refetch()} />;
	if (!lost.data) return <StatusIndicator type="loading">{t("counting")}</StatusIndicator>;
	return (
		<SpaceBetween size="xs">
			<Box>{t("removeHelp")}</Box>
			<ul>
				<li>{t("lostCalendar", { count: entries.length })}</li>
				<li>{t("lostAliases", { count: lost.data.aliases })}</li>
				<li>{t("lostDelegates", { count: lost.data.delegates })}</li>
			</ul>
		</SpaceBetween>
	);
}
