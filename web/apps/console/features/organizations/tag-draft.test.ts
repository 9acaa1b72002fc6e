import { expect, test } from "vitest";
import { changeOf, rebased, rowsOf } from "./tag-draft.ts";

const tagsOf = (tags: Record<string, string>, etag = "1") => ({
	list: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
	etag,
});

const added = (key: string, value: string) => ({ key, value, existing: false });

test("what is as it was is no change", () => {
	const base = tagsOf({ a: "1", constructor: "x" });
	expect(changeOf({ base, rows: rowsOf(base) })).toEqual({ Tags: [], TagKeys: [] });
});

test("tags are added, changed and removed", () => {
	const base = tagsOf({ a: "1", b: "2", c: "3" });
	const rows = rowsOf(base).map((row) => ({
		...row,
		value: row.key === "a" ? "one" : row.value,
		markedForRemoval: row.key === "b",
	}));
	expect(changeOf({ base, rows: [...rows, added("d", "4")] })).toEqual({
		Tags: [
			{ Key: "a", Value: "one" },
			{ Key: "d", Value: "4" },
		],
		TagKeys: ["b"],
	});
});

test("a tag that is removed and added again is put", () => {
	const base = tagsOf({ a: "1" });
	const rows = [...rowsOf(base).map((row) => ({ ...row, markedForRemoval: true })), added("a", "2")];
	expect(changeOf({ base, rows })).toEqual({ Tags: [{ Key: "a", Value: "2" }], TagKeys: [] });
});

test.each(["constructor", "toString", "__proto__"])("the key %s is one like any other", (key) => {
	const none = tagsOf({});
	const put = { Tags: [{ Key: key, Value: "x" }], TagKeys: [] };
	const draft = { base: none, rows: [added(key, "x")] };
	expect(changeOf(draft)).toEqual(put);
	expect(changeOf(rebased(draft, tagsOf({ a: "1" }, "2")).draft)).toEqual(put);
	const base = { list: [{ Key: key, Value: "x" }], etag: "1" };
	const rows = rowsOf(base).map((row) => ({ ...row, markedForRemoval: true }));
	expect(changeOf({ base, rows })).toEqual({ Tags: [], TagKeys: [key] });
});
