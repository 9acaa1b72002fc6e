import { type Candidate, callWithTag, groupsOf } from "@postroom/api";
import { AddPeople, isConflict, tagOf } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { type Seen, titleOf, type Where } from "./user.ts";
import { t } from "./words.ts";

/** Adds the user to groups that are looked for and chosen. */
export default function JoinGroups({ where, seen, close }: { where: Where; seen: Seen; close: () => void }) {
	const { region, org } = where;
	const MemberId = seen.user.UserId ?? where.id;
	const name = titleOf(seen.user);
	const has = useQuery({
		queryKey: [region, org, "user", where.id, "groups", "ids"],
		queryFn: async () => new Set((await groupsOf(where, MemberId)).map((g) => g.GroupId ?? "")),
	});
	/** What groups were when it was said that another had changed them: the next try is about that. */
	const told = useRef(new Map<string, string>());
	const add = async ({ id: GroupId, revision }: Candidate) => {
		const about = { OrganizationId: org, GroupId };
		const ifMatch = told.current.get(GroupId) ?? tagOf(revision);
		try {
			return await callWithTag("AssociateMemberToGroup", { ...about, MemberId }, { region, ifMatch });
		} catch (error) {
			if (isConflict(error)) {
				// Of one that cannot be read there is none newer.
				const now = await callWithTag("DescribeGroup", about, { region }).catch(() => undefined);
				if (now) told.current.set(GroupId, now.etag);
			}
			throw error;
		}
	};
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
			add={add}
			close={close}
		/>
	);
}
