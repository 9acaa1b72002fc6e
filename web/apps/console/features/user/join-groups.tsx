import { type Candidate, call, findPeople, pages } from "@postroom/api";
import { CliHint, cliCommand, Dialog, notify, PeoplePicker, useProblem } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Seen, titleOf, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

/** So many groups at once. */
const most = 20;

/** Adds the user to groups that are looked for and chosen. */
export default function JoinGroups({ where, seen, close }: { where: Where; seen: Seen; close: () => void }) {
	const { region, org } = where;
	const MemberId = seen.user.UserId ?? where.id;
	const name = titleOf(seen.user);
	const refresh = useRefresh(where);
	const [chosen, setChosen] = useState<Candidate[]>([]);
	const problem = useProblem();
	const has = useQuery({
		queryKey: [region, org, "user", where.id, "groups", "ids"],
		queryFn: async () => {
			const ids = new Set<string>();
			for await (const page of pages((NextToken) =>
				call(
					"ListGroupsForEntity",
					{ OrganizationId: org, EntityId: MemberId, NextToken, MaxResults: 100 },
					{ region },
				),
			))
				for (const g of page.Groups ?? []) ids.add(g.GroupId ?? "");
			return ids;
		},
	});
	const input = (GroupId: string) => ({ OrganizationId: org, GroupId, MemberId });

	const add = async () => {
		problem.clear();
		let left = chosen;
		try {
			// Those that were done leave the choice, so that another try goes on where this one ended.
			for (const group of chosen) {
				await call("AssociateMemberToGroup", input(group.id), { region });
				left = left.filter((g) => g !== group);
			}
			await refresh();
			notify({ type: "success", content: t("groupsAdded", { name, count: chosen.length }) });
			close();
		} catch (error) {
			setChosen(left);
			await refresh();
			problem.fail(error);
		}
	};
	return (
		<Dialog
			header={t("groupsAddOf", { name })}
			button={t("add")}
			problem={problem.rest}
			act={add}
			close={close}
			blocked={chosen.length === 0}
			size="large"
		>
			<PeoplePicker
				find={(text, signal) => findPeople(where, text, ["GROUP"], signal)}
				chosen={chosen}
				onChange={setChosen}
				most={most}
				hint={t("groupsFind")}
				excluded={(c) => (has.data?.has(c.id) ? t("groupsHas") : undefined)}
			/>
			<CliHint commands={chosen.map((g) => cliCommand(region, "AssociateMemberToGroup", input(g.id)))} />
		</Dialog>
	);
}
