import AppLayout from "@cloudscape-design/components/app-layout";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import TopNavigation, { type TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import { call, regionsQuestion } from "@postroom/api";
import { hasAll, may, signOut, snapshot, subscribe } from "@postroom/session";
import {
	ErrorBox,
	explain,
	go,
	here,
	href,
	isMissing,
	keep,
	kept,
	Late,
	LeaveQuestion,
	late,
	latePart,
	leave,
	leaveNotices,
	NoticeBar,
	notify,
	Trail,
	Unreachable,
	unlessGuarded,
	useOrganization,
	usePageTitle,
	usePlace,
	Waiting,
	whenIdle,
} from "@postroom/ui";
import { useQuery as useData } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Fault } from "./app.tsx";
import { appearanceMenu, useAppearance } from "./appearance.ts";
import { type Route, reaches, routeOf, type ScreenParams } from "./routes.ts";
import { t } from "./words.ts";

const NoOrganization = late(() => import("./no-organization.tsx"));
const NoRegion = late(() => import("./no-region.tsx"));
const Find = latePart(
	whenIdle(() => import("../features/find/index.tsx")),
	() => null,
);

const sectionNames: Readonly<Record<string, string>> = {
	overview: t("overview"),
	users: t("users"),
	groups: t("groups"),
	resources: t("resources"),
	domains: t("domains"),
	tags: t("tags"),
	audit: t("audit"),
	organizations: t("home"),
	directories: t("directories"),
	administrators: t("administrators"),
	"deployment-audit": t("deploymentAudit"),
	account: t("account"),
};

/** Everything around a screen: bar, navigation, notices. */
export function Frame() {
	const place = usePlace();
	const session = useSyncExternalStore(subscribe, snapshot);
	const appearance = useAppearance();
	const regions = useData({ ...regionsQuestion, staleTime: 600_000 });
	const [open, setOpen] = useState(() => window.innerWidth > 900 && kept("navigation", true));
	const found = routeOf(place.path);
	const { error: unread } = useOrganization({ region: found?.params.region ?? "", org: found?.params.org ?? "" });
	const hosted = useMemo(() => regions.data?.Regions?.filter((r) => r.Hosted) ?? [], [regions.data]);
	const asked = found?.params.region;
	const unserved = asked !== undefined && hosted.length > 0 && !hosted.some((r) => r.Name === asked);
	// Beside a page of a region that is not served here, the ways lead where there is something.
	const region = unserved || asked === undefined ? usual(hosted.map((r) => r.Name ?? "")) : asked;

	// The bare address leads to the organizations of the region used last, the first
	// time to those of the first region that has any.
	useEffect(() => {
		if (place.path !== "/" || hosted.length === 0) return;
		const last = kept("region", "");
		const lead = (name: string) => go(href(name, "organizations"), { replace: true });
		if (hosted.some((r) => r.Name === last)) lead(last);
		else void regionInUse(hosted.map((r) => r.Name ?? "")).then(lead);
	}, [place.path, hosted]);
	useEffect(() => {
		const name = found?.params.region;
		if (name && hosted.some((r) => r.Name === name)) keep("region", name);
	}, [found?.params.region, hosted]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: at each change of the page
	useEffect(leaveNotices, [place.path]);

	if (regions.error && !regions.data)
		return (
			<main>
				<ErrorBox
					page={t("product")}
					header={t("unreachable")}
					error={regions.error}
					again={() => void regions.refetch()}
				/>
			</main>
		);
	const org = unserved ? "" : (found?.params.org ?? "");
	const name = "who" in session ? (session.who.Name ?? "") : "";
	return (
		<>
			<button type="button" className="postroom-skip" onClick={() => document.getElementById("content")?.focus()}>
				{t("skip")}
			</button>
			<div className="postroom-bar" id="bar">
				<TopNavigation
					identity={{
						href: href(region, "organizations"),
						title: t("product"),
						onFollow: (event) => {
							event.preventDefault();
							go(href(region, "organizations"));
						},
					}}
					search={region && may("FindAnything") ? <Find region={region} /> : undefined}
					utilities={[
						regionMenu(region, regions.data?.Regions ?? []),
						appearanceMenu(appearance),
						accountMenu(region, name),
					]}
					i18nStrings={{
						overflowMenuTriggerText: t("more"),
						overflowMenuTitleText: t("more"),
						searchIconAriaLabel: t("search"),
						searchDismissIconAriaLabel: t("search"),
					}}
				/>
			</div>
			<AppLayout
				headerSelector="#bar"
				navigationOpen={open}
				onNavigationChange={(event) => {
					setOpen(event.detail.open);
					// A narrow window opens and closes it by itself; that is no choice.
					if (window.innerWidth > 900) keep("navigation", event.detail.open);
				}}
				navigation={<Navigation region={region} org={org} section={found?.route.section ?? ""} />}
				notifications={<NoticeBar />}
				stickyNotifications
				toolsHide
				breadcrumbs={
					!found ? undefined : org !== "" ? (
						<OrgTrail region={region} org={org} section={found.route.section} />
					) : (
						<DeploymentTrail region={region} section={found.route.section} />
					)
				}
				ariaLabels={{
					navigation: t("navigation"),
					navigationToggle: t("navigationOpen"),
					navigationClose: t("navigationClose"),
					notifications: t("notices"),
				}}
				content={
					<div id="content" tabIndex={-1} className="postroom-content">
						<Fault key={place.path}>
							{unserved ? (
								<NoRegion region={asked} others={hosted.map((r) => r.Name ?? "")} />
							) : org !== "" && isMissing(unread) ? (
								<NoOrganization region={region} org={org} />
							) : found ? (
								<Reached route={found.route} params={found.params} />
							) : place.path === "/" ? (
								<Waiting />
							) : (
								<Lost region={region} />
							)}
						</Fault>
					</div>
				}
			/>
			<LeaveQuestion />
		</>
	);
}

/** A screen, for who may open it; what is typed there stays where that right is taken away meanwhile. */
function Reached({ route, params }: { route: Route; params: ScreenParams }) {
	const now = reaches(route);
	const [reached, setReached] = useState(now);
	if (now && !reached) setReached(true);
	if (!now && !reached) return <Unreachable />;
	return <Late code={route.screen} props={params} page={sectionNames[route.section] ?? t("product")} />;
}

/** The region used last, or the first. */
function usual(names: readonly string[]): string {
	const last = kept("region", "");
	return names.includes(last) ? last : (names[0] ?? "");
}

/** The first of some regions that has an organization, or the first. */
async function regionInUse(names: readonly string[]): Promise<string> {
	const used = await Promise.all(
		names.map((region) =>
			call("ListOrganizations", { MaxResults: 1 }, { region }).then(
				(answer) => (answer.OrganizationSummaries?.length ?? 0) > 0,
				() => false,
			),
		),
	);
	return names[Math.max(0, used.indexOf(true))] ?? "";
}

function Lost({ region }: { region: string }) {
	return (
		<Box textAlign="center" padding="xxl">
			<Box variant="h1">{t("lost")}</Box>
			<Box variant="p" color="text-body-secondary">
				{t("lostHelp")}
			</Box>
			<Button onClick={() => go(href(region, "organizations"))}>{t("toOrganizations")}</Button>
		</Box>
	);
}

/**
 * The alias of an organization, or its id where that cannot be read. Until it is
 * known a sign keeps its place: the id takes two lines, and all below would jump.
 */
function useAlias(region: string, org: string): string {
	const { data, isPending } = useOrganization({ region, org });
	return data?.Alias ?? (isPending && org !== "" ? "…" : org);
}

function Navigation({ region, org, section }: { region: string; org: string; section: string }) {
	const alias = useAlias(region, org);
	const within = (id: string, text: string): SideNavigationProps.Link => ({
		type: "link",
		text,
		href: id === "overview" ? href(region, "o", org) : href(region, "o", org, id),
	});
	const inOrg: SideNavigationProps.Item[] = [
		within("overview", t("overview")),
		within("users", t("users")),
		within("groups", t("groups")),
		within("resources", t("resources")),
		within("domains", t("domains")),
		within("tags", t("tags")),
		within("audit", t("audit")),
	];
	const deployment: SideNavigationProps.Item[] = [
		{ type: "link", text: t("home"), href: href(region, "organizations") },
		...(may("ListDirectories")
			? [{ type: "link" as const, text: t("directories"), href: href(region, "directories") }]
			: []),
		...(may("ListAdministrators")
			? [{ type: "link" as const, text: t("administrators"), href: href(region, "administrators") }]
			: []),
		...(may("ListAuditRecords") && hasAll()
			? [{ type: "link" as const, text: t("deploymentAudit"), href: href(region, "audit") }]
			: []),
		{ type: "link", text: t("account"), href: href(region, "account") },
	];
	const sections: Record<string, string> = {
		overview: href(region, "o", org),
		organizations: href(region, "organizations"),
		"deployment-audit": href(region, "audit"),
	};
	const active = sections[section] ?? (org ? href(region, "o", org, section) : href(region, section));
	return (
		<SideNavigation
			activeHref={active}
			header={
				org
					? { text: alias, href: href(region, "o", org) }
					: { text: t("product"), href: href(region, "organizations") }
			}
			items={org ? [...inOrg, { type: "divider" }, ...deployment] : deployment}
			onFollow={(event) => {
				if (event.detail.external) return;
				event.preventDefault();
				go(event.detail.href);
			}}
		/>
	);
}

function OrgTrail({ region, org, section }: { region: string; org: string; section: string }) {
	const alias = useAlias(region, org);
	const title = usePageTitle();
	const { path } = usePlace();
	const items = [
		{ text: t("home"), href: href(region, "organizations") },
		{ text: alias, href: href(region, "o", org) },
	];
	const name = sectionNames[section];
	if (name && section !== "overview") items.push({ text: name, href: href(region, "o", org, section) });
	// /REGION/o/ORG/SECTION is the list; what lies below it has a name of its own.
	if (path.split("/").filter(Boolean).length > 4) items.push({ text: title, href: here() });
	return <Trail items={items} />;
}

/** Beside the organizations: /REGION/SECTION is the list, where the navigation leads too. */
function DeploymentTrail({ region, section }: { region: string; section: string }) {
	const title = usePageTitle();
	const { path } = usePlace();
	const parts = path.split("/").filter(Boolean);
	const items = [{ text: sectionNames[section] ?? title, href: href(region, parts[1] ?? "") }];
	if (parts.length > 2) items.push({ text: title, href: here() });
	return <Trail items={items} />;
}

type Regions = NonNullable<Awaited<ReturnType<typeof call<"ListRegions">>>["Regions"]>;

function regionMenu(current: string, regions: Regions): TopNavigationProps.Utility {
	return {
		type: "menu-dropdown",
		text: current,
		iconName: "globe",
		items: regions.map((r) => ({
			id: r.Name ?? "",
			text: r.Name ?? "",
			...(r.Hosted ? {} : { description: t("regionElsewhere"), external: true, href: r.ConsoleUrl ?? "" }),
			...(r.Name === current ? { itemType: "action" as const, iconName: "check" as const } : {}),
		})),
		onItemClick: (event) => {
			const chosen = regions.find((r) => r.Name === event.detail.id);
			if (!chosen?.Name) return;
			event.preventDefault();
			if (chosen.Hosted) go(href(chosen.Name, "organizations"));
			else if (chosen.ConsoleUrl) leave(chosen.ConsoleUrl);
		},
	};
}

function accountMenu(region: string, name: string): TopNavigationProps.Utility {
	const readOnly = !may("CreateUser");
	return {
		type: "menu-dropdown",
		text: name,
		iconName: "user-profile",
		...(readOnly ? { description: t("readOnly") } : {}),
		items: [
			{ id: "account", text: t("account"), href: href(region, "account") },
			{ id: "sign-out", text: t("signOut") },
		],
		onItemClick: (event) => {
			event.preventDefault();
			if (event.detail.id === "account") go(href(region, "account"));
			else unlessGuarded(() => void signOut().catch((error) => notify({ type: "error", content: explain(error) })));
		},
	};
}
