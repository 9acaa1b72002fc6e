import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import { type Answer, callWithTag, type DescribeDirectoryResponse } from "@postroom/api";
import { may } from "@postroom/session";
import {
	ErrorBox,
	go,
	href,
	isMissing,
	kindName,
	late,
	lateDialog,
	Missing,
	Screen,
	useQuery as useInUrl,
} from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { directoryKey } from "./data.ts";
import { t } from "./words.ts";

/** What the parts of the page are given. */
export interface Part {
	region: string;
	id: string;
	seen: Answer<DescribeDirectoryResponse>;
	/** Reads anew what shows the directory; answers what it is then. */
	newest: () => Promise<Answer<DescribeDirectoryResponse> | undefined>;
}

const General = late(() => import("./general.tsx"));
const Sync = late(() => import("./sync.tsx"));
const Deregister = lateDialog(() => import("./deregister.tsx"));

/** One directory: how it is reached, and how far it is followed. */
export default function DirectoryPage({ region, id }: { region: string; id: string }) {
	const client = useQueryClient();
	const key = directoryKey(region, id);
	const found = useQuery({
		queryKey: key,
		queryFn: ({ signal }) => callWithTag("DescribeDirectory", { DirectoryId: id }, { region, signal }),
	});
	const [tab] = useInUrl("tab");
	const [asking, setAsking] = useState(false);
	if (isMissing(found.error))
		return (
			<Missing title={t("gone")} help={t("goneHelp")} to={{ text: t("toList"), href: href(region, "directories") }} />
		);
	if (found.error && !found.data)
		return <ErrorBox page={t("title")} error={found.error} again={() => void found.refetch()} />;
	if (!found.data) return <Spinner size="large" />;
	const d = found.data.output;
	const alias = d.Alias ?? "";
	const org = d.OrganizationId;
	const newest = async () => {
		await client.invalidateQueries({ queryKey: [region, "directories"] });
		if (org) void client.invalidateQueries({ queryKey: [region, org] });
		return client.getQueryData<Answer<DescribeDirectoryResponse>>(key);
	};
	const part: Part = { region, id, seen: found.data, newest };
	const tabs = [
		{ id: "general", label: t("general"), content: <General {...part} /> },
		...(org ? [{ id: "sync", label: t("syncTitle"), content: <Sync region={region} org={org} directory={d} /> }] : []),
	];
	return (
		<Screen
			title={alias}
			description={kindName(d.Kind)}
			actions={
				<SpaceBetween direction="horizontal" size="xs">
					{!org && may("CreateOrganization") && (
						<Button
							variant="primary"
							onClick={() => go(`${href(region, "organizations", "new")}?directory=${encodeURIComponent(id)}`)}
						>
							{t("makeOrganization")}
						</Button>
					)}
					{may("DeregisterDirectory") && (
						<Button
							disabled={org !== undefined}
							disabledReason={t("deregisterInUse", { alias: d.OrganizationAlias ?? "" })}
							onClick={() => setAsking(true)}
						>
							{t("deregister")}
						</Button>
					)}
				</SpaceBetween>
			}
		>
			<Tabs
				activeTabId={tabs.find((p) => p.id === tab)?.id ?? "general"}
				ariaLabel={t("tabs")}
				// Guarded: what is typed in a tab is lost with it.
				onChange={({ detail }) => go(`${window.location.pathname}?tab=${detail.activeTabId}`, { replace: true })}
				tabs={tabs.map(({ content, ...rest }) => ({
					...rest,
					content,
				}))}
			/>
			{asking && (
				<Deregister region={region} id={id} alias={alias} tag={found.data.etag} close={() => setAsking(false)} />
			)}
		</Screen>
	);
}
