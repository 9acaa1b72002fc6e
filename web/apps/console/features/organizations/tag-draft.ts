/** What is typed over the tags that were read, and how it stands to what others save meanwhile. */
import type { TagEditorProps } from "@cloudscape-design/components/tag-editor";
import type { Tag } from "@postroom/api";
import type { Tags } from "./find.ts";

export type Rows = readonly TagEditorProps.Tag[];

export interface Draft {
	/** What was read when the typing began. */
	base: Tags;
	rows: Rows;
}

export const rowsOf = ({ list }: Tags): Rows => list.map((g) => ({ key: g.Key, value: g.Value, existing: true }));

/** The one change that makes the rows of the tags. Keys are any text, `__proto__` too: so not by getTagsDiff's object. */
export function changeOf({ base, rows }: Draft): { Tags: Tag[]; TagKeys: string[] } {
	const was = new Map(base.list.map((g) => [g.Key, g.Value]));
	const put = new Map<string, string>();
	for (const row of rows)
		if (!row.existing || (!row.markedForRemoval && was.get(row.key) !== row.value)) put.set(row.key, row.value);
	return {
		Tags: [...put].map(([Key, Value]) => ({ Key, Value })),
		TagKeys: rows.filter((row) => row.existing && row.markedForRemoval && !put.has(row.key)).map((row) => row.key),
	};
}

export const sameTags = (a: Tags, b: Tags): boolean => JSON.stringify(a.list) === JSON.stringify(b.list);

/**
 * The draft over what is there now: what was not touched follows it, what was keeps what was typed. `theirs` are
 * the tags that both changed, as another saved them; undefined where they removed one.
 */
export function rebased(draft: Draft, base: Tags): { draft: Draft; theirs: Map<string, string | undefined> } {
	const { Tags, TagKeys } = changeOf(draft);
	const typed = new Map(Tags.map((g) => [g.Key, g.Value]));
	const was = new Map(draft.base.list.map((g) => [g.Key, g.Value]));
	const now = new Map(base.list.map((g) => [g.Key, g.Value]));
	const rows = rowsOf(base).map((row) => ({
		...row,
		value: typed.get(row.key) ?? row.value,
		markedForRemoval: TagKeys.includes(row.key),
	}));
	const added = Tags.filter((g) => !now.has(g.Key)).map((g) => ({ key: g.Key, value: g.Value, existing: false }));
	const theirs = new Map<string, string | undefined>();
	for (const key of [...typed.keys(), ...TagKeys])
		if (now.get(key) !== was.get(key) && now.get(key) !== typed.get(key)) theirs.set(key, now.get(key));
	return { draft: { base, rows: [...rows, ...added] }, theirs };
}
