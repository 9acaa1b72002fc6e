import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, callWithTag, findPeople, nameOf, type Permission, type PermissionType } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, type Granted, href, isConflict, Link, PermissionsEditor, titleOf } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { Held } from "./held.tsx";
import { kindOf, titleOf as nameOfUser, type Seen, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

/** The permissions on a mailbox, with the revision that they have together. */
interface Read {
	list: Permission[];
	tag: string;
}

async function read({ region, org, id }: Where, signal?: AbortSignal): Promise<Read> {
	const list: Permission[] = [];
	let tag = "";
	for (let NextToken: string | undefined; ; ) {
		const input = { OrganizationId: org, EntityId: id, NextToken, MaxResults: 100 };
		const { output, etag } = await callWithTag("ListMailboxPermissions", input, {
			region,
			...(signal ? { signal } : {}),
		});
		// The first page's revision: what changed while the others were read is a conflict.
		tag ||= etag;
		list.push(...(output.Permissions ?? []));
		NextToken = output.NextToken;
		if (!NextToken) return { list, tag };
	}
}

/** So many names are asked for at once; the list answers only ids. */
const atOnce = 8;

async function readNamed(where: Where, signal: AbortSignal): Promise<{ list: Granted[]; tag: string }> {
	const { list, tag } = await read(where, signal);
	const named: Granted[] = [];
	for (let i = 0; i < list.length; i += atOnce)
		named.push(
			...(await Promise.all(
				list.slice(i, i + atOnce).map(async (p) => ({ ...p, who: await nameOf(where, p.GranteeId, p.GranteeType) })),
			)),
		);
	return { list: named, tag };
}

const valuesOf = (list: readonly Permission[] | undefined, grantee: string): readonly PermissionType[] =>
	[...(list?.find((p) => p.GranteeId === grantee)?.PermissionValues ?? [])].sort();

const all: readonly PermissionType[] = ["FULL_ACCESS", "SEND_AS", "SEND_ON_BEHALF"];

/** The tab Permissions: who may do what with this user's mailbox and name. */
export default function Permissions({ where, seen }: { where: Where; seen: Seen }) {
	const { region, org } = where;
	const EntityId = seen.user.UserId ?? where.id;
	const kind = kindOf(seen.user);
	const refresh = useRefresh(where);
	const granted = useQuery({
		queryKey: [region, org, "user", where.id, "permissions"],
		queryFn: ({ signal }) => readNamed({ region, org, id: EntityId }, signal),
	});

	/**
	 * Changes what a grantee has, against what was shown. Where only others'
	 * permissions were changed meanwhile it goes on; else it says what is there now.
	 */
	const change = async (grantee: string, act: (ifMatch: string) => Promise<unknown>) => {
		for (let tag = granted.data?.tag ?? ""; ; ) {
			try {
				await act(tag);
				return;
			} catch (error) {
				if (!isConflict(error)) throw error;
				const newest = await read({ region, org, id: EntityId });
				const now = valuesOf(newest.list, grantee);
				if (String(now) !== String(valuesOf(granted.data?.list, grantee))) {
					const words = now.length === 0 ? t("nothing") : now.map((v) => t(v)).join(", ");
					throw new Error(t("permissionsChanged", { now: words }));
				}
				tag = newest.tag;
			}
		}
	};
	const put = (GranteeId: string, PermissionValues: PermissionType[]) =>
		change(GranteeId, (ifMatch) =>
			call(
				"PutMailboxPermissions",
				{ OrganizationId: org, EntityId, GranteeId, PermissionValues },
				{ region, ifMatch },
			),
		);
	const remove = (GranteeId: string) =>
		change(GranteeId, (ifMatch) =>
			call("DeleteMailboxPermissions", { OrganizationId: org, EntityId, GranteeId }, { region, ifMatch }),
		);
	const input = { OrganizationId: org, EntityId };
	return (
		<SpaceBetween size="l">
			<PermissionsEditor
				owner={nameOfUser(seen.user)}
				description={t("permissionsHelp")}
				rights={kind.remote ? all.slice(1) : all}
				granted={granted.data?.list}
				error={granted.error}
				again={() => void granted.refetch()}
				link={(who) => (
					<Link href={href(region, "o", org, who.kind === "GROUP" ? "groups" : "users", who.id)}>{titleOf(who)}</Link>
				)}
				find={(text, signal) => findPeople(where, text, ["USER", "GROUP"], signal)}
				excluded={(c) => (c.id === EntityId ? t("granteeSelf") : undefined)}
				onPut={may("PutMailboxPermissions") ? put : undefined}
				onRemove={may("DeleteMailboxPermissions") ? remove : undefined}
				changed={refresh}
			/>
			<Held where={where} id={EntityId} />
			<CliHint
				commands={[
					cliCommand(region, "ListMailboxPermissions", input),
					cliCommand(region, "PutMailboxPermissions", {
						...input,
						GranteeId: "USER_OR_GROUP",
						PermissionValues: [...all],
					}),
					cliCommand(region, "ListHeldPermissions", input),
				]}
			/>
		</SpaceBetween>
	);
}
