/** From a CSV file to the rows that the API imports, with what is wrong in each line. */
import type { ImportUser } from "@postroom/api";
import { CsvError, original, parseCsv } from "@postroom/csv";
import { t } from "./words.ts";

/** The columns, in the order of the template. */
export const columns = [
	"user_name",
	"first_name",
	"last_name",
	"display_name",
	"email",
	"password",
	"groups",
	"role",
	"hidden",
] as const;

type Column = (typeof columns)[number];

/** What the server lets through at most, in characters; of groups, each. */
const limits: Partial<Record<Column, number>> = {
	user_name: 64,
	first_name: 256,
	last_name: 256,
	display_name: 256,
	email: 254,
	password: 63,
	groups: 256,
	role: 64,
};
const maxGroups = 20;

export const maxBytes = 10 * 1024 * 1024;
export const maxRows = 50_000;

export interface Fault {
	line: number;
	name: string;
	reason: string;
}

export interface Sheet {
	rows: ImportUser[];
	faults: Fault[];
	/** Columns of the file that mean nothing here. */
	ignored: string[];
}

/** Bytes as text: UTF-8, UTF-16 with its mark, else what old table programs write. */
export function decode(bytes: ArrayBuffer): string {
	const start = new Uint8Array(bytes.slice(0, 2));
	if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
	if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder("windows-1252").decode(bytes);
	}
}

/** Reads a file; throws an error with its reason where it is none that can be imported. */
export function readSheet(text: string): Sheet {
	let records: ReturnType<typeof parseCsv>;
	try {
		records = parseCsv(text);
	} catch (error) {
		if (error instanceof CsvError) throw new Error(t(error.fault, { line: error.line }));
		throw error;
	}
	const [head, ...body] = records;
	if (!head || body.length === 0) throw new Error(t("fileEmpty"));
	if (body.length > maxRows) throw new Error(t("fileRows", { count: body.length, most: maxRows }));
	const names = head.cells.map((c) =>
		c
			.trim()
			.toLowerCase()
			.replace(/[\s-]+/g, "_"),
	);
	const where = new Map(columns.map((c) => [c, names.indexOf(c)]));
	if ((where.get("user_name") ?? -1) < 0) throw new Error(t("fileHeader"));
	const twice = columns.find((c) => names.indexOf(c) !== names.lastIndexOf(c));
	if (twice) throw new Error(t("fileTwice", { name: twice }));
	const sheet: Sheet = {
		rows: [],
		faults: [],
		ignored: head.cells.filter((_, i) => !(columns as readonly string[]).includes(names[i] ?? "")).map((c) => c.trim()),
	};
	const seen = { name: new Map<string, number>(), email: new Map<string, number>() };
	for (const record of body) {
		const cell = (c: Column): string => {
			const raw = record.cells[where.get(c) ?? -1] ?? "";
			// A password is what stands there, byte for byte.
			return c === "password" ? raw : original(raw.trim());
		};
		const name = cell("user_name");
		const fault =
			record.cells.length > head.cells.length
				? t("lineCells", { have: record.cells.length, want: head.cells.length })
				: name === ""
					? t("nameMissing")
					: (strange(cell) ?? again(seen.name, name, record.line) ?? again(seen.email, cell("email"), record.line));
		if (fault) sheet.faults.push({ line: record.line, name, reason: fault });
		else sheet.rows.push(rowOf(record.line, cell));
	}
	return sheet;
}

const groupsOf = (cell: string): string[] =>
	cell
		.split(/[;|]/)
		.map((g) => g.trim())
		.filter(Boolean);

/** The fault of a line by its cells alone. */
function strange(cell: (c: Column) => string): string | undefined {
	for (const name of columns) {
		const value = cell(name);
		if (/\p{Cc}/u.test(value)) return t("lineControl", { name });
		const most = limits[name];
		if (most === undefined) continue;
		for (const part of name === "groups" ? groupsOf(value) : [value]) {
			const count = [...part].length;
			if (count > most) return t("lineLong", { name, count, most });
		}
	}
	const count = groupsOf(cell("groups")).length;
	if (count > maxGroups) return t("lineGroups", { count, most: maxGroups });
	const hidden = cell("hidden");
	return /^(yes|no|true|false|1|0|y|n)?$/i.test(hidden) ? undefined : t("lineHidden", { value: hidden });
}

/** The fault of a value that an earlier line has. */
function again(seen: Map<string, number>, value: string, line: number): string | undefined {
	const key = value.toLowerCase();
	const first = seen.get(key);
	if (key === "" || first === undefined) {
		seen.set(key, line);
		return undefined;
	}
	return t("lineTwice", { value, line: first });
}

function rowOf(line: number, cell: (c: Column) => string): ImportUser {
	const groups = groupsOf(cell("groups"));
	return {
		Line: line,
		Name: cell("user_name"),
		FirstName: cell("first_name") || undefined,
		LastName: cell("last_name") || undefined,
		DisplayName: cell("display_name") || undefined,
		Email: cell("email") || undefined,
		Password: cell("password") || undefined,
		Groups: groups.length > 0 ? groups : undefined,
		Role: cell("role").toUpperCase().replaceAll(" ", "_") || undefined,
		HiddenFromGlobalAddressList: /^(yes|true|1|y)$/i.test(cell("hidden")) || undefined,
	};
}
