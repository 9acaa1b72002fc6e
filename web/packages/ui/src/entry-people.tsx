import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { type Candidate, call, type RelatedEntry, type Within } from "@postroom/api";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { BreakableText } from "./breakable-text.tsx";
import { counter } from "./counter.ts";
import { EntryState } from "./entry-state.tsx";
import { ErrorBox } from "./errors.tsx";
import { AddPeople, type PeopleSteps, RemovePeople } from "./people-dialogs.tsx";
import { t } from "./people-words.ts";
import { personLink, personOf } from "./person.tsx";
import { useQuery as useInUrl } from "./place.ts";
import { useStacked } from "./stacked.tsx";

/** How deep groups open; further down each has its own page. */
const levels = 3;

/** So many are read at once. */
const atOnce = 100;

/** What a list of people is asked for. */
export interface PeopleInput {
	Query?: string;
	Offset: number;
	MaxResults: number;
}

export interface PeoplePage {
	people: readonly RelatedEntry[] | undefined;
	total: number | undefined;
}

export async function membersOf(
	{ region, org }: Within,
	GroupId: string,
	input: PeopleInput,
	signal?: AbortSignal,
): Promise<PeoplePage> {
	const page = await call("FindGroupMembers", { OrganizationId: org, GroupId, ...input }, { region, signal });
	return { people: page.Members, total: page.Total };
}

/** One at its place in the tree: the same one may stand at several. */
interface Node {
	path: string;
	who: Candidate;
	level: number;
}

/** The list of a group, or the outermost one. */
interface Branch {
	people: Candidate[] | undefined;
	more: boolean;
	total: number;
	loading: boolean;
	error: unknown;
	again: () => void;
}

/** Reads the outermost list and those of the groups that are open, each as far as was asked for. */
function useBranches(at: Within, id: string, read: PeopleProps["read"], query: string, groups: readonly string[]) {
	const [pages, setPages] = useState<ReadonlyMap<string, number>>(new Map());
	const lists = ["", ...groups];
	const wanted = lists.flatMap((list) =>
		Array.from({ length: pages.get(list) ?? 1 }, (_, page) => ({ list, Offset: page * atOnce })),
	);
	const keyOf = (list: string, query: string, Offset: number) => [at.region, at.org, "people", id, list, query, Offset];
	const results = useQueries({
		queries: wanted.map(({ list, Offset }) => ({
			queryKey: keyOf(list, list ? "" : query, Offset),
			queryFn: ({ signal }: { signal: AbortSignal }) => {
				const input = { Offset, MaxResults: atOnce };
				if (list) return membersOf(at, list, input, signal);
				return read({ ...input, ...(query ? { Query: query } : {}) }, signal);
			},
		})),
	});
	const of = (list: string): Branch => {
		const parts = results.filter((_, i) => wanted[i]?.list === list);
		const first = parts[0]?.data;
		// What moved from one page to the next meanwhile stands once.
		const people = new Map(parts.flatMap((p) => p.data?.people ?? []).map((e) => [e.Id, personOf(e)]));
		return {
			people: first && [...people.values()],
			total: first?.total ?? 0,
			more: (pages.get(list) ?? 1) * atOnce < (first?.total ?? 0),
			loading: parts.some((p) => p.isFetching),
			error: parts.find((p) => p.error && !p.data)?.error,
			again: () => {
				for (const p of parts) void p.refetch();
			},
		};
	};
	const more = (list: string) => setPages((now) => new Map(now).set(list, (now.get(list) ?? 1) + 1));
	const client = useQueryClient();
	// As it was read without a filter, where nothing changed since.
	const known = client.getQueryState<PeoplePage>(keyOf("", "", 0));
	const all = known?.isInvalidated ? undefined : known?.data?.total;
	return { of, more, all };
}

export interface PeopleProps extends PeopleSteps {
	at: Within;
	/** Of the entry whose people these are. */
	id: string;
	words: PeopleSteps["words"] & Record<"header" | "help" | "empty" | "add", string>;
	read: (input: PeopleInput, signal: AbortSignal) => Promise<PeoplePage>;
	/** Why those chosen must stay; undefined where they may go. */
	stay?: (chosen: readonly Candidate[]) => ReactNode;
}

/** The members of a group or the delegates of a resource; groups among them open in place. */
export function EntryPeople(props: PeopleProps) {
	const { at, words, add, remove, fixed } = props;
	const stacked = useStacked();
	const [query, setQuery] = useInUrl("find");
	const [text, setText] = useState(query);
	const [open, setOpen] = useState<readonly Node[]>([]);
	const [selected, setSelected] = useState<readonly string[]>([]);
	const [step, setStep] = useState<"add" | "remove">();
	const branches = useBranches(at, props.id, props.read, query, [...new Set(open.map((n) => n.who.id))]);
	const root = branches.of("");
	const nodesOf = (people: readonly Candidate[] | undefined, above: string, level: number): Node[] =>
		(people ?? []).map((who) => ({ path: `${above}/${who.id}`, who, level }));
	const top = nodesOf(root.people, "", 1);
	const chosen = top.filter((n) => selected.includes(n.path));
	const selectable = add && remove && !fixed;
	if (root.error && !root.people) return <ErrorBox error={root.error} again={root.again} />;
	return (
		<div className="postroom-tree">
			<Table<Node>
				items={top}
				trackBy="path"
				loading={!root.people}
				loadingText={t("loading")}
				wrapLines
				{...(selectable
					? {
							selectionType: "multi" as const,
							selectedItems: chosen,
							onSelectionChange: ({ detail }) =>
								setSelected(detail.selectedItems.filter((n) => n.level === 1).map((n) => n.path)),
							isItemDisabled: (n: Node) => n.level > 1,
						}
					: {})}
				expandableRows={{
					getItemChildren: (n) => nodesOf(branches.of(n.who.id).people, n.path, n.level + 1),
					isItemExpandable: (n) => n.who.kind === "GROUP" && n.level < levels,
					expandedItems: open,
					onExpandableItemToggle: ({ detail }) =>
						setOpen((now) => [
							...now.filter((n) => n.path !== detail.item.path),
							...(detail.expanded ? [detail.item] : []),
						]),
				}}
				getLoadingStatus={(n) => {
					const branch = branches.of(n?.who.id ?? "");
					if (branch.error) return "error";
					if (n && !branch.people) return "loading";
					if (branch.more) return "pending";
					return branch.loading && n ? "loading" : "finished";
				}}
				renderLoaderPending={({ item }) => (
					<Button variant="inline-link" onClick={() => branches.more(item?.who.id ?? "")}>
						{item ? t("moreOf", { name: item.who.name }) : t("more")}
					</Button>
				)}
				renderLoaderLoading={({ item }) => (
					<StatusIndicator type="loading">
						{item ? t("nestedLoading", { name: item.who.name }) : t("loading")}
					</StatusIndicator>
				)}
				renderLoaderError={({ item }) => (
					<>
						<StatusIndicator type="error">{t("nestedFailed", { name: item?.who.name ?? props.name })}</StatusIndicator>{" "}
						<Button variant="inline-link" onClick={branches.of(item?.who.id ?? "").again}>
							{t("tryAgain")}
						</Button>
					</>
				)}
				renderLoaderEmpty={() => <Box color="text-body-secondary">{t("nestedEmpty")}</Box>}
				header={
					<Header
						variant="h2"
						description={words.help}
						counter={root.people ? counter(branches.all ?? root.total, root.total) : ""}
						actions={
							<SpaceBetween direction="horizontal" size="xs">
								<Button
									iconName="refresh"
									ariaLabel={t("refresh")}
									loading={root.loading}
									onClick={() => {
										root.again();
										for (const n of open) branches.of(n.who.id).again();
									}}
								/>
								{remove && (
									<Button
										disabled={fixed !== undefined || chosen.length === 0}
										disabledReason={fixed}
										onClick={() => setStep("remove")}
									>
										{t("remove")}
									</Button>
								)}
								{add && (
									<Button
										variant="primary"
										disabled={fixed !== undefined}
										disabledReason={fixed}
										onClick={() => setStep("add")}
									>
										{words.add}
									</Button>
								)}
							</SpaceBetween>
						}
					>
						{words.header}
					</Header>
				}
				filter={
					<TextFilter
						filteringText={text}
						filteringPlaceholder={t("findHint")}
						filteringAriaLabel={t("find", { name: words.header })}
						filteringClearAriaLabel={t("clear")}
						countText={query && root.people ? t("matches", { count: root.total }) : ""}
						onChange={({ detail }) => setText(detail.filteringText)}
						onDelayedChange={({ detail }) => setQuery(detail.filteringText.trim())}
					/>
				}
				empty={
					<Box textAlign="center" color="text-body-secondary">
						{query ? t("noMatch") : words.empty}
					</Box>
				}
				ariaLabels={{
					tableLabel: words.header,
					selectionGroupLabel: words.header,
					allItemsSelectionLabel: () => t("selectAll"),
					itemSelectionLabel: (_, n) => t("select", { name: n.who.name }),
					expandButtonLabel: (n) => t("expand", { name: n.who.name }),
					collapseButtonLabel: (n) => t("collapse", { name: n.who.name }),
				}}
				columnDefinitions={stacked<Node>([
					{ id: "name", header: t("name"), isRowHeader: true, cell: (n) => personLink(at)(n.who) },
					{
						id: "email",
						header: t("email"),
						cell: (n) => (n.who.email ? <BreakableText text={n.who.email} /> : t("none")),
					},
					{
						id: "kind",
						header: t("kind"),
						cell: (n) =>
							n.who.kind === "GROUP" && n.level >= levels ? `${t("GROUP")}: ${t("nestedDeep")}` : t(n.who.kind),
					},
					{ id: "state", header: t("state"), cell: (n) => <EntryState state={n.who.state} /> },
				])}
			/>
			{step === "add" && (
				<AddPeople {...props} there={new Set(root.people?.map((p) => p.id))} close={() => setStep(undefined)} />
			)}
			{step === "remove" && (
				<RemovePeople
					{...props}
					people={chosen.map((n) => n.who)}
					stay={props.stay?.(chosen.map((n) => n.who))}
					close={() => setStep(undefined)}
				/>
			)}
		</div>
	);
}
