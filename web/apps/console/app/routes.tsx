import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** What a screen is given: the places in its path. */
export interface ScreenParams {
	region: string;
	org: string;
	id: string;
}

type Screen = LazyExoticComponent<ComponentType<ScreenParams>>;

interface Route {
	pattern: string;
	screen: Screen;
	/** The entry of the navigation that is marked. */
	section: string;
}

const at = (load: () => Promise<{ default: ComponentType<ScreenParams> }>): Screen => lazy(load);

/** All screens. The first pattern that fits is taken. */
export const routes: readonly Route[] = [
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
