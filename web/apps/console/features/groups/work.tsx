import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { addressProblem, call, proposeAddresses, verifiedDomains, type Within } from "@postroom/api";
import { may } from "@postroom/session";
import { type Entry, type EntryWork, ErrorBox } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { losses } from "./data.ts";
import { t } from "./words.ts";

/** Enable, disable and delete groups. With an etag, only the revision that was seen. */
export function useGroupWork(at: Within, etag?: string, done?: EntryWork["done"]): EntryWork {
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
		remove: may("DeleteGroup") ? (id) => call("DeleteGroup", { OrganizationId: org, GroupId: id }, options) : undefined,
		disableHelp: (entries) => t(entries.length === 1 ? "disableHelp" : "disableHelpMany"),
		removeHelp: (entries) => <Lost at={at} entries={entries} />,
		changed: () => client.invalidateQueries({ queryKey: [region, org] }),
		...(done ? { done } : {}),
	};
}

/** What deleting destroys, in numbers. */
function Lost({ at, entries }: { at: Within; entries: readonly Entry[] }) {
	const lost = useQuery({
		queryKey: ["group-losses", at.region, at.org, entries.map((e) => e.id)],
		queryFn: () => losses(at, entries),
		gcTime: 0,
	});
	if (lost.error) return <ErrorBox error={lost.error} again={() => void lost.refetch()} />;
	if (!lost.data) return <StatusIndicator type="loading">{t("counting")}</StatusIndicator>;
	const { members, aliases, permissions, groups } = lost.data;
	const withPrimary = aliases + entries.filter((e) => e.email).length;
	return (
		<SpaceBetween size="xs">
			<Box>{t("removeHelp")}</Box>
			<ul>
				<li>{t("lostMembers", { count: members })}</li>
				<li>{t("lostAliases", { count: withPrimary })}</li>
				<li>{t("lostPermissions", { count: permissions })}</li>
				<li>{t("lostGroups", { count: groups })}</li>
			</ul>
			<Box color="text-body-secondary">{t("lostKept")}</Box>
		</SpaceBetween>
	);
}
