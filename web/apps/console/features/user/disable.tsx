import Box from "@cloudscape-design/components/box";
import { call } from "@postroom/api";
import { formatDay } from "@postroom/i18n";
import { CliHint, cliCommand, Dialog, isConflict, notify, useProblem } from "@postroom/ui";
import { keptUntil, kindOf, type Seen, titleOf, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

/** Locks a user out, after saying so, and until when the mailbox is kept. */
export default function Disable({ where, seen, close }: { where: Where; seen: Seen; close: () => void }) {
	const { region, org } = where;
	const name = titleOf(seen.user);
	const refresh = useRefresh(where);
	const problem = useProblem();
	const input = { OrganizationId: org, EntityId: seen.user.UserId ?? where.id };
	const disable = async () => {
		problem.clear();
		try {
			await call("DeregisterFromWorkMail", input, { region, ifMatch: seen.tag });
			await refresh();
			notify({ type: "success", content: t("disabledDone", { name }) });
			close();
		} catch (error) {
			if (isConflict(error)) await refresh();
			problem.fail(error);
		}
	};
	return (
		<Dialog header={t("disableOf", { name })} button={t("disable")} problem={problem.rest} act={disable} close={close}>
			<Box>
				{kindOf(seen.user).remote
					? t("disableRemoteHelp")
					: t("disableHelp", { date: formatDay(keptUntil(new Date())) })}
			</Box>
			<CliHint commands={[cliCommand(region, "DeregisterFromWorkMail", input)]} />
		</Dialog>
	);
}
