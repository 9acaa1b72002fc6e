import SpaceBetween from "@cloudscape-design/components/space-between";
import { callWithTag, findPeople, type PermissionType, type Within } from "@postroom/api";
import { may } from "@postroom/session";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { CliHint } from "./cli.tsx";
import { cliCommand } from "./cli-command.ts";
import { isConflict } from "./draft.ts";
import { t } from "./permission-words.ts";
import { type Granted, PermissionsEditor } from "./permissions.tsx";
import { personLink } from "./person.tsx";

interface Grants {
	list: Granted[];
	/** The first page's revision: what changed while the others were read is a conflict. */
	etag: string;
}

async function readGrants({ region, org }: Within, EntityId: string, signal?: AbortSignal): Promise<Grants> {
	const list: Granted[] = [];
	let etag = "";
	for (let NextToken: string | undefined; ; ) {
		const input = { OrganizationId: org, EntityId, NextToken, MaxResults: 100 };
		const read = await callWithTag("FindPermissions", input, { region, signal });
		etag ||= read.etag;
		for (const p of read.output.Permissions ?? [])
			list.push({
				who: {
					id: p.GranteeId ?? "",
					name: p.GranteeName || p.GranteeId || "",
					title: p.DisplayName,
					email: p.Email,
					kind: p.GranteeType === "GROUP" ? "GROUP" : "USER",
					state: p.State ?? "DISABLED",
				},
				values: p.PermissionValues ?? [],
			});
		NextToken = read.output.NextToken;
		if (!NextToken) return { list, etag };
	}
}

const valuesOf = (grants: Grants | undefined, grantee: string): readonly PermissionType[] =>
	[...(grants?.list.find((p) => p.who.id === grantee)?.values ?? [])].sort();

/** The tab Permissions: who may use the mailbox of a user or resource, or send as it or as a group. */
export function EntryPermissions(props: {
	at: Within;
	id: string;
	/** How the entry is called. */
	owner: string;
	description: string;
	/** What can be given here. */
	rights: readonly PermissionType[];
}) {
	const { at, id } = props;
	const { region, org } = at;
	const client = useQueryClient();
	const grants = useQuery({
		queryKey: [region, org, "permissions", id],
		queryFn: ({ signal }) => readGrants(at, id, signal),
	});
	const about = { OrganizationId: org, EntityId: id };
	/** The revision that the last change of those that are shown made: the next one needs no read. */
	const made = useRef({ of: grants.data, etag: "" });
	/**
	 * Changes what a grantee has, against what was shown. Where only others'
	 * permissions were changed meanwhile it goes on; else it says what is there now.
	 */
	const change = async (grantee: string, act: (ifMatch: string) => Promise<string>) => {
		for (let ifMatch = (made.current.of === grants.data && made.current.etag) || (grants.data?.etag ?? ""); ; ) {
			try {
				made.current = { of: grants.data, etag: await act(ifMatch) };
				return;
			} catch (error) {
				if (!isConflict(error)) throw error;
				const newest = await readGrants(at, id);
				const now = valuesOf(newest, grantee);
				if (String(now) !== String(valuesOf(grants.data, grantee)))
					throw new Error(t("changed", { now: now.length === 0 ? t("nothing") : now.map((v) => t(v)).join(", ") }), {
						cause: error,
					});
				ifMatch = newest.etag;
			}
		}
	};
	const put = (GranteeId: string, PermissionValues: PermissionType[]) =>
		change(GranteeId, async (ifMatch) => {
			const input = { ...about, GranteeId, PermissionValues };
			return (await callWithTag("PutMailboxPermissions", input, { region, ifMatch })).etag;
		});
	const remove = (GranteeId: string) =>
		change(GranteeId, async (ifMatch) => {
			return (await callWithTag("DeleteMailboxPermissions", { ...about, GranteeId }, { region, ifMatch })).etag;
		});
	return (
		<SpaceBetween size="l">
			<PermissionsEditor
				owner={props.owner}
				description={props.description}
				rights={props.rights}
				granted={grants.data?.list}
				loading={grants.isFetching}
				error={grants.error}
				again={() => void grants.refetch()}
				link={personLink(at)}
				find={(text, signal) => findPeople(at, text, ["USER", "GROUP"], signal)}
				excluded={(c) => (c.id === id ? t(props.rights.includes("FULL_ACCESS") ? "selfMailbox" : "self") : undefined)}
				onPut={may("PutMailboxPermissions") ? put : undefined}
				onRemove={may("DeleteMailboxPermissions") ? remove : undefined}
				changed={() => client.invalidateQueries({ queryKey: [region, org] })}
			/>
			<CliHint
				commands={[
					cliCommand(region, "ListMailboxPermissions", about),
					cliCommand(region, "PutMailboxPermissions", {
						...about,
						GranteeId: "USER_OR_GROUP",
						PermissionValues: [...props.rights],
					}),
				]}
			/>
		</SpaceBetween>
	);
}
