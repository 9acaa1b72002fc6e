import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, findPeople, nameOf } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, type Granted, href, Link, PermissionsEditor, titleOf } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { permissionsOn } from "./data.ts";
import type { PartProps } from "./page.tsx";
import { t } from "./words.ts";

/** Who may send as the group. */
export default function Permissions({ region, org, id, seen }: PartProps) {
	const at = { region, org };
	const client = useQueryClient();
	const read = useQuery({
		queryKey: [region, org, "permissions", id],
		queryFn: async () => {
			const { list, etag } = await permissionsOn(at, id);
			const granted: Granted[] = [];
			// The list answers ids: the names are asked eight at a time.
			for (let i = 0; i < list.length; i += 8)
				granted.push(
					...(await Promise.all(
						list.slice(i, i + 8).map(async (p) => ({ ...p, who: await nameOf(at, p.GranteeId, p.GranteeType) })),
					)),
				);
			return { granted, etag };
		},
	});
	const ifMatch = read.data?.etag ?? "";
	return (
		<SpaceBetween size="l">
			<PermissionsEditor
				owner={seen.group.Name ?? ""}
				description={t("permissionsHelp")}
				rights={["SEND_AS", "SEND_ON_BEHALF"]}
				granted={read.data?.granted}
				error={read.error}
				again={() => void read.refetch()}
				link={(who) => (
					<Link href={href(region, "o", org, who.kind === "GROUP" ? "groups" : "users", who.id)}>{titleOf(who)}</Link>
				)}
				find={(text, signal) => findPeople(at, text, ["USER", "GROUP"], signal)}
				excluded={(c) => (c.id === id ? t("addSelf") : undefined)}
				onPut={
					may("PutMailboxPermissions")
						? (GranteeId, PermissionValues, first) =>
								call(
									"PutMailboxPermissions",
									{ OrganizationId: org, EntityId: id, GranteeId, PermissionValues },
									{ region, ...(first ? { ifMatch } : {}) },
								)
						: undefined
				}
				onRemove={
					may("DeleteMailboxPermissions")
						? (GranteeId) =>
								call("DeleteMailboxPermissions", { OrganizationId: org, EntityId: id, GranteeId }, { region, ifMatch })
						: undefined
				}
				changed={() => client.invalidateQueries({ queryKey: [region, org] })}
			/>
			<CliHint
				commands={[
					cliCommand(region, "ListMailboxPermissions", { OrganizationId: org, EntityId: id }),
					cliCommand(region, "PutMailboxPermissions", {
						OrganizationId: org,
						EntityId: id,
						GranteeId: "USER_OR_GROUP",
						PermissionValues: ["SEND_AS"],
					}),
				]}
			/>
		</SpaceBetween>
	);
}
