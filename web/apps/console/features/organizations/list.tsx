import Button from "@cloudscape-design/components/button";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { call, type OrganizationSummary, pages } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, go, href, Link, ResourceList, useListPlace, useTitle } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { t } from "./words.ts";

/** States as WorkMail has them, with the sign that Cloudscape gives each. */
const signs: Record<string, StatusIndicatorProps.Type> = {
	Active: "success",
	Requested: "pending",
	Creating: "in-progress",
	Deleting: "in-progress",
	Deleted: "stopped",
	Impaired: "warning",
	Failed: "error",
};

async function all(region: string): Promise<OrganizationSummary[]> {
	const list: OrganizationSummary[] = [];
	for await (const page of pages((NextToken) => call("ListOrganizations", { NextToken, MaxResults: 100 }, { region })))
		list.push(...(page.OrganizationSummaries ?? []));
	return list;
}

/** The organizations of a region: a hundred at most, so they are read whole. */
export default function Organizations({ region }: { region: string }) {
	useTitle(t("title"));
	const place = useListPlace("organizations", "Alias");
	const list = useQuery({ queryKey: [region, "organizations"], queryFn: () => all(region) });
	const text = place.q.toLowerCase();
	const found = list.data
		?.filter((o) => [o.Alias, o.DefaultMailDomain, o.OrganizationId].some((v) => v?.toLowerCase().includes(text)))
		.sort((a, b) => {
			const by = place.sort as keyof OrganizationSummary;
			return String(a[by] ?? "").localeCompare(String(b[by] ?? "")) * (place.descending ? -1 : 1);
		});
	return (
		<>
			<ResourceList<OrganizationSummary>
				name="organizations"
				header={t("title")}
				description={t("description")}
				place={place}
				items={found?.slice((place.page - 1) * place.size, place.page * place.size)}
				total={found?.length ?? 0}
				loading={list.isFetching}
				error={list.error}
				again={() => void list.refetch()}
				id={(o) => o.OrganizationId ?? ""}
				label={(o) => o.Alias ?? ""}
				filterHint={t("filter")}
				readOnly={!may("CreateOrganization")}
				actions={
					may("CreateOrganization") && (
						<Button variant="primary" onClick={() => go(href(region, "organizations", "new"))}>
							{t("create")}
						</Button>
					)
				}
				empty={{
					text: t("empty"),
					action: <Button onClick={() => go(href(region, "organizations", "new"))}>{t("create")}</Button>,
				}}
				columns={[
					{
						id: "alias",
						header: t("alias"),
						sort: "Alias",
						always: true,
						rowHeader: true,
						cell: (o) => <Link href={href(region, "o", o.OrganizationId ?? "")}>{o.Alias}</Link>,
					},
					{
						id: "state",
						header: t("state"),
						sort: "State",
						cell: (o) => <StatusIndicator type={signs[o.State ?? ""] ?? "info"}>{o.State}</StatusIndicator>,
					},
					{ id: "domain", header: t("domain"), sort: "DefaultMailDomain", cell: (o) => o.DefaultMailDomain },
					{ id: "id", header: t("id"), sort: "OrganizationId", cell: (o) => o.OrganizationId },
				]}
			/>
			<CliHint commands={[cliCommand(region, "ListOrganizations", {})]} />
		</>
	);
}
