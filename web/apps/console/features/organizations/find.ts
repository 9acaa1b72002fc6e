import { call, callWithTag, type FoundOrganization, type Question, type Tag, type Within } from "@postroom/api";

/** The organizations of a region: a hundred at most, so they are read whole. */
export const organizationsQuestion = (region: string): Question<FoundOrganization[]> => ({
	queryKey: [region, "organizations"],
	queryFn: async () => (await call("FindOrganizations", {}, { region })).Organizations ?? [],
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
