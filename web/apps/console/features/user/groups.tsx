import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, type GroupIdentifier } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, href, Link, lateDialog, useDirectory } from "@postroom/ui";
import { useState } from "react";
import { PagedTable, rows, usePaged } from "./paged.tsx";
import { kindOf, type Seen, type Where } from "./user.ts";
import { t } from "./words.ts";

const JoinGroups = lateDialog(() => import("./join-groups.tsx"));
const LeaveGroup = lateDialog(() => import("./leave-group.tsx"));

/** The tab Groups: those that the user is a member of, directly. */
export default function Groups({ where, seen }: { where: Where; seen: Seen }) {
	const { region, org } = where;
	const id = seen.user.UserId ?? where.id;
	const [joining, setJoining] = useState(false);
	const [leaving, setLeaving] = useState<GroupIdentifier>();
	const input = { OrganizationId: org, EntityId: id };
	const list = usePaged<GroupIdentifier>(
		"groups",
		[region, org, "user", where.id, "groups"],
		async (NextToken, signal) => {
			const page = await call("ListGroupsForEntity", { ...input, NextToken, MaxResults: rows }, { region, signal });
			return { items: page.Groups ?? [], next: page.NextToken };
		},
	);
	const { fixed } = useDirectory(where);
	const changes = !kindOf(seen.user).system;
	return (
		<SpaceBetween size="l">
			<PagedTable<GroupIdentifier>
				header={t("groups")}
				description={t("groupsHelp")}
				list={list}
				id={(g) => g.GroupId ?? ""}
				empty={t("groupsNone")}
				actions={
					changes &&
					may("AssociateMemberToGroup") && (
						<Button disabled={fixed !== undefined} disabledReason={fixed} onClick={() => setJoining(true)}>
							{t("groupsAdd")}
						</Button>
					)
				}
				columns={[
					{
						id: "name",
						header: t("group"),
						isRowHeader: true,
						cell: (g) => <Link href={href(region, "o", org, "groups", g.GroupId ?? "")}>{g.GroupName}</Link>,
					},
					{ id: "id", header: t("groupId"), cell: (g) => g.GroupId },
					...(changes && !fixed && may("DisassociateMemberFromGroup")
						? [
								{
									id: "actions",
									header: t("actions"),
									minWidth: 120,
									cell: (g: GroupIdentifier) => (
										<Button
											variant="inline-link"
											ariaLabel={t("groupRemoveOf", { group: g.GroupName ?? "" })}
											onClick={() => setLeaving(g)}
										>
											{t("remove")}
										</Button>
									),
								},
							]
						: []),
				]}
			/>
			<CliHint
				commands={[
					cliCommand(region, "ListGroupsForEntity", input),
					cliCommand(region, "AssociateMemberToGroup", { OrganizationId: org, GroupId: "GROUP", MemberId: id }),
				]}
			/>
			{joining && <JoinGroups where={where} seen={seen} close={() => setJoining(false)} />}
			{leaving && <LeaveGroup where={where} seen={seen} group={leaving} close={() => setLeaving(undefined)} />}
		</SpaceBetween>
	);
}
