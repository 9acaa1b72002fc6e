import { formatCsv } from "@postroom/csv";
import { expect, test } from "vitest";
import { columns, decode, example, maxRows, partsOf, readSheet, type Sheet } from "./import-rows.ts";

const read = (text: string) => readSheet(text, "acme.example");

const faultsOf = (sheet: Sheet) => sheet.broken.map((b) => b.fault);

test("a sheet with columns in any order, and faults by line", () => {
	const sheet = read(
		[
			"Email;User name;shoe size;groups;hidden;role",
			"ada@example.com;ada;38;staff|board;yes;",
			";bob;;;;remote user",
			"x@example.com;;;;;",
			"ADA@example.com;carol;;;;",
			"d@example.com;ADA;;;;",
			"e@example.com;e;;;;;;",
			";;;;;",
			" ; ;;;;",
		].join("\r\n"),
	);
	expect(sheet.rows).toEqual([
		{ Line: 2, Name: "ada", Email: "ada@example.com", Groups: ["staff", "board"], HiddenFromGlobalAddressList: true },
		{ Line: 3, Name: "bob", Role: "REMOTE_USER" },
	]);
	expect(faultsOf(sheet)).toEqual([
		{ line: 4, name: "", reasons: ["Enter a user name"] },
		{ line: 5, name: "carol", reasons: ["ADA@example.com is already on line 2"] },
		{ line: 6, name: "ADA", reasons: ["ADA is already on line 2"] },
		{ line: 7, name: "e", reasons: ["8 cells, but the first line names 6 columns"] },
	]);
	expect(sheet.ignored).toEqual(["shoe size"]);
});

test.each<[string, RegExp]>([
	["", /no user/],
	["user_name\n", /no user/],
	["user_name,email\n,\n,\n", /no user/],
	["name,email\na,b\n", /must name the columns/],
	["user_name,email,email\na,b,c\n", /Two columns are called email/],
	['user_name\n"a\n', /Line 2: a quoted cell begins/],
	[`user_name\n${"a\n".repeat(maxRows + 1)}`, /at most go at once/],
])("%j is refused", (text, reason) => {
	expect(() => read(text.slice(0))).toThrow(reason);
});

test("a line that ends early is noted, and one with # is not imported", () => {
	const sheet = read("user_name,email,role\na\n#b,x,USER\nc,c@example.com,\n");
	expect(sheet.short).toEqual([{ line: 2, have: 1, want: 3 }]);
	expect(sheet.remarks).toBe(1);
	expect(sheet.rows.map((r) => r.Name)).toEqual(["a", "c"]);
	expect(() => read(formatCsv([columns, example]))).toThrow(/no user/);
	expect(example.length).toBe(columns.length);
});

test("headings as people write them, and an address without a domain", () => {
	expect(read("Username;First name;e-mail\ndora;Dora;dora\n").rows).toEqual([
		{ Line: 2, Name: "dora", FirstName: "Dora", Email: "dora@acme.example" },
	]);
	expect(() => read("Login;First name\ndora;Dora\n")).toThrow("It has: Login, First name.");
	expect(faultsOf(read("user_name,email\na,dora@acme.example\nb,Dora\n"))[0]?.reasons).toEqual([
		"Dora@acme.example is already on line 2",
	]);
});

test("an exported formula comes back as it was", () => {
	expect(read("user_name,display_name\na,'=1+1\n").rows[0]?.DisplayName).toBe("=1+1");
});

test.each<[string, number[], string]>([
	["UTF-8", [0xc3, 0xbc], "ü"],
	["UTF-16 little end first", [0xff, 0xfe, 0xfc, 0x00], "ü"],
	["UTF-16 big end first", [0xfe, 0xff, 0x00, 0xfc], "ü"],
	["Windows", [0xfc], "ü"],
])("a file in %s", (_, bytes, want) => {
	expect(decode(new Uint8Array(bytes).buffer)).toBe(want);
});

test("a password is taken byte for byte", () => {
	const rows = read(`user_name,password\na,"'=secret "\nb, x\n`).rows;
	expect(rows.map((r) => r.Password)).toEqual(["'=secret ", " x"]);
});

test.each<[string, boolean | undefined]>([
	["yes", true],
	["TRUE", true],
	["1", true],
	["Y", true],
	["no", undefined],
	["false", undefined],
	["0", undefined],
	["n", undefined],
	["", undefined],
])("hidden %j", (word, want) => {
	const sheet = read(`user_name,hidden\na,${word}\n`);
	expect(sheet.broken).toEqual([]);
	expect(sheet.rows[0]?.HiddenFromGlobalAddressList).toBe(want);
});

test.each<[string, string, string]>([
	["hidden", "maybe", "hidden is yes or no (also true or false, 1 or 0, y or n), not maybe"],
	["display_name", "x".repeat(257), "display_name has 257 characters; 256 at most are allowed"],
	["groups", `a|${"g".repeat(257)}`, "groups has 257 characters; 256 at most are allowed"],
	["first_name", '"a\tb"', "first_name has a line break, a tab or another control character"],
	["password", '"a\nb"', "password has a line break, a tab or another control character"],
])("a cell of %s that cannot be is a fault of its line", (column, cell, reason) => {
	const sheet = read(`user_name,${column}\na,${cell}\nb,\n`);
	expect(faultsOf(sheet)).toEqual([{ line: 2, name: "a", reasons: [reason] }]);
	expect(sheet.rows.map((r) => r.Name)).toEqual(["b"]);
});

test("all faults of a line are told, and what is sound in it is left for the server to judge", () => {
	const sheet = read(
		`user_name,first_name,email,groups,hidden\na,,a@example.com,,\nA,${"x".repeat(257)},A@example.com,"a\tb",maybe\nb,${"x".repeat(257)},b@example.com,,\n`,
	);
	expect(faultsOf(sheet)).toEqual([
		{
			line: 3,
			name: "A",
			reasons: [
				"first_name has 257 characters; 256 at most are allowed",
				"groups has a line break, a tab or another control character",
				"hidden is yes or no (also true or false, 1 or 0, y or n), not maybe",
				"A is already on line 2",
				"A@example.com is already on line 2",
			],
		},
		{ line: 4, name: "b", reasons: ["first_name has 257 characters; 256 at most are allowed"] },
	]);
	expect(sheet.broken.map((b) => b.rest)).toEqual([
		{ Line: 3, Name: "" },
		{ Line: 4, Name: "b", Email: "b@example.com" },
	]);
	expect(partsOf({ Line: 4, Name: "b", Email: "b@example.com" }, "free")).toEqual([
		{ Line: 4, Name: "b", DisplayName: "free" },
		{ Line: 4, Name: "free-e", DisplayName: "free", Email: "b@example.com" },
	]);
});
