import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Column } from "./column.ts";
import { counter } from "./counter.ts";
import { ErrorBox } from "./errors.tsx";
import { whenIdle } from "./idle.ts";
import { latePart } from "./late.tsx";
import type { ListPlace } from "./list-place.ts";
import { useNarrow } from "./narrow.ts";
import { Pages } from "./pages.tsx";
import { useStacked } from "./stacked.tsx";
import { t } from "./words.ts";

export interface ResourceListProps<T> {
	/** Key of the preferences and of the elements for tests. */
	name: string;
	header: string;
	description?: string;
	place: ListPlace;
	columns: readonly Column<T>[];
	/** Undefined while the first page is loading. */
	items: readonly T[] | undefined;
	/** Of all pages. */
	total: number;
	/** Whatever the filters leave out. */
	unfiltered: number;
	loading: boolean;
	error: unknown;
	again: () => void;
	id: (item: T) => string;
	label: (item: T) => string;
	actions?: ReactNode;
	/** Beside the text filter, such as a choice of states. */
	filters?: ReactNode;
	filterHint: string;
	/** Whether `filters` leave something out. */
	filtered?: boolean;
	clearFilters?: () => void;
	/** What to do when there is nothing at all. */
	empty: { text: ReactNode; action?: ReactNode };
	selected?: readonly T[];
	onSelect?: (items: T[]) => void;
	/** Nothing can be added here; a text says what else may be changed. */
	readOnly?: boolean | string;
}

const ListPreferences = latePart(
	whenIdle(() => import("./list-preferences.tsx")),
	() => <Button iconName="settings" variant="icon" ariaLabel={t("preferences")} disabled />,
);

/** So many columns of a row are seen on a phone beside its name and state. */
const beside = 2;

/** A list of the server's, with its five states: loading, empty, no match, error, read-only. */
export function ResourceList<T>(props: ResourceListProps<T>) {
	const { place } = props;
	const shown = place.preferences.columns;
	const narrow = useNarrow();
	const stacked = useStacked();
	const visible = props.columns.filter((c) => c.always || (shown ? shown.includes(c.id) : !c.hidden));
	// A row on a phone: what it is, its state, and what of the rest comes first.
	const rest = visible.filter((c) => !c.always && c.id !== "state").slice(0, beside);
	const seen = narrow && !shown ? visible.filter((c) => c.always || c.id === "state" || rest.includes(c)) : visible;
	const sorting = props.columns.find((c) => c.sortingField === place.sort);
	const pages = Math.max(1, Math.ceil(props.total / place.size));
	const narrowed = place.q !== "" || props.filtered === true;
	// A page behind the last one, of an old or a crafted address, is the last one.
	const beyond = props.items !== undefined && !props.loading && place.page > pages;
	const { setPage } = place;
	useEffect(() => {
		if (beyond) setPage(pages);
	}, [beyond, pages, setPage]);
	const clear = () => {
		place.setQ("");
		props.clearFilters?.();
	};
	const selection: Partial<TableProps<T>> =
		props.onSelect && !props.readOnly
			? {
					selectionType: "multi",
					selectedItems: props.selected ?? [],
					onSelectionChange: (event) => props.onSelect?.(event.detail.selectedItems),
				}
			: {};
	if (props.error !== undefined && props.error !== null && props.items === undefined)
		return <ErrorBox error={props.error} again={props.again} page={props.header} />;
	return (
		<Table<T>
			{...selection}
			variant="full-page"
			stickyHeader
			items={props.items ?? []}
			trackBy={(item) => props.id(item)}
			loading={beyond || (props.loading && props.items === undefined)}
			loadingText={t("loading")}
			wrapLines={narrow || place.preferences.wrap}
			columnDefinitions={stacked<T>(seen, true)}
			{...(sorting ? { sortingColumn: { sortingField: place.sort } } : {})}
			sortingDescending={place.descending}
			onSortingChange={(event) => {
				const by = event.detail.sortingColumn.sortingField;
				if (by) place.setSort(by, event.detail.isDescending ?? false);
			}}
			header={
				<Header
					variant="awsui-h1-sticky"
					counter={props.items ? counter(props.unfiltered, props.total, props.selected?.length) : ""}
					description={props.readOnly ? (props.readOnly === true ? t("readOnly") : props.readOnly) : props.description}
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							<Button iconName="refresh" ariaLabel={t("refresh")} onClick={props.again} loading={props.loading} />
							{props.actions}
						</SpaceBetween>
					}
				>
					{props.header}
				</Header>
			}
			filter={
				<div className="postroom-filter">
					<DelayedFilter
						place={place}
						name={props.header}
						hint={props.filterHint}
						count={narrowed ? props.total : undefined}
					/>
					{props.filters}
				</div>
			}
			// On a phone it stands above and below: of one page nobody needs it twice.
			pagination={
				(!narrow || pages > 1) && <Pages name={props.header} page={place.page} setPage={place.setPage} pages={pages} />
			}
			preferences={<ListPreferences place={place} columns={props.columns} visible={visible.map((c) => c.id)} />}
			empty={
				<Box textAlign="center" padding="l">
					<SpaceBetween size="s">
						{narrowed ? (
							<>
								<Box variant="strong">{t("noMatch")}</Box>
								<Box color="text-body-secondary">{t("noMatchHelp")}</Box>
								<Button onClick={clear}>{t("clearFilter")}</Button>
							</>
						) : (
							<>
								<Box variant="strong">{t("empty")}</Box>
								<Box color="text-body-secondary">{props.empty.text}</Box>
								{!props.readOnly && props.empty.action}
							</>
						)}
					</SpaceBetween>
				</Box>
			}
			ariaLabels={{
				tableLabel: props.header,
				allItemsSelectionLabel: () => t("selectAll"),
				selectionGroupLabel: props.header,
				itemSelectionLabel: (_, item) => t("selectRow", { name: props.label(item) }),
			}}
		/>
	);
}

/** Filters a moment after the last key, so that each letter is not a call. */
function DelayedFilter(props: { place: ListPlace; name: string; hint: string; count: number | undefined }) {
	const { place, name, hint, count } = props;
	const [text, setText] = useState(place.q);
	const timer = useRef<number>(undefined);
	// What is typed keeps its spaces: the next word may follow.
	useEffect(() => setText((now) => (now.trim() === place.q ? now : place.q)), [place.q]);
	useEffect(() => () => window.clearTimeout(timer.current), []);
	return (
		<TextFilter
			filteringText={text}
			filteringPlaceholder={hint}
			filteringAriaLabel={t("findIn", { name })}
			filteringClearAriaLabel={t("clearFilter")}
			countText={count === undefined ? "" : t("matches", { count })}
			onChange={(event) => {
				setText(event.detail.filteringText);
				window.clearTimeout(timer.current);
				timer.current = window.setTimeout(() => place.setQ(event.detail.filteringText.trim()), 200);
			}}
		/>
	);
}
