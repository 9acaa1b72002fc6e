import type { DescribeGroupResponse } from "@postroom/api";
import { EntryPage, type EntryPart, EntryPermissions, late } from "@postroom/ui";
import { groups } from "./find.ts";
import { t } from "./words.ts";
import { useGroupWork } from "./work.tsx";

export type Part = EntryPart<DescribeGroupResponse>;

const General = late(() => import("./general.tsx"));
const Members = late(() => import("./members.tsx"));
const MemberOf = late(() => import("./member-of.tsx"));

/** One group: what it is, who is in it, who may send as it. */
export default function GroupPage({ region, org, id }: { region: string; org: string; id: string }) {
	const at = { region, org };
	return (
		<EntryPage
			at={at}
			id={id}
			kind={groups}
			words={{ title: t("title"), gone: t("gone"), goneHelp: t("goneHelp"), toList: t("toGroups") }}
			idOf={(group) => group.GroupId}
			work={useGroupWork(at)}
			tabs={(part) => [
				{ id: "general", label: t("general"), content: <General {...part} /> },
				{ id: "members", label: t("members"), content: <Members {...part} /> },
				{
					id: "permissions",
					label: t("permissions"),
					content: (
						<EntryPermissions
							at={at}
							id={part.id}
							owner={part.seen.output.Name ?? ""}
							description={t("permissionsHelp")}
							rights={["SEND_AS", "SEND_ON_BEHALF"]}
						/>
					),
				},
				{ id: "memberOf", label: t("memberOf"), content: <MemberOf {...part} /> },
			]}
		/>
	);
}
