import Button from "@cloudscape-design/components/button";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { dateOf, type Group } from "@postroom/api";
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
import { type Asked, entryOf, findInput, useGroups } from "./data.ts";
import { t } from "./words.ts";
import { useGroupWork } from "./work.tsx";

const states = ["ENABLED", "DISABLED"] as const;

export const StateSign = ({ state }: { state: "ENABLED" | "DISABLED" | "DELETED" | undefined }) => (
	<StatusIndicator type={state === "ENABLED" ? "success" : "stopped"}>{t(state ?? "DISABLED")}</StatusIndicator>
);

/** The groups of an organization, found by the server. */
export default function Groups({ region, org }: { region: string; org: string }) {
	useTitle(t("title"));
	const at = { region, org };
	const place = useListPlace("groups", "NAME", ["NAME", "EMAIL", "STATE", "ENABLED_DATE"]);
	const [state, setState] = useInUrl("state");
	const [selected, setSelected] = useState<Group[]>([]);
	const asked: Asked = {
		text: place.q,
		state,
		sort: place.sort,
		descending: place.descending,
		page: place.page,
		size: place.size,
	};
	const list = useGroups(at, asked);
	const shown = list.data?.Groups;
	// What leaves the list is no longer selected; the rest is shown with the state that it has now.
	useEffect(() => {
		if (shown) setSelected((now) => shown.filter((g) => now.some((old) => old.Id === g.Id)));
	}, [shown]);
	const work = useGroupWork(at);
	const create = () => go(href(region, "o", org, "groups", "new"));
	const options = [{ value: "", label: t("anyState") }, ...states.map((value) => ({ value, label: t(value) }))];
	return (
		<>
			<ResourceList<Group>
				name="groups"
				header={t("title")}
				description={t("description")}
				place={place}
				items={list.data ? (list.data.Groups ?? []) : undefined}
				total={list.data?.Total ?? 0}
				loading={list.isFetching}
				error={list.error}
				again={() => void list.refetch()}
				id={(g) => g.Id ?? ""}
				label={(g) => g.Name ?? ""}
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
				readOnly={!may("CreateGroup")}
				{...(may("RegisterToWorkMail") ? { selected, onSelect: setSelected } : {})}
				actions={
					<SpaceBetween direction="horizontal" size="xs">
						<EntryActions entries={selected.map(entryOf)} work={work} />
						{may("CreateGroup") && (
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
						cell: (g) => <Link href={href(region, "o", org, "groups", g.Id ?? "")}>{g.Name}</Link>,
					},
					{ id: "email", header: t("email"), sort: "EMAIL", cell: (g) => g.Email ?? t("none") },
					{ id: "state", header: t("state"), sort: "STATE", cell: (g) => <StateSign state={g.State} /> },
					{
						id: "enabled",
						header: t("enabledDate"),
						sort: "ENABLED_DATE",
						cell: (g) => formatDay(dateOf(g.EnabledDate)),
					},
					{
						id: "disabled",
						header: t("disabledDate"),
						hidden: true,
						cell: (g) => formatDay(dateOf(g.DisabledDate)),
					},
					{ id: "id", header: t("id"), hidden: true, cell: (g) => g.Id },
				]}
			/>
			<CliHint commands={[cliCommand(region, "FindGroups", findInput(org, asked))]} />
		</>
	);
}
