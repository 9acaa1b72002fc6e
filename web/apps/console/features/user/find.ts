import { callWithTag, type DescribeUserResponse, type Question } from "@postroom/api";

/** How the page of a user asks, also before it is there: no component comes with this file. */
export interface Where {
	region: string;
	org: string;
	/** Of the user. */
	id: string;
}

/** A user with the revision that was read, with which changes are made. */
export interface Seen {
	user: DescribeUserResponse;
	tag: string;
}

export async function readUser({ region, org, id }: Where, signal?: AbortSignal): Promise<Seen> {
	const { output, etag } = await callWithTag(
		"DescribeUser",
		{ OrganizationId: org, UserId: id },
		{ region, ...(signal ? { signal } : {}) },
	);
	return { user: output, tag: etag };
}

export const userQuestion = (where: Where): Question<Seen> => ({
	queryKey: [where.region, where.org, "user", where.id],
	queryFn: () => readUser(where),
});
