import { match } from "@postroom/ui";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** What a screen is given: the places in its path. */
export interface ScreenParams {
	region: string;
	org: string;
	id: string;
}

type Screen = LazyExoticComponent<ComponentType<ScreenParams>> & {
	/** Loads it before it is shown. */
	load: () => Promise<unknown>;
};

interface Route {
	pattern: string;
	screen: Screen;
	/** The entry of the navigation that is marked. */
	section: string;
}

const at = (load: () => Promise<{ default: ComponentType<ScreenParams> }>): Screen =>
	Object.assign(lazy(load), { load });

/** All screens. The first pattern that fits is taken. */
export const routes: readonly Route[] = [
	{
		pattern: "/:region/account",
		screen: at(() => import("../features/account/page.tsx")),
		section: "account",
	},
	{
		pattern: "/:region/administrators",
		screen: at(() => import("../features/administrators/list.tsx")),
		section: "administrators",
	},
	{
		pattern: "/:region/administrators/new",
		screen: at(() => import("../features/administrators/create.tsx")),
		section: "administrators",
	},
	{
		pattern: "/:region/administrators/:id",
		screen: at(() => import("../features/administrators/page.tsx")),
		section: "administrators",
	},
	{
		pattern: "/:region/audit",
		screen: at(() => import("../features/audit/list.tsx")),
		section: "deployment-audit",
	},
	{
		pattern: "/:region/directories",
		screen: at(() => import("../features/directories/list.tsx")),
		section: "directories",
	},
	{
		pattern: "/:region/directories/new",
		screen: at(() => import("../features/directories/register.tsx")),
		section: "directories",
	},
	{
		pattern: "/:region/directories/:id",
		screen: at(() => import("../features/directories/page.tsx")),
		section: "directories",
	},
	{
		pattern: "/:region/o/:org",
		screen: at(() => import("../features/overview/page.tsx")),
		section: "overview",
	},
	{
		pattern: "/:region/o/:org/audit",
		screen: at(() => import("../features/audit/list.tsx")),
		section: "audit",
	},
	{
		pattern: "/:region/o/:org/domains",
		screen: at(() => import("../features/domains/list.tsx")),
		section: "domains",
	},
	{
		pattern: "/:region/o/:org/domains/:id",
		screen: at(() => import("../features/domains/page.tsx")),
		section: "domains",
	},
	{
		pattern: "/:region/o/:org/tags",
		screen: at(() => import("../features/organizations/tags.tsx")),
		section: "tags",
	},
	{
		pattern: "/:region/o/:org/groups",
		screen: at(() => import("../features/groups/list.tsx")),
		section: "groups",
	},
	{
		pattern: "/:region/o/:org/groups/new",
		screen: at(() => import("../features/groups/create.tsx")),
		section: "groups",
	},
	{
		pattern: "/:region/o/:org/groups/:id",
		screen: at(() => import("../features/groups/page.tsx")),
		section: "groups",
	},
	{
		pattern: "/:region/o/:org/resources",
		screen: at(() => import("../features/resources/list.tsx")),
		section: "resources",
	},
	{
		pattern: "/:region/o/:org/resources/new",
		screen: at(() => import("../features/resources/create.tsx")),
		section: "resources",
	},
	{
		pattern: "/:region/o/:org/resources/:id",
		screen: at(() => import("../features/resources/page.tsx")),
		section: "resources",
	},
	{
		pattern: "/:region/o/:org/users",
		screen: at(() => import("../features/users/list.tsx")),
		section: "users",
	},
	{
		pattern: "/:region/o/:org/users/import",
		screen: at(() => import("../features/users/import.tsx")),
		section: "users",
	},
	{
		pattern: "/:region/o/:org/users/new",
		screen: at(() => import("../features/users/create.tsx")),
		section: "users",
	},
	{
		pattern: "/:region/o/:org/users/:id",
		screen: at(() => import("../features/user/page.tsx")),
		section: "users",
	},
	{
		pattern: "/:region/organizations",
		screen: at(() => import("../features/organizations/list.tsx")),
		section: "organizations",
	},
	{
		pattern: "/:region/organizations/new",
		screen: at(() => import("../features/organizations/create.tsx")),
		section: "organizations",
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
