import { call, type Input, type Output, type Question, type Within } from "@postroom/api";
import { codesIn, type ListView, listViewIn, valueIn } from "@postroom/ui";

/** How the list of users asks, also before it is there: no component comes with this file. */
export type FindInput = Input<"FindUsers">;

export const findUsers = (region: string, input: FindInput) => call("FindUsers", input, { region });

export const states = ["ENABLED", "DISABLED"] as const;
export const roles = ["USER", "SYSTEM_USER", "REMOTE_USER"] as const;
/** What the server sorts by. */
export const sorts = ["NAME", "DISPLAY_NAME", "EMAIL", "STATE", "ENABLED_DATE"] as const;

/** Which users a list shows, on all its pages. */
export const filterOf = (org: string, view: ListView, state: string, role: string): FindInput => ({
	OrganizationId: org,
	Query: view.q || undefined,
	States: codesIn(state, states),
	Roles: codesIn(role, roles),
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
