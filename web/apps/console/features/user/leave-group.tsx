import Box from "@cloudscape-design/components/box";
import { call, type GroupIdentifier } from "@postroom/api";
import { CliHint, cliCommand, Dialog, notify, useProblem } from "@postroom/ui";
import { type Seen, titleOf, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

/** Takes the user out of a group, after saying what that means. */
export default function LeaveGroup(props: { where: Where; seen: Seen; group: GroupIdentifier; close: () => void }) {
	const { region, org } = props.where;
	const refresh = useRefresh(props.where);
	const problem = useProblem();
	const words = { name: titleOf(props.seen.user), group: props.group.GroupName ?? "" };
	const input = {
		OrganizationId: org,
		GroupId: props.group.GroupId ?? "",
		MemberId: props.seen.user.UserId ?? props.where.id,
	};
	const leave = async () => {
		problem.clear();
		try {
			await call("DisassociateMemberFromGroup", input, { region });
			await refresh();
			notify({ type: "success", content: t("groupRemoved", words) });
			props.close();
		} catch (error) {
			problem.fail(error);
		}
	};
	return (
		<Dialog
			header={t("groupRemove", words)}
			button={t("remove")}
			problem={problem.rest}
			act={leave}
			close={props.close}
		>
			<Box>{t("groupRemoveHelp", words)}</Box>
			<CliHint commands={[cliCommand(region, "DisassociateMemberFromGroup", input)]} />
		</Dialog>
	);
}
