import {
	aliasesOf,
	call,
	callWithTag,
	type Delegate,
	type DescribeResourceResponse,
	type EntitySortField,
	type EntityState,
	pages,
	type Resource,
	verifiedDomains,
	type Within,
} from "@postroom/api";
import { useQuery } from "@tanstack/react-query";

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

/** One page of the resources; what is shown stays until the next page is here. */
export function useResources({ region, org }: Within, asked: Asked) {
	return useQuery({
		queryKey: [region, org, "resources", asked],
		queryFn: ({ signal }) => call("FindResources", findInput(org, asked), { region, signal }),
		placeholderData: (previous) => previous,
	});
}

/** A resource with its revision. */
export interface Seen {
	resource: DescribeResourceResponse;
	etag: string;
}

export function useResource({ region, org }: Within, id: string) {
	return useQuery({
		queryKey: [region, org, "resource", id],
		queryFn: async ({ signal }): Promise<Seen> => {
			const read = await callWithTag("DescribeResource", { OrganizationId: org, ResourceId: id }, { region, signal });
			return { resource: read.output, etag: read.etag };
		},
	});
}

export function useAliases(at: Within, id: string) {
	return useQuery({ queryKey: [at.region, at.org, "aliases", id], queryFn: () => aliasesOf(at, id) });
}

export function useDomains(at: Within, wanted = true) {
	return useQuery({
		queryKey: [at.region, at.org, "verified-domains"],
		queryFn: () => verifiedDomains(at),
		staleTime: 60_000,
		enabled: wanted,
	});
}

async function delegatesOf({ region, org }: Within, id: string): Promise<Delegate[]> {
	const all: Delegate[] = [];
	for await (const page of pages((NextToken) =>
		call("ListResourceDelegates", { OrganizationId: org, ResourceId: id, NextToken, MaxResults: 100 }, { region }),
	))
		all.push(...(page.Delegates ?? []));
	return all;
}

/** The delegates, whole: there are few. */
export function useDelegates(at: Within, id: string) {
	return useQuery({ queryKey: [at.region, at.org, "delegates", id], queryFn: () => delegatesOf(at, id) });
}

/** What goes with resources when they are deleted. */
export async function losses(at: Within, resources: readonly { id: string; email?: string | undefined }[]) {
	const sum = { aliases: 0, delegates: 0 };
	for (const { id, email } of resources) {
		sum.aliases += (await aliasesOf(at, id)).length + (email ? 1 : 0);
		sum.delegates += (await delegatesOf(at, id)).length;
	}
	return sum;
}

export const entryOf = (r: Resource) => ({
	id: r.Id ?? "",
	name: r.Name ?? "",
	email: r.Email,
	state: r.State ?? "DISABLED",
});
