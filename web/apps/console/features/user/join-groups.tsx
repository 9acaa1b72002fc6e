import { call, pages } from "@postroom/api";
import { AddPeople } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { type Seen, titleOf, type Where } from "./user.ts";
import { t } from "./words.ts";

/** Adds the user to groups that are looked for and chosen. */
export default function JoinGroups({ where, seen, close }: { where: Where; seen: Seen; close: () => void }) {
	const { region, org } = where;
	const MemberId = seen.user.UserId ?? where.id;
	const name = titleOf(seen.user);
	const has = useQuery({
		queryKey: [region, org, "user", where.id, "groups", "ids"],
		queryFn: async () => {
			const about = { OrganizationId: org, EntityId: MemberId, MaxResults: 100 };
			const ids = new Set<string>();
			for await (const page of pages((NextToken) => call("ListGroupsForEntity", { ...about, NextToken }, { region })))
				for (const g of page.Groups ?? []) ids.add(g.GroupId ?? "");
			return ids;
		},
	});
	return (
		<AddPeople
			at={where}
			id={MemberId}
			groups
			words={{
				addHeader: t("groupsAddOf", { name }),
				added: (count) => t("groupsAdded", { name, count }),
				there: t("groupsHas"),
			}}
			there={has.data ?? new Set()}
			add={(GroupId) => call("AssociateMemberToGroup", { OrganizationId: org, GroupId, MemberId }, { region })}
			close={close}
		/>
	);
}
