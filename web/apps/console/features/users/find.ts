import { call, type Input, type Output, type Question, type Within } from "@postroom/api";
import { type ListView, listViewIn, valueIn } from "@postroom/ui";

/** How the list of users asks, also before it is there: no component comes with this file. */
export type FindInput = Input<"FindUsers">;

export const findUsers = (region: string, input: FindInput) => call("FindUsers", input, { region });

export const states = ["ENABLED", "DISABLED"] as const;
export const roles = ["USER", "SYSTEM_USER", "REMOTE_USER"] as const;
/** What the server sorts by. */
export const sorts = ["NAME", "DISPLAY_NAME", "EMAIL", "STATE", "ENABLED_DATE"] as const;

/** The codes of a filter in the URL, without what is none. */
export function codes<T extends string>(value: string, all: readonly T[]): T[] | undefined {
	const found = all.filter((code) => value.split(",").includes(code));
	return found.length > 0 ? found : undefined;
}

/** Which users a list shows, on all its pages. */
export const filterOf = (org: string, view: ListView, state: string, role: string): FindInput => ({
	OrganizationId: org,
	Query: view.q || undefined,
	States: codes(state, states),
	Roles: codes(role, roles),
	SortBy: view.sort as FindInput["SortBy"],
	Descending: view.descending || undefined,
});

/** One page of them. */
export function usersQuestion(region: string, filter: FindInput, view: ListView): Question<Output<"FindUsers">> {
	const page = { ...filter, Offset: (view.page - 1) * view.size || undefined, MaxResults: view.size };
	return {
		queryKey: [region, filter.OrganizationId, "users", page],
		queryFn: () => findUsers(region, page),
	};
}

/** What the list asks first. */
export function firstUsers({ region, org }: Within, query: URLSearchParams): Question {
	const view = listViewIn(query, "users", "NAME", sorts);
	return usersQuestion(region, filterOf(org, view, valueIn(query, "state"), valueIn(query, "role")), view);
}
