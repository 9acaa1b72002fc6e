import SpaceBetween from "@cloudscape-design/components/space-between";
import type { PermissionType } from "@postroom/api";
import { CliHint, cliCommand, EntryPermissions } from "@postroom/ui";
import { Held } from "./held.tsx";
import { kindOf, type Seen, titleOf, type Where } from "./user.ts";
import { t } from "./words.ts";

const all: readonly PermissionType[] = ["FULL_ACCESS", "SEND_AS", "SEND_ON_BEHALF"];

/** The tab Permissions: who may do what with this user's mailbox and name, and what the user holds elsewhere. */
export default function Permissions({ where, seen }: { where: Where; seen: Seen }) {
	const { region, org } = where;
	const id = seen.user.UserId ?? where.id;
	return (
		<SpaceBetween size="l">
			<EntryPermissions
				at={where}
				id={id}
				owner={titleOf(seen.user)}
				description={t("permissionsHelp")}
				rights={kindOf(seen.user).remote ? all.slice(1) : all}
			/>
			<Held where={where} id={id} />
			<CliHint commands={[cliCommand(region, "ListHeldPermissions", { OrganizationId: org, EntityId: id })]} />
		</SpaceBetween>
	);
}
