import Box from "@cloudscape-design/components/box";
import { call, type HeldPermission } from "@postroom/api";
import { href, Link } from "@postroom/ui";
import { PagedTable, rows, usePaged } from "./paged.tsx";
import type { Where } from "./user.ts";
import { t } from "./words.ts";

const folders = { USER: "users", GROUP: "groups", RESOURCE: "resources" } as const;

/** What the user may do with others' mailboxes and names, also through groups. */
export function Held({ where, id }: { where: Where; id: string }) {
	const { region, org } = where;
	const input = { OrganizationId: org, EntityId: id };
	const list = usePaged<HeldPermission>("held", [region, org, "user", where.id, "held"], async (NextToken, signal) => {
		const page = await call("ListHeldPermissions", { ...input, NextToken, MaxResults: rows }, { region, signal });
		return { items: page.Permissions ?? [], next: page.NextToken };
	});
	return (
		<PagedTable<HeldPermission>
			header={t("held")}
			description={t("heldHelp")}
			list={list}
			id={(p) => `${p.EntityId} ${p.GranteeId}`}
			empty={t("heldNone")}
			columns={[
				{
					id: "owner",
					header: t("heldOwner"),
					isRowHeader: true,
					cell: (p) => (
						<>
							<Link href={href(region, "o", org, folders[p.EntityType ?? "USER"], p.EntityId ?? "")}>
								{p.DisplayName || p.EntityName}
							</Link>
							<Box color="text-body-secondary" fontSize="body-s">
								{p.Email || t("noAddress")}
							</Box>
						</>
					),
				},
				{
					id: "rights",
					header: t("tab.permissions"),
					cell: (p) => (p.PermissionValues ?? []).map((v) => t(v)).join(", "),
				},
				{
					id: "by",
					header: t("heldBy"),
					cell: (p) =>
						p.GranteeId === id ? (
							t("heldDirectly")
						) : (
							<Link href={href(region, "o", org, "groups", p.GranteeId ?? "")}>{p.GranteeName}</Link>
						),
				},
			]}
		/>
	);
}
