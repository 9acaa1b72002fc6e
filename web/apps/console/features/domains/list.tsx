import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, type MailDomainSummary, pages } from "@postroom/api";
import { may } from "@postroom/session";
import {
	CliHint,
	cliCommand,
	explain,
	href,
	Link,
	notify,
	ResourceList,
	useBusy,
	useListPlace,
	useQuery as usePart,
	useTitle,
} from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { domainQuery, makeDefault, Ownership } from "./state.tsx";
import { t } from "./words.ts";

const AddDomain = lazy(() => import("./add.tsx"));
const RemoveDomain = lazy(() => import("./remove.tsx"));

async function all(region: string, org: string): Promise<MailDomainSummary[]> {
	const list: MailDomainSummary[] = [];
	for await (const page of pages((NextToken) =>
		call("ListMailDomains", { OrganizationId: org, NextToken, MaxResults: 100 }, { region }),
	))
		list.push(...(page.MailDomains ?? []));
	return list;
}

/** The domains of an organization: a thousand at most, so they are read whole. */
export default function Domains({ region, org }: { region: string; org: string }) {
	useTitle(t("title"));
	const client = useQueryClient();
	const place = useListPlace("domains", "DomainName", ["DomainName"]);
	const [adding, setAdding] = usePart("add");
	const [removing, setRemoving] = useState("");
	const [selected, setSelected] = useState<MailDomainSummary[]>([]);
	const [busy, run] = useBusy();
	const list = useQuery({ queryKey: [region, org, "domains"], queryFn: () => all(region, org) });
	const text = place.q.toLowerCase();
	const found = list.data
		?.filter((d) => d.DomainName?.includes(text))
		.sort((a, b) => (a.DomainName ?? "").localeCompare(b.DomainName ?? "") * (place.descending ? -1 : 1));
	const only = selected.length === 1 ? list.data?.find((d) => d.DomainName === selected[0]?.DomainName) : undefined;
	const details = useQuery({ ...domainQuery(region, org, only?.DomainName ?? ""), enabled: only !== undefined });
	const chosen = only ? details.data : undefined;
	const setDefault = () =>
		run(async () => {
			const name = only?.DomainName ?? "";
			try {
				await makeDefault(region, org, name, chosen?.etag);
				notify({ type: "success", content: t("defaultSet", { domain: name }) });
			} catch (error) {
				notify({ type: "error", content: explain(error) });
			}
			await client.invalidateQueries({ queryKey: [region, org] });
		});
	const mayChange = may("RegisterMailDomain");
	const add = <Button onClick={() => setAdding("1")}>{t("add")}</Button>;
	return (
		<>
			<ResourceList<MailDomainSummary>
				name="domains"
				header={t("title")}
				description={t("description")}
				place={place}
				items={found?.slice((place.page - 1) * place.size, place.page * place.size)}
				total={found?.length ?? 0}
				loading={list.isFetching}
				error={list.error}
				again={() => void client.invalidateQueries({ queryKey: [region, org, "domains"] })}
				id={(d) => d.DomainName ?? ""}
				label={(d) => d.DomainName ?? ""}
				filterHint={t("filter")}
				readOnly={!mayChange}
				{...(mayChange ? { selected, onSelect: setSelected } : {})}
				actions={
					mayChange && (
						<SpaceBetween direction="horizontal" size="xs">
							<Button
								loading={busy}
								disabled={
									!chosen || chosen.output.IsDefault || chosen.output.OwnershipVerificationStatus !== "VERIFIED"
								}
								onClick={() => void setDefault()}
							>
								{t("setDefault")}
							</Button>
							<Button
								disabled={!chosen || chosen.output.IsDefault || chosen.output.IsTestDomain}
								onClick={() => setRemoving(only?.DomainName ?? "")}
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
						sort: "DomainName",
						always: true,
						rowHeader: true,
						cell: (d) => <Link href={href(region, "o", org, "domains", d.DomainName ?? "")}>{d.DomainName}</Link>,
					},
					{
						id: "state",
						header: t("state"),
						cell: (d) => <State region={region} org={org} name={d.DomainName ?? ""} />,
					},
					{
						id: "kind",
						header: t("kind"),
						cell: (d) => <Use region={region} org={org} of={d} />,
					},
				]}
			/>
			{adding !== "" && mayChange && (
				<Suspense>
					<AddDomain region={region} org={org} close={() => setAdding("")} />
				</Suspense>
			)}
			{removing !== "" && (
				<Suspense>
					<RemoveDomain region={region} org={org} name={removing} close={() => setRemoving("")} />
				</Suspense>
			)}
			<CliHint commands={[cliCommand(region, "ListMailDomains", { OrganizationId: org })]} />
		</>
	);
}

/** Asked row by row: the list of the API does not say it. */
function State({ region, org, name }: { region: string; org: string; name: string }) {
	const { data } = useQuery({ ...domainQuery(region, org, name), staleTime: 30_000 });
	return <Ownership status={data?.output.OwnershipVerificationStatus} />;
}

function Use({ region, org, of }: { region: string; org: string; of: MailDomainSummary }) {
	const { data } = useQuery({ ...domainQuery(region, org, of.DomainName ?? ""), staleTime: 30_000 });
	return (
		<SpaceBetween direction="horizontal" size="xs">
			{of.DefaultDomain && <Badge color="blue">{t("default")}</Badge>}
			{data?.output.IsTestDomain && <Badge>{t("test")}</Badge>}
		</SpaceBetween>
	);
}
