import Button from "@cloudscape-design/components/button";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { dateOf, type Resource } from "@postroom/api";
import { formatDay } from "@postroom/i18n";
import { may } from "@postroom/session";
import {
	CliHint,
	cliCommand,
	EntryActions,
	go,
	href,
	Link,
	ResourceList,
	useQuery as useInUrl,
	useListPlace,
	useTitle,
} from "@postroom/ui";
import { useEffect, useState } from "react";
import { type Asked, entryOf, findInput, useResources } from "./data.ts";
import { t } from "./words.ts";
import { useResourceWork } from "./work.tsx";

const states = ["ENABLED", "DISABLED"] as const;

export const StateSign = ({ state }: { state: "ENABLED" | "DISABLED" | "DELETED" | undefined }) => (
	<StatusIndicator type={state === "ENABLED" ? "success" : "stopped"}>{t(state ?? "DISABLED")}</StatusIndicator>
);

/** The resources of an organization, found by the server. */
export default function Resources({ region, org }: { region: string; org: string }) {
	useTitle(t("title"));
	const at = { region, org };
	const place = useListPlace("resources", "NAME", ["NAME", "EMAIL", "STATE", "ENABLED_DATE"]);
	const [state, setState] = useInUrl("state");
	const [selected, setSelected] = useState<Resource[]>([]);
	const asked: Asked = {
		text: place.q,
		state,
		sort: place.sort,
		descending: place.descending,
		page: place.page,
		size: place.size,
	};
	const list = useResources(at, asked);
	const shown = list.data?.Resources;
	// What leaves the list is no longer selected; the rest is shown with the state that it has now.
	useEffect(() => {
		if (shown) setSelected((now) => shown.filter((r) => now.some((old) => old.Id === r.Id)));
	}, [shown]);
	const work = useResourceWork(at);
	const create = () => go(href(region, "o", org, "resources", "new"));
	const options = [{ value: "", label: t("anyState") }, ...states.map((value) => ({ value, label: t(value) }))];
	return (
		<>
			<ResourceList<Resource>
				name="resources"
				header={t("title")}
				description={t("description")}
				place={place}
				items={list.data ? (list.data.Resources ?? []) : undefined}
				total={list.data?.Total ?? 0}
				loading={list.isFetching}
				error={list.error}
				again={() => void list.refetch()}
				id={(r) => r.Id ?? ""}
				label={(r) => r.Name ?? ""}
				filterHint={t("filter")}
				filters={
					<Select
						ariaLabel={t("stateFilter")}
						selectedOption={options.find((o) => o.value === state) ?? null}
						options={options}
						onChange={({ detail }) => {
							setState(detail.selectedOption.value ?? "");
							place.setPage(1);
						}}
					/>
				}
				filtered={state !== ""}
				clearFilters={() => setState("")}
				readOnly={!may("CreateResource")}
				{...(may("RegisterToWorkMail") ? { selected, onSelect: setSelected } : {})}
				actions={
					<SpaceBetween direction="horizontal" size="xs">
						<EntryActions entries={selected.map(entryOf)} work={work} />
						{may("CreateResource") && (
							<Button variant="primary" onClick={create}>
								{t("create")}
							</Button>
						)}
					</SpaceBetween>
				}
				empty={{ text: t("empty"), action: <Button onClick={create}>{t("create")}</Button> }}
				columns={[
					{
						id: "name",
						header: t("name"),
						sort: "NAME",
						always: true,
						rowHeader: true,
						cell: (r) => <Link href={href(region, "o", org, "resources", r.Id ?? "")}>{r.Name}</Link>,
					},
					{ id: "email", header: t("email"), sort: "EMAIL", cell: (r) => r.Email ?? t("none") },
					{ id: "state", header: t("state"), sort: "STATE", cell: (r) => <StateSign state={r.State} /> },
					{ id: "type", header: t("type"), cell: (r) => t(r.Type ?? "ROOM") },
					{ id: "text", header: t("text"), cell: (r) => r.Description ?? t("none") },
					{
						id: "enabled",
						header: t("enabledDate"),
						sort: "ENABLED_DATE",
						cell: (r) => formatDay(dateOf(r.EnabledDate)),
					},
					{
						id: "disabled",
						header: t("disabledDate"),
						hidden: true,
						cell: (r) => formatDay(dateOf(r.DisabledDate)),
					},
					{ id: "id", header: t("id"), hidden: true, cell: (r) => r.Id },
				]}
			/>
			<CliHint commands={[cliCommand(region, "FindResources", findInput(org, asked))]} />
		</>
	);
}
