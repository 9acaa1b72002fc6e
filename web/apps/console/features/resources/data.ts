import { call, type Within } from "@postroom/api";
import type { PeopleInput, PeoplePage } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";

export async function delegatesOf(
	{ region, org }: Within,
	ResourceId: string,
	input: PeopleInput,
	signal?: AbortSignal,
): Promise<PeoplePage> {
	const page = await call("FindResourceDelegates", { OrganizationId: org, ResourceId, ...input }, { region, signal });
	return { people: page.Delegates, total: page.Total };
}

export const delegateCount = async (at: Within, id: string): Promise<number> =>
	(await delegatesOf(at, id, { Offset: 0, MaxResults: 1 })).total ?? 0;

/** How many delegates the resource has, however the list of them is narrowed. */
export const useDelegateCount = (at: Within, id: string) =>
	useQuery({ queryKey: [at.region, at.org, "delegates", id, "count"], queryFn: () => delegateCount(at, id) });
