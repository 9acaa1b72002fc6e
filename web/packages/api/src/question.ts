/** Questions that are asked in several places, with the key under which their answers are kept. */
import type { Within } from "./directory.ts";
import { call, type Output } from "./index.ts";

export interface Question<T = unknown> {
	queryKey: readonly unknown[];
	queryFn: () => Promise<T>;
}

export const regionsQuestion: Question<Output<"ListRegions">> = {
	queryKey: ["regions"],
	queryFn: () => call("ListRegions", {}),
};

export const organizationQuestion = ({ region, org }: Within): Question<Output<"DescribeOrganization">> => ({
	queryKey: [region, org, "organization"],
	queryFn: () => call("DescribeOrganization", { OrganizationId: org }, { region, polled: true }),
});
