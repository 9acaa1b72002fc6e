import { call, type FoundOrganization, type Question } from "@postroom/api";

/** The organizations of a region: a hundred at most, so they are read whole. */
export const organizationsQuestion = (region: string): Question<FoundOrganization[]> => ({
	queryKey: [region, "organizations"],
	queryFn: async () => (await call("FindOrganizations", {}, { region })).Organizations ?? [],
});
