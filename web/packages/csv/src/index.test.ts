import { describe, expect, test } from "vitest";
import { CsvError, dated, formatCsv, harmless, original, parseCsv } from "./index.ts";

const cells = (text: string) => parseCsv(text).map((r) => r.cells);

describe("parseCsv", () => {
	test.each<[string, string, string[][]]>([
		["nothing", "", []],
		["a byte order mark alone", "\uFEFF", []],
		[
			"lines by LF",
			"a,b\nc,d\n",
			[
				["a", "b"],
				["c", "d"],
			],
		],
		[
			"lines by CRLF, none at the end",
			"a,b\r\nc,d",
			[
				["a", "b"],
				["c", "d"],
			],
		],
		[
			"lines by CR",
			"a,b\rc,d\r",
			[
				["a", "b"],
				["c", "d"],
			],
		],
		["a mark before a quoted cell", '\uFEFF"a",b\n', [["a", "b"]]],
		[
			"empty cells",
			"a,,\n,,b\n",
			[
				["a", "", ""],
				["", "", "b"],
			],
		],
		["an empty cell at the end of the file", "a,", [["a", ""]]],
		["empty lines", "a\n\n\nb\n\n", [["a"], ["b"]]],
		["a quoted empty cell is a line like an empty one", '""\n', []],
		["separators in quotes", '"a,b",c\n', [["a,b", "c"]]],
		["quotes in quotes", '"say ""yes""",x\n', [['say "yes"', "x"]]],
		["only quotes", '"""",x\n', [['"', "x"]]],
		[
			"lines in quotes",
			'"a\r\nb","c\nd"\ne,f',
			[
				["a\r\nb", "c\nd"],
				["e", "f"],
			],
		],
		["a quote inside a cell", 'a"b,c\n', [['a"b', "c"]]],
		[
			"semicolons",
			"a;b\n1,5;2\n",
			[
				["a", "b"],
				["1,5", "2"],
			],
		],
		[
			"tabs",
			"a\tb\n1;2\t3\n",
			[
				["a", "b"],
				["1;2", "3"],
			],
		],
		["a separator that the first line names", "sep=;\r\na,b;c\r\n", [["a,b", "c"]]],
		["a separator that is named behind a mark", '\uFEFFSEP=|\n"a|b"|c,d,e\n', [["a|b", "c,d,e"]]],
		["a separator named and no more", "sep=,", []],
		[
			"what only begins like a separator's name",
			"sep=;;\nx;y;z\n",
			[
				["sep=", "", ""],
				["x", "y", "z"],
			],
		],
		["spaces are kept", " a , b \n", [[" a ", " b "]]],
		["signs of all planes", "😀,שלום,<script>\n", [["😀", "שלום", "<script>"]]],
	])("%s", (_, text, want) => {
		expect(cells(text)).toEqual(want);
	});

	test("lines are counted where records begin", () => {
		expect(parseCsv('h\n\n"a\nb"\r\nc\n').map((r) => r.line)).toEqual([1, 3, 5]);
		expect(parseCsv("sep=;\nh\n\na\n").map((r) => r.line)).toEqual([2, 4]);
	});

	test.each<[string, number, string]>([
		['a,b\n"c,d\ne', 2, "quoteOpen"],
		['a\n"b"c\n', 2, "quoteAfter"],
		['"', 1, "quoteOpen"],
	])("%j is refused", (text, line, fault) => {
		try {
			parseCsv(text);
			expect.unreachable();
		} catch (error) {
			expect(error).toBeInstanceOf(CsvError);
			expect([(error as CsvError).line, (error as CsvError).fault]).toEqual([line, fault]);
		}
	});

	test("what is written reads as it was", () => {
		const records = [
			["a", 'b"c', "d,e"],
			["", "f\r\ng", "h;i\tj"],
			[" x ", "😀", "ü"],
		];
		expect(cells(formatCsv(records))).toEqual(records);
	});

	test("chance bytes never hang it", () => {
		let seed = 7;
		const random = (n: number) => {
			seed = (seed * 1103515245 + 12345) & 0x7fffffff;
			return seed % n;
		};
		for (let i = 0; i < 5000; i++) {
			const text = Array.from({ length: random(30) }, () => '",;\t\r\na\uFEFF'[random(8)]).join("");
			try {
				parseCsv(text);
			} catch (error) {
				expect(error).toBeInstanceOf(CsvError);
			}
		}
	});
});

test.each([
	...["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\nx", "\tx"],
	...["\uFF1D1", "\uFF0B1", "\uFF0D1", "\uFF20A1", " =1", "\u00A0 +1", " \uFF1D1", "\u3000@A1", " \n-1"],
])("%j is written harmless", (cell) => {
	expect(harmless(cell)).toBe(`'${cell}`);
	expect(original(harmless(cell))).toBe(cell);
	expect(cells(formatCsv([["x", cell]]))[0]?.[1]).toBe(`'${cell}`);
});

test.each(["a=1", "", "'quoted", "1-2", " x", "a\n=1", "a\uFF1D1"])("%j is written as it is", (cell) => {
	expect(harmless(cell)).toBe(cell);
	expect(original(cell)).toBe(cell);
});

test("a file is named by the day that the reader has", () => {
	expect(dated("users", new Date(2026, 0, 2, 0, 0, 1))).toBe("users-2026-01-02.csv");
	expect(dated("users", new Date(2026, 10, 30, 23, 59, 59))).toBe("users-2026-11-30.csv");
});
