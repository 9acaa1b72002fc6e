import SpaceBetween from "@cloudscape-design/components/space-between";
import { callWithTag } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, EntryPeople, membersOf, useDirectory } from "@postroom/ui";
import type { Part } from "./page.tsx";
import { t } from "./words.ts";

/** The members; groups among them open in place. */
export default function Members({ at, id, seen }: Part) {
	const { region, org } = at;
	const name = seen.output.Name ?? "";
	const { fixed } = useDirectory(at);
	const about = { OrganizationId: org, GroupId: id };
	return (
		<SpaceBetween size="l">
			<EntryPeople
				at={at}
				id={id}
				etag={seen.etag}
				fixed={fixed}
				name={name}
				words={{
					header: t("members"),
					help: t("membersHelp"),
					empty: t("membersEmpty"),
					add: t("membersAdd"),
					addHeader: t("addHeader", { name }),
					added: (count) => t("added", { count, name }),
					there: t("addThere"),
					self: t("addSelf"),
					contains: t("addContains", { name }),
					removeHeader: (count) => t("removeHeader", { count, name }),
					removeHelp: (names) => t("removeMembersHelp", { names }),
					removed: (count) => t("removed", { count, name }),
				}}
				read={(input, signal) => membersOf(at, id, input, signal)}
				add={
					may("AssociateMemberToGroup")
						? ({ id: MemberId }, ifMatch) =>
								callWithTag("AssociateMemberToGroup", { ...about, MemberId }, { region, ifMatch })
						: undefined
				}
				remove={
					may("DisassociateMemberFromGroup")
						? ({ id: MemberId }, ifMatch) =>
								callWithTag("DisassociateMemberFromGroup", { ...about, MemberId }, { region, ifMatch })
						: undefined
				}
			/>
			<CliHint
				commands={[
					cliCommand(region, "FindGroupMembers", about),
					cliCommand(region, "AssociateMemberToGroup", { ...about, MemberId: "USER_OR_GROUP" }),
				]}
			/>
		</SpaceBetween>
	);
}
