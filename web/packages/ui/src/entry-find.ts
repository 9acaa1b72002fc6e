import type { Answer, EntitySortField, EntityState, Question, Within } from "@postroom/api";
import { codesIn } from "./codes.ts";
import { type ListView, listViewIn } from "./list-place.ts";
import { valueIn } from "./place.ts";

/** How the lists and the pages of groups and resources ask, also before they are there: no component comes with this file. */
export interface EntryKind<Row, Whole> {
	/** Part of the address, and key of what is kept. */
	path: string;
	find: (at: Within, input: EntryInput) => Promise<Found<Row>>;
	/** By id, name or address of mail. */
	read: (at: Within, id: string) => Promise<Answer<Whole>>;
}

export interface Found<Row> {
	items: Row[];
	total: number;
	unfiltered: number;
}

export const entrySorts = ["NAME", "EMAIL", "STATE", "ENABLED_DATE"];
export const entryStates = ["ENABLED", "DISABLED"] as const satisfies readonly EntityState[];

/** What a list asks the server for. */
export const entryInput = (org: string, state: string, view: ListView) => ({
	OrganizationId: org,
	...(view.q ? { Query: view.q } : {}),
	States: codesIn(state, entryStates) ?? [...entryStates],
	SortBy: view.sort as EntitySortField,
	...(view.descending ? { Descending: true } : {}),
	...(view.page > 1 ? { Offset: (view.page - 1) * view.size } : {}),
	MaxResults: view.size,
});

export type EntryInput = ReturnType<typeof entryInput>;

export const entriesQuestion = <Row, Whole>(
	kind: EntryKind<Row, Whole>,
	at: Within,
	input: EntryInput,
): Question<Found<Row>> => ({
	queryKey: [at.region, at.org, kind.path, input],
	queryFn: () => kind.find(at, input),
});

export const entryQuestion = <Row, Whole>(
	kind: EntryKind<Row, Whole>,
	at: Within,
	id: string,
): Question<Answer<Whole>> => ({
	queryKey: [at.region, at.org, "entry", id],
	queryFn: () => kind.read(at, id),
});

/** What the list of a kind asks first, by its address. */
export const firstEntries =
	<Row, Whole>(kind: EntryKind<Row, Whole>) =>
	(at: Within, query: URLSearchParams): Question => {
		const view = listViewIn(query, kind.path, "NAME", entrySorts);
		return entriesQuestion(kind, at, entryInput(at.org, valueIn(query, "state"), view));
	};

/** What the page of a kind asks first. */
export const firstEntry =
	<Row, Whole>(kind: EntryKind<Row, Whole>) =>
	({ region, org, id }: Within & { id: string }): Question =>
		entryQuestion(kind, { region, org }, id);
