import { call, callWithTag, type FoundOrganization, type Question, type Tag, type Within } from "@postroom/api";

/** The organizations of a region: a hundred at most, so they are read whole. */
export const organizationsQuestion = (region: string): Question<FoundOrganization[]> => ({
	queryKey: [region, "organizations"],
	queryFn: async () => (await call("FindOrganizations", {}, { region, polled: true })).Organizations ?? [],
});

/** How many the other regions have, of those that are served here and have any. */
export const elsewhereQuestion = (region: string): Question<{ name: string; count: number }[]> => ({
	queryKey: [region, "elsewhere"],
	queryFn: async () => {
		const { Regions = [] } = await call("ListRegions", {});
		const names = Regions.flatMap((r) => (r.Hosted && r.Name && r.Name !== region ? [r.Name] : []));
		const all = names.map(async (name) => {
			const { Organizations = [] } = await call("FindOrganizations", {}, { region: name });
			return { name, count: Organizations.length };
		});
		return (await Promise.all(all)).filter(({ count }) => count > 0);
	},
});

/** All tags of an organization, with its revision, with which they are changed. */
export interface Tags {
	list: readonly Tag[];
	etag: string;
}

/** The name by which tags are asked for is made of the two ids, so that nothing is asked before them. */
export const arnOf = ({ region, org }: Within): string => `arn:aws:workmail:${region}:000000000000:organization/${org}`;

export const tagsQuestion = (at: Within): Question<Tags> => ({
	queryKey: [at.region, at.org, "tags"],
	queryFn: async () => {
		const { output, etag } = await callWithTag(
			"ListTagsForResource",
			{ ResourceARN: arnOf(at) },
			{ region: at.region },
		);
		return { list: output.Tags ?? [], etag };
	},
});
