import { call, callWithTag, type DescribeResourceResponse, type FoundResource } from "@postroom/api";
import type { EntryKind } from "@postroom/ui";

export const resources: EntryKind<FoundResource, DescribeResourceResponse> = {
	path: "resources",
	find: async ({ region }, input) => {
		const { Resources = [], Total = 0, Unfiltered = 0 } = await call("FindResources", input, { region });
		return { items: Resources, total: Total, unfiltered: Unfiltered };
	},
	read: ({ region, org }, id) => callWithTag("DescribeResource", { OrganizationId: org, ResourceId: id }, { region }),
};
