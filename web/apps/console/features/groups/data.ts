import {
	aliasesOf,
	call,
	callWithTag,
	type DescribeGroupResponse,
	type EntitySortField,
	type EntityState,
	type Group,
	type Permission,
	pages,
	verifiedDomains,
	type Within,
} from "@postroom/api";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

/** What the list is asked for. */
export interface Asked {
	text: string;
	state: string;
	sort: string;
	descending: boolean;
	page: number;
	size: number;
}

/** The same for the call and for the command. */
export const findInput = (org: string, a: Asked) => ({
	OrganizationId: org,
	...(a.text ? { Query: a.text } : {}),
	States: (a.state ? [a.state] : ["ENABLED", "DISABLED"]) as EntityState[],
	SortBy: a.sort as EntitySortField,
	...(a.descending ? { Descending: true } : {}),
	...(a.page > 1 ? { Offset: (a.page - 1) * a.size } : {}),
	MaxResults: a.size,
});

/** One page of the groups; what is shown stays until the next page is here. */
export function useGroups({ region, org }: Within, asked: Asked) {
	return useQuery({
		queryKey: [region, org, "groups", asked],
		queryFn: ({ signal }) => call("FindGroups", findInput(org, asked), { region, signal }),
		placeholderData: (previous) => previous,
	});
}

/** A group with its revision. */
export interface Seen {
	group: DescribeGroupResponse;
	etag: string;
}

export function useGroup({ region, org }: Within, id: string) {
	return useQuery({
		queryKey: [region, org, "group", id],
		queryFn: async ({ signal }): Promise<Seen> => {
			const read = await callWithTag("DescribeGroup", { OrganizationId: org, GroupId: id }, { region, signal });
			return { group: read.output, etag: read.etag };
		},
	});
}

export function useAliases({ region, org }: Within, id: string) {
	return useQuery({
		queryKey: [region, org, "aliases", id],
		queryFn: () => aliasesOf({ region, org }, id),
	});
}

export function useDomains(at: Within, wanted = true) {
	return useQuery({
		queryKey: [at.region, at.org, "verified-domains"],
		queryFn: () => verifiedDomains(at),
		staleTime: 60_000,
		enabled: wanted,
	});
}

/** The direct members, a page at a time. */
export function useMembers({ region, org }: Within, id: string) {
	return useInfiniteQuery({
		queryKey: [region, org, "members", id],
		queryFn: ({ pageParam, signal }) =>
			call(
				"ListGroupMembers",
				{ OrganizationId: org, GroupId: id, NextToken: pageParam, MaxResults: 100 },
				{ region, signal },
			),
		initialPageParam: undefined as string | undefined,
		getNextPageParam: (page) => page.NextToken,
	});
}

/** The permissions on a group, with the revision of the list. */
export async function permissionsOn(
	{ region, org }: Within,
	id: string,
): Promise<{ list: Permission[]; etag: string }> {
	const list: Permission[] = [];
	let etag = "";
	for (let NextToken: string | undefined; ; ) {
		const read = await callWithTag(
			"ListMailboxPermissions",
			{ OrganizationId: org, EntityId: id, NextToken, MaxResults: 100 },
			{ region },
		);
		etag ||= read.etag;
		list.push(...(read.output.Permissions ?? []));
		NextToken = read.output.NextToken;
		if (!NextToken) return { list, etag };
	}
}

/** What goes with groups when they are deleted. */
export async function losses({ region, org }: Within, groups: readonly { id: string }[]) {
	const sum = { members: 0, aliases: 0, permissions: 0, groups: 0 };
	const one = async ({ id }: { id: string }) => {
		const members = pages((NextToken) =>
			call("ListGroupMembers", { OrganizationId: org, GroupId: id, NextToken, MaxResults: 100 }, { region }),
		);
		for await (const page of members) sum.members += page.Members?.length ?? 0;
		sum.aliases += (await aliasesOf({ region, org }, id)).length;
		const above = pages((NextToken) =>
			call("ListGroupsForEntity", { OrganizationId: org, EntityId: id, NextToken, MaxResults: 100 }, { region }),
		);
		for await (const page of above) sum.groups += page.Groups?.length ?? 0;
		sum.permissions += (await permissionsOn({ region, org }, id)).list.length;
	};
	for (const g of groups) await one(g);
	return sum;
}

export const entryOf = (g: Group) => ({
	id: g.Id ?? "",
	name: g.Name ?? "",
	email: g.Email,
	state: g.State ?? "DISABLED",
});
