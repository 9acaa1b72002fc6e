import { expect, test } from "vitest";
import { decode, maxRows, readSheet } from "./import-rows.ts";

test("a sheet with columns in any order, and faults by line", () => {
	const sheet = readSheet(
		[
			"Email;User name;shoe size;groups;hidden;role",
			"ada@example.com;ada;38;staff|board;yes;",
			";bob;;;;remote user",
			"x@example.com;;;;;",
			"ADA@example.com;carol;;;;",
			"d@example.com;ADA;;;;",
			"e@example.com;e;;;;;;",
		].join("\r\n"),
	);
	expect(sheet.rows).toEqual([
		{ Line: 2, Name: "ada", Email: "ada@example.com", Groups: ["staff", "board"], HiddenFromGlobalAddressList: true },
		{ Line: 3, Name: "bob", Role: "REMOTE_USER" },
	]);
	expect(sheet.faults).toEqual([
		{ line: 4, name: "", reason: "Enter a user name" },
		{ line: 5, name: "carol", reason: "ADA@example.com stands in line 2 already" },
		{ line: 6, name: "ADA", reason: "ADA stands in line 2 already" },
		{ line: 7, name: "e", reason: "8 cells, but the first line names 6 columns" },
	]);
	expect(sheet.ignored).toEqual(["shoe size"]);
});

test.each<[string, RegExp]>([
	["", /no user/],
	["user_name\n", /no user/],
	["name,email\na,b\n", /must name the columns/],
	["user_name,email,email\na,b,c\n", /Two columns are called email/],
	['user_name\n"a\n', /Line 2: a quoted cell begins/],
	[`user_name\n${"a\n".repeat(maxRows + 1)}`, /at most go at once/],
])("%j is refused", (text, reason) => {
	expect(() => readSheet(text.slice(0))).toThrow(reason);
});

test("an exported formula comes back as it was", () => {
	expect(readSheet("user_name,display_name\na,'=1+1\n").rows[0]?.DisplayName).toBe("=1+1");
});

test.each<[string, number[], string]>([
	["UTF-8", [0xc3, 0xbc], "ü"],
	["UTF-16 little end first", [0xff, 0xfe, 0xfc, 0x00], "ü"],
	["UTF-16 big end first", [0xfe, 0xff, 0x00, 0xfc], "ü"],
	["Windows", [0xfc], "ü"],
])("a file in %s", (_, bytes, want) => {
	expect(decode(new Uint8Array(bytes).buffer)).toBe(want);
});
