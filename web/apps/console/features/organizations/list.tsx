import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { FoundOrganization } from "@postroom/api";
import { formatNumber } from "@postroom/i18n";
import { may } from "@postroom/session";
import {
	CliHint,
	cliCommand,
	go,
	href,
	Link,
	lateDialog,
	OrganizationState,
	ResourceList,
	useQuery as useInUrl,
	useTitle,
	useWholeList,
} from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { elsewhereQuestion, organizationsQuestion } from "./find.ts";
import { t } from "./words.ts";

/** Where there are organizations, for who looks in the wrong region: asked only where there is none. */
function Elsewhere({ region }: { region: string }) {
	const { data } = useQuery(elsewhereQuestion(region));
	return data?.map(({ name, count }) => (
		<div key={name}>
			<Link href={href(name, "organizations")}>{t("elsewhere", { region: name, count })}</Link>
		</div>
	));
}

const DeleteOrganization = lateDialog(() => import("./delete.tsx"));

/** States that pass by themselves. */
const passing = ["Requested", "Creating", "Deleting"];

const serves = (o: FoundOrganization): boolean => o.State === "Active" || o.State === "Impaired";

export default function Organizations({ region }: { region: string }) {
	useTitle(t("title"));
	const list = useQuery({
		...organizationsQuestion(region),
		refetchInterval: ({ state }) => (state.data?.some((o) => passing.includes(o.State ?? "")) ? 2000 : false),
	});
	const whole = useWholeList({
		name: "organizations",
		list,
		id: (o) => o.OrganizationId ?? "",
		texts: (o) => [o.Alias, o.DefaultMailDomain, o.OrganizationId],
		sorts: ["Alias", "State", "DefaultMailDomain", "OrganizationId"],
	});
	const [selected, setSelected] = useState<FoundOrganization[]>([]);
	// The page of an organization asks for it by the address.
	const [asked, setAsked] = useInUrl("delete");
	const deleting = list.data?.find((o) => o.OrganizationId === asked && may("DeleteOrganization"));
	const chosen =
		selected.length === 1 ? list.data?.find((o) => o.OrganizationId === selected[0]?.OrganizationId) : undefined;
	return (
		<>
			<ResourceList<FoundOrganization>
				{...whole}
				header={t("title")}
				description={t("description")}
				label={(o) => o.Alias ?? ""}
				filterHint={t("filter")}
				readOnly={!may("CreateOrganization") && (may("CreateUser") ? t("chosenOnly") : true)}
				{...(may("DeleteOrganization") ? { selected, onSelect: setSelected } : {})}
				actions={
					<SpaceBetween direction="horizontal" size="xs">
						{may("DeleteOrganization") && (
							<Button
								disabled={!chosen || chosen.State === "Deleting"}
								onClick={() => setAsked(chosen?.OrganizationId ?? "")}
							>
								{t("delete")}
							</Button>
						)}
						{may("CreateOrganization") && (
							<Button variant="primary" onClick={() => go(href(region, "organizations", "new"))}>
								{t("create")}
							</Button>
						)}
					</SpaceBetween>
				}
				empty={{
					text: (
						<>
							{t("empty")} <Elsewhere region={region} />
						</>
					),
					action: <Button onClick={() => go(href(region, "organizations", "new"))}>{t("create")}</Button>,
				}}
				columns={[
					{
						id: "alias",
						header: t("alias"),
						sortingField: "Alias",
						always: true,
						isRowHeader: true,
						cell: (o) => <Link href={href(region, "o", o.OrganizationId ?? "")}>{o.Alias}</Link>,
					},
					{
						id: "state",
						header: t("state"),
						sortingField: "State",
						cell: (o) => <OrganizationState state={o.State} />,
					},
					{ id: "domain", header: t("domain"), sortingField: "DefaultMailDomain", cell: (o) => o.DefaultMailDomain },
					{
						id: "users",
						header: t("users"),
						cell: (o) => (serves(o) ? formatNumber(o.EnabledUsers ?? 0) : "–"),
					},
					{ id: "id", header: t("id"), sortingField: "OrganizationId", cell: (o) => o.OrganizationId },
				]}
			/>
			{deleting && <DeleteOrganization region={region} of={deleting} close={() => setAsked("")} />}
			<CliHint commands={[cliCommand(region, "ListOrganizations", {})]} />
		</>
	);
}
