import Box from "@cloudscape-design/components/box";
import { call, callWithTag, type GroupIdentifier } from "@postroom/api";
import { CliHint, cliCommand, Dialog, isConflict, notify, useProblem } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
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
	/** The group as it was when this was asked. */
	const group = useQuery({
		queryKey: [region, org, "group to leave", input.GroupId],
		queryFn: () => callWithTag("DescribeGroup", { OrganizationId: org, GroupId: input.GroupId }, { region }),
		staleTime: 0,
		gcTime: 0,
	});
	const leave = async () => {
		problem.clear();
		try {
			// One that cannot be read is refused with the reason.
			const { etag } = group.data ?? (await group.refetch({ throwOnError: true })).data ?? {};
			await call("DisassociateMemberFromGroup", input, { region, ifMatch: etag });
			await refresh();
			notify({ type: "success", content: t("groupRemoved", words) });
			props.close();
		} catch (error) {
			if (isConflict(error)) await refresh();
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
