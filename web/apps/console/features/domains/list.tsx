import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, type FoundMailDomain } from "@postroom/api";
import { may } from "@postroom/session";
import {
	CliHint,
	cliCommand,
	explain,
	href,
	Link,
	lateDialog,
	notify,
	ResourceList,
	tagOf,
	useBusy,
	useListPlace,
	useQuery as usePart,
	useTitle,
} from "@postroom/ui";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { makeDefault, notDefault, notRemovable, Ownership } from "./state.tsx";
import { t } from "./words.ts";

const AddDomain = lateDialog(() => import("./add.tsx"));
const RemoveDomain = lateDialog(() => import("./remove.tsx"));

/** The domains of an organization; the server filters, sorts and pages. */
export default function Domains({ region, org }: { region: string; org: string }) {
	useTitle(t("title"));
	const client = useQueryClient();
	const place = useListPlace("domains", "DomainName", ["DomainName"]);
	const [adding, setAdding] = usePart("add");
	const [removing, setRemoving] = useState("");
	const [selected, setSelected] = useState<FoundMailDomain[]>([]);
	const [busy, run] = useBusy();
	const filter = { OrganizationId: org, Query: place.q || undefined, Descending: place.descending || undefined };
	const page = { ...filter, Offset: (place.page - 1) * place.size || undefined, MaxResults: place.size };
	const list = useQuery({
		queryKey: [region, org, "domain list", page],
		queryFn: () => call("FindMailDomains", page, { region }),
		placeholderData: keepPreviousData,
	});
	// As they are now; what left the page, such as one that was removed, is no longer chosen.
	const current = list.data?.MailDomains?.filter((d) => selected.some((s) => s.DomainName === d.DomainName)) ?? [];
	const chosen = current.length === 1 ? current[0] : undefined;
	// What is told is what the list shows by then.
	const again = () => client.invalidateQueries({ queryKey: [region, org] });
	const setDefault = () =>
		run(async () => {
			const name = chosen?.DomainName ?? "";
			try {
				await makeDefault(region, org, name, tagOf(chosen?.Revision));
				await again();
				notify({ type: "success", content: t("defaultSet", { domain: name }) });
			} catch (error) {
				await again();
				notify({ type: "error", content: explain(error) });
			}
		});
	const mayChange = may("RegisterMailDomain");
	const noDefault = chosen ? notDefault(chosen, chosen.State) : t("chooseOne");
	const noRemoval = chosen ? notRemovable(chosen) : t("chooseOne");
	const add = <Button onClick={() => setAdding("1")}>{t("add")}</Button>;
	return (
		<>
			<ResourceList<FoundMailDomain>
				name="domains"
				header={t("title")}
				description={t("description")}
				place={place}
				items={list.data?.MailDomains}
				total={list.data?.Total ?? 0}
				unfiltered={list.data?.Unfiltered ?? 0}
				loading={list.isFetching}
				error={list.error}
				again={() => void list.refetch()}
				id={(d) => d.DomainName ?? ""}
				label={(d) => d.DomainName ?? ""}
				filterHint={t("filter")}
				readOnly={!mayChange}
				{...(mayChange ? { selected: current, onSelect: setSelected } : {})}
				actions={
					mayChange && (
						<SpaceBetween direction="horizontal" size="xs">
							<Button
								loading={busy}
								disabled={noDefault !== undefined}
								disabledReason={noDefault}
								onClick={() => void setDefault()}
							>
								{t("setDefault")}
							</Button>
							<Button
								disabled={noRemoval !== undefined}
								disabledReason={noRemoval}
								onClick={() => setRemoving(chosen?.DomainName ?? "")}
							>
								{t("remove")}
							</Button>
							<Button variant="primary" onClick={() => setAdding("1")}>
								{t("add")}
							</Button>
						</SpaceBetween>
					)
				}
				empty={{ text: t("empty"), action: add }}
				columns={[
					{
						id: "domain",
						header: t("domain"),
						sortingField: "DomainName",
						always: true,
						isRowHeader: true,
						cell: (d) => <Link href={href(region, "o", org, "domains", d.DomainName ?? "")}>{d.DomainName}</Link>,
					},
					{
						id: "state",
						header: t("state"),
						cell: (d) => <Ownership status={d.State} />,
					},
					{
						id: "kind",
						header: t("kind"),
						cell: (d) => (
							<>
								{d.IsDefault && <Badge color="blue">{t("default")}</Badge>}{" "}
								{d.IsTestDomain && <Badge>{t("test")}</Badge>}
								{!d.IsDefault && !d.IsTestDomain && t("none")}
							</>
						),
					},
				]}
			/>
			{adding !== "" && mayChange && <AddDomain region={region} org={org} close={() => setAdding("")} />}
			{removing !== "" && <RemoveDomain region={region} org={org} name={removing} close={() => setRemoving("")} />}
			<CliHint
				commands={[
					cliCommand(region, "ListMailDomains", { OrganizationId: org }),
					cliCommand(region, "FindMailDomains", filter),
				]}
			/>
		</>
	);
}
