import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import { ApiError } from "@postroom/api";
import { may } from "@postroom/session";
import { EntryActions, ErrorBox, go, href, Screen, useQuery as useInUrl } from "@postroom/ui";
import { type ComponentType, lazy, Suspense } from "react";
import { type Seen, useGroup } from "./data.ts";
import { t } from "./words.ts";
import { useGroupWork } from "./work.tsx";

/** What each tab is given. */
export interface PartProps {
	region: string;
	org: string;
	id: string;
	seen: Seen;
}

const parts = {
	general: lazy(() => import("./general.tsx")),
	members: lazy(() => import("./members.tsx")),
	permissions: lazy(() => import("./permissions.tsx")),
	memberOf: lazy(() => import("./member-of.tsx")),
	audit: lazy(() => import("./audit.tsx")),
} satisfies Record<string, ComponentType<PartProps>>;

type Part = keyof typeof parts;

/** One group: what it is, who is in it, who may send as it. */
export default function GroupPage({ region, org, id }: { region: string; org: string; id: string }) {
	const at = { region, org };
	const found = useGroup(at, id);
	const [tab] = useInUrl("tab", "general");
	const toList = () => go(href(region, "o", org, "groups"));
	const work = useGroupWork(at, found.data?.etag, (step) => step === "remove" && toList());
	const gone =
		(found.error instanceof ApiError && found.error.code === "EntityNotFoundException") ||
		found.data?.group.State === "DELETED";
	if (gone)
		return (
			<Screen title={t("gone")} description={t("goneHelp")}>
				<Button variant="primary" onClick={toList}>
					{t("toGroups")}
				</Button>
			</Screen>
		);
	if (found.error && !found.data)
		return <ErrorBox header={t("title")} error={found.error} again={() => void found.refetch()} />;
	if (!found.data)
		return (
			<Box textAlign="center" padding="xxl">
				<Spinner size="large" />
			</Box>
		);
	const { group } = found.data;
	const name = group.Name ?? "";
	const shown = (Object.keys(parts) as Part[]).filter((p) => p !== "audit" || may("ListAuditRecords"));
	return (
		<Screen
			title={name}
			actions={
				<EntryActions
					entries={[{ id: group.GroupId ?? id, name, email: group.Email, state: group.State ?? "DISABLED" }]}
					work={work}
				/>
			}
		>
			<Tabs
				activeTabId={shown.find((p) => p === tab) ?? "general"}
				// Guarded: what is typed in a tab is lost with it.
				onChange={({ detail }) => go(`${window.location.pathname}?tab=${detail.activeTabId}`, { replace: true })}
				tabs={shown.map((p) => {
					const Part = parts[p];
					return {
						id: p,
						label: t(p),
						content: (
							<Suspense fallback={<Spinner size="large" />}>
								<Part region={region} org={org} id={group.GroupId ?? id} seen={found.data} />
							</Suspense>
						),
					};
				})}
			/>
		</Screen>
	);
}
