import type { OperationName, Question } from "@postroom/api";
import { may } from "@postroom/session";
import { firstEntries, firstEntry, type LateCode, lateCode, match } from "@postroom/ui";
import { groups } from "../features/groups/find.ts";
import { organizationsQuestion, tagsQuestion } from "../features/organizations/find.ts";
import { resources } from "../features/resources/find.ts";
import { userQuestion } from "../features/user/find.ts";
import { firstUsers } from "../features/users/find.ts";

export const signIn = lateCode(() => import("../features/sign-in/index.tsx"));

/** What a screen is given: the places in its path. */
export interface ScreenParams {
	region: string;
	org: string;
	id: string;
}

export interface Route {
	pattern: string;
	screen: LateCode<ScreenParams>;
	/** The entry of the navigation that is marked. */
	section: string;
	/** The operation without which the screen is nothing: who may not call it is told so in its place. */
	needs?: OperationName;
	/** What the screen asks first, by its address. */
	first?: (params: ScreenParams, query: URLSearchParams) => Question;
}

/** All screens. The first pattern that fits is taken. */
export const routes: readonly Route[] = [
	{
		pattern: "/:region/account",
		screen: lateCode(() => import("../features/account/page.tsx")),
		section: "account",
	},
	{
		pattern: "/:region/administrators",
		screen: lateCode(() => import("../features/administrators/list.tsx")),
		section: "administrators",
		needs: "ListAdministrators",
	},
	{
		pattern: "/:region/administrators/new",
		screen: lateCode(() => import("../features/administrators/create.tsx")),
		section: "administrators",
		needs: "CreateAdministrator",
	},
	{
		pattern: "/:region/administrators/:id",
		screen: lateCode(() => import("../features/administrators/page.tsx")),
		section: "administrators",
		needs: "DescribeAdministrator",
	},
	{
		pattern: "/:region/audit",
		screen: lateCode(() => import("../features/audit/list.tsx")),
		section: "deployment-audit",
		needs: "ListAuditRecords",
	},
	{
		pattern: "/:region/directories",
		screen: lateCode(() => import("../features/directories/list.tsx")),
		section: "directories",
		needs: "ListDirectories",
	},
	{
		pattern: "/:region/directories/new",
		screen: lateCode(() => import("../features/directories/register.tsx")),
		section: "directories",
		needs: "RegisterDirectory",
	},
	{
		pattern: "/:region/directories/:id",
		screen: lateCode(() => import("../features/directories/page.tsx")),
		section: "directories",
		needs: "DescribeDirectory",
	},
	{
		pattern: "/:region/o/:org",
		screen: lateCode(() => import("../features/overview/page.tsx")),
		section: "overview",
	},
	{
		pattern: "/:region/o/:org/audit",
		screen: lateCode(() => import("../features/audit/list.tsx")),
		section: "audit",
		needs: "ListAuditRecords",
	},
	{
		pattern: "/:region/o/:org/domains",
		screen: lateCode(() => import("../features/domains/list.tsx")),
		section: "domains",
	},
	{
		pattern: "/:region/o/:org/domains/:id",
		screen: lateCode(() => import("../features/domains/page.tsx")),
		section: "domains",
	},
	{
		pattern: "/:region/o/:org/tags",
		screen: lateCode(() => import("../features/organizations/tags.tsx")),
		section: "tags",
		first: tagsQuestion,
	},
	{
		pattern: "/:region/o/:org/groups",
		screen: lateCode(() => import("../features/groups/list.tsx")),
		section: "groups",
		first: firstEntries(groups),
	},
	{
		pattern: "/:region/o/:org/groups/new",
		screen: lateCode(() => import("../features/groups/create.tsx")),
		section: "groups",
		needs: "CreateGroup",
	},
	{
		pattern: "/:region/o/:org/groups/:id",
		screen: lateCode(() => import("../features/groups/page.tsx")),
		section: "groups",
		first: firstEntry(groups),
	},
	{
		pattern: "/:region/o/:org/resources",
		screen: lateCode(() => import("../features/resources/list.tsx")),
		section: "resources",
		first: firstEntries(resources),
	},
	{
		pattern: "/:region/o/:org/resources/new",
		screen: lateCode(() => import("../features/resources/create.tsx")),
		section: "resources",
		needs: "CreateResource",
	},
	{
		pattern: "/:region/o/:org/resources/:id",
		screen: lateCode(() => import("../features/resources/page.tsx")),
		section: "resources",
		first: firstEntry(resources),
	},
	{
		pattern: "/:region/o/:org/users",
		screen: lateCode(() => import("../features/users/list.tsx")),
		section: "users",
		first: firstUsers,
	},
	{
		pattern: "/:region/o/:org/users/import",
		screen: lateCode(() => import("../features/users/import.tsx")),
		section: "users",
		needs: "ImportUsers",
	},
	{
		pattern: "/:region/o/:org/users/new",
		screen: lateCode(() => import("../features/users/create.tsx")),
		section: "users",
		needs: "CreateUserWithMailbox",
	},
	{
		pattern: "/:region/o/:org/users/:id",
		screen: lateCode(() => import("../features/user/page.tsx")),
		section: "users",
		first: userQuestion,
	},
	{
		pattern: "/:region/organizations",
		screen: lateCode(() => import("../features/organizations/list.tsx")),
		section: "organizations",
		first: ({ region }) => organizationsQuestion(region),
	},
	{
		pattern: "/:region/organizations/new",
		screen: lateCode(() => import("../features/organizations/create.tsx")),
		section: "organizations",
		needs: "CreateOrganization",
	},
];

/** The screen of a path, with the places in it. */
export function routeOf(path: string): { route: Route; params: ScreenParams } | undefined {
	for (const route of routes) {
		const params = match(route.pattern, path);
		if (params) return { route, params: { org: "", id: "", region: "", ...params } };
	}
	return undefined;
}

/** Whether the signed-in administrator may open a screen. */
export const reaches = ({ needs }: Route): boolean => !needs || may(needs);
