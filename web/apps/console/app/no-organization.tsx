import Button from "@cloudscape-design/components/button";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { otherRegionOf } from "@postroom/api";
import { go, href, Missing, usePlace } from "@postroom/ui";
import { useQuery as useData } from "@tanstack/react-query";
import { t } from "./words.ts";

/** In place of every page of an organization that is not in the region: another region may have it. */
export default function NoOrganization({ region, org }: { region: string; org: string }) {
	const { path } = usePlace();
	const elsewhere = useData({
		queryKey: [region, org, "elsewhere"],
		queryFn: async () => (await otherRegionOf({ region, org })) ?? null,
		staleTime: 60_000,
	});
	const other = elsewhere.data;
	const list = { text: t("toOrganizations"), href: href(region, "organizations") };
	if (!other)
		return (
			<Missing title={t("noOrganization")} help={t("noOrganizationHelp", { region })} to={list}>
				{elsewhere.isLoading && <StatusIndicator type="loading">{t("elsewhereLooking")}</StatusIndicator>}
			</Missing>
		);
	// The same page, there.
	const there = href(other, ...path.split("/").filter(Boolean).slice(1).map(decodeURIComponent));
	return (
		<Missing
			title={t("noOrganization")}
			help={t("elsewhereHelp", { region, other })}
			to={{ text: t("elsewhereOpen", { other }), href: there }}
		>
			<Button onClick={() => go(list.href)}>{list.text}</Button>
		</Missing>
	);
}
