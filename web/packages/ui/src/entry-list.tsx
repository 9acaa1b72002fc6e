import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { dateOf, type EntityState, type FoundGroup, type Within } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { may } from "@postroom/session";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { BreakableText } from "./breakable-text.tsx";
import { CliHint } from "./cli.tsx";
import { codesIn } from "./codes.ts";
import { CodesFilter } from "./codes-filter.tsx";
import type { Column } from "./column.ts";
import { EntryActions, type EntryWork, tagOf } from "./entry-actions.tsx";
import { type EntryInput, type EntryKind, entriesQuestion, entryInput, entrySorts, entryStates } from "./entry-find.ts";
import { EntryState } from "./entry-state.tsx";
import { t } from "./entry-words.ts";
import { Link } from "./link.tsx";
import { ResourceList } from "./list.tsx";
import { useListPlace } from "./list-place.ts";
import { go, href, useQuery as useInUrl } from "./place.ts";
import { useTitle } from "./screen.tsx";

/** What the rows of all kinds have. */
export type EntryRow = FoundGroup;

/** The groups or resources of an organization, found by the server. */
export function EntryList<T extends EntryRow>(props: {
	at: Within;
	kind: EntryKind<T, unknown>;
	words: Record<"title" | "description" | "filter" | "name" | "id" | "create" | "empty", string>;
	/** Beyond those that all entries have. */
	columns?: readonly Column<T>[];
	mayCreate: boolean;
	work: EntryWork;
	command: (input: EntryInput) => string;
}) {
	const { words, kind, work } = props;
	const { path } = kind;
	const { region, org } = props.at;
	useTitle(words.title);
	const place = useListPlace(path, "NAME", entrySorts);
	const [state, setState] = useInUrl("state");
	const [selected, setSelected] = useState<T[]>([]);
	const input = entryInput(org, state, place);
	const list = useQuery({
		...entriesQuestion(kind, props.at, input),
		// What is shown stays until the next page is here.
		placeholderData: (previous) => previous,
	});
	const shown = list.data?.items;
	// What leaves the list is no longer selected; the rest is shown with the state that it has now.
	useEffect(() => {
		if (shown) setSelected((now) => shown.filter((r) => now.some((old) => old.Id === r.Id)));
	}, [shown]);
	const create = () => go(href(region, "o", org, path, "new"));
	return (
		<>
			<ResourceList<T>
				name={path}
				header={words.title}
				description={words.description}
				place={place}
				items={shown}
				total={list.data?.total ?? 0}
				unfiltered={list.data?.unfiltered ?? 0}
				loading={list.isFetching}
				error={list.error}
				again={() => void list.refetch()}
				id={(r) => r.Id ?? ""}
				label={(r) => r.Name ?? ""}
				filterHint={words.filter}
				filters={
					<CodesFilter
						label={t("state")}
						any={t("anyState")}
						all={entryStates}
						word={(code) => t(code as EntityState)}
						value={state}
						set={(next) => {
							setState(next);
							place.setPage(1);
						}}
					/>
				}
				filtered={codesIn(state, entryStates) !== undefined}
				clearFilters={() => setState("")}
				readOnly={!props.mayCreate}
				{...(may("RegisterToWorkMail") ? { selected, onSelect: setSelected } : {})}
				actions={
					<SpaceBetween direction="horizontal" size="xs">
						<EntryActions
							entries={selected.map((r) => ({
								id: r.Id ?? "",
								name: r.Name ?? "",
								email: r.Email,
								state: r.State ?? "DISABLED",
								revision: tagOf(r.Revision),
							}))}
							work={work}
						/>
						{props.mayCreate && (
							<Button
								variant="primary"
								disabled={work.fixed !== undefined}
								disabledReason={work.fixed}
								onClick={create}
							>
								{words.create}
							</Button>
						)}
					</SpaceBetween>
				}
				empty={{ text: words.empty, action: !work.fixed && <Button onClick={create}>{words.create}</Button> }}
				columns={[
					{
						id: "name",
						header: words.name,
						sortingField: "NAME",
						always: true,
						isRowHeader: true,
						cell: (r) => <Link href={href(region, "o", org, path, r.Id ?? "")}>{r.Name}</Link>,
					},
					{
						id: "email",
						header: t("email"),
						sortingField: "EMAIL",
						cell: (r) => (r.Email ? <BreakableText text={r.Email} /> : t("none")),
					},
					{ id: "state", header: t("state"), sortingField: "STATE", cell: (r) => <EntryState state={r.State} /> },
					...(props.columns ?? []),
					{
						id: "enabled",
						header: t("enabledDate"),
						sortingField: "ENABLED_DATE",
						cell: (r) => formatMoment(dateOf(r.EnabledDate)),
					},
					{
						id: "disabled",
						header: t("disabledDate"),
						hidden: true,
						cell: (r) => formatMoment(dateOf(r.DisabledDate)),
					},
					{ id: "id", header: words.id, hidden: true, cell: (r) => r.Id },
				]}
			/>
			<CliHint commands={[props.command(input)]} />
		</>
	);
}
