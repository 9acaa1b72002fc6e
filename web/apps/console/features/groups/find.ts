import { call, callWithTag, type DescribeGroupResponse, type FoundGroup } from "@postroom/api";
import type { EntryKind } from "@postroom/ui";

export const groups: EntryKind<FoundGroup, DescribeGroupResponse> = {
	path: "groups",
	find: async ({ region }, input) => {
		const { Groups = [], Total = 0, Unfiltered = 0 } = await call("FindGroups", input, { region });
		return { items: Groups, total: Total, unfiltered: Unfiltered };
	},
	read: ({ region, org }, id) => callWithTag("DescribeGroup", { OrganizationId: org, GroupId: id }, { region }),
};
