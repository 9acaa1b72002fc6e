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

/** The example of the template: its # keeps it from being imported. */
export const example = [
	"#first.last",
	"First",
	"Last",
	"First Last",
	"first.last@example.com",
	"",
	"Group one;Group two",
	"USER",
	"no",
] as const;

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

/** A line that cannot be imported, with all that is wrong in it. */
export interface Fault {
	line: number;
	name: string;
	reasons: string[];
}

/** A line with faults of its own, and the cells that the server may look at all the same. */
export interface Broken {
	fault: Fault;
	/** Without the cells that are at fault. */
	rest: ImportUser;
}

export interface Sheet {
	rows: ImportUser[];
	broken: Broken[];
	/** Lines that end early: what is missing is taken as empty. */
	short: { line: number; have: number; want: number }[];
	/** Lines that begin with #, as the example of the template does. */
	remarks: number;
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

/** Reads a file, an address without @ as one of `domain`; throws an error with its reason where it is none that can be imported. */
export function readSheet(text: string, domain: string): Sheet {
	let records: ReturnType<typeof parseCsv>;
	try {
		records = parseCsv(text);
	} catch (error) {
		if (error instanceof CsvError) throw new Error(t(error.fault, { line: error.line }));
		throw error;
	}
	// A spreadsheet writes rows that were emptied as separators alone.
	const [head, ...body] = records.filter(({ cells }) => cells.some((c) => c.trim() !== ""));
	if (!head || body.length === 0) throw new Error(t("fileEmpty"));
	if (body.length > maxRows) throw new Error(t("fileRows", { count: body.length, most: maxRows }));
	const names = head.cells.map(columnOf);
	const where = new Map(columns.map((c) => [c, names.indexOf(c)]));
	if ((where.get("user_name") ?? -1) < 0) throw new Error(t("fileHeader", { names: namesIn(head.cells) }));
	const twice = columns.find((c) => names.indexOf(c) !== names.lastIndexOf(c));
	if (twice) throw new Error(t("fileTwice", { name: twice }));
	const sheet: Sheet = {
		rows: [],
		broken: [],
		short: [],
		remarks: 0,
		ignored: head.cells.filter((_, i) => !(columns as readonly string[]).includes(names[i] ?? "")).map((c) => c.trim()),
	};
	const seen = { name: new Map<string, number>(), email: new Map<string, number>() };
	for (const record of body) {
		const cell = (c: Column): string => {
			const raw = record.cells[where.get(c) ?? -1] ?? "";
			// A password is what stands there, byte for byte.
			if (c === "password") return raw;
			const text = original(raw.trim());
			return c === "email" && text !== "" && !text.includes("@") ? `${text}@${domain}` : text;
		};
		const name = cell("user_name");
		if (name.startsWith("#")) {
			sheet.remarks++;
			continue;
		}
		const [have, want] = [record.cells.length, head.cells.length];
		if (have < want) sheet.short.push({ line: record.line, have, want });
		const faults = strange(cell);
		const note = (c: Column, fault: string | undefined) => fault && faults.push([c, fault]);
		if (name === "") note("user_name", t("nameMissing"));
		note("user_name", again(seen.name, name, record.line));
		note("email", again(seen.email, cell("email"), record.line));
		const whole = have <= want;
		const reasons = [...(whole ? [] : [t("lineCells", { have, want })]), ...faults.map(([, fault]) => fault)];
		if (reasons.length === 0) {
			sheet.rows.push(rowOf(record.line, cell));
			continue;
		}
		// With a cell too many nobody knows which cell is which.
		const sound = (c: Column) => (whole && !faults.some(([at]) => at === c) ? cell(c) : "");
		sheet.broken.push({ fault: { line: record.line, name, reasons }, rest: rowOf(record.line, sound) });
	}
	if (sheet.remarks === body.length) throw new Error(t("fileEmpty"));
	return sheet;
}

/** The column that a heading means, as "User name" and "username" do: user_name. */
const columnOf = (heading: string): string => {
	const plain = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, "");
	return columns.find((c) => plain(c) === plain(heading)) ?? heading;
};

/** So much of a first line is repeated. */
const mostHeading = 200;

const namesIn = (headings: readonly string[]): string => {
	const names = headings.map((h) => h.trim()).join(", ");
	return names.length > mostHeading ? `${names.slice(0, mostHeading)}…` : names;
};

const groupsOf = (cell: string): string[] =>
	cell
		.split(/[;|]/)
		.map((g) => g.trim())
		.filter(Boolean);

/** The faults of a line by its cells alone, each with its column. */
function strange(cell: (c: Column) => string): [Column, string][] {
	const faults: [Column, string][] = [];
	for (const name of columns) {
		const value = cell(name);
		if (/\p{Cc}/u.test(value)) faults.push([name, t("lineControl", { name })]);
		const most = limits[name];
		const long = (name === "groups" ? groupsOf(value) : [value])
			.map((part) => [...part].length)
			.find((count) => most !== undefined && count > most);
		if (long !== undefined) faults.push([name, t("lineLong", { name, count: long, most: most ?? 0 })]);
	}
	const count = groupsOf(cell("groups")).length;
	if (count > maxGroups) faults.push(["groups", t("lineGroups", { count, most: maxGroups })]);
	const hidden = cell("hidden");
	if (!/^(yes|no|true|false|1|0|y|n)?$/i.test(hidden)) faults.push(["hidden", t("lineHidden", { value: hidden })]);
	return faults;
}

/**
 * The parts of a row that the server judges apart from each other: it says the
 * first fault of a row alone. Each part stands in for a whole user; `stand` is a
 * name that is free.
 */
export function partsOf(row: ImportUser, stand: string): ImportUser[] {
	const { Line, Name, Email, Password, Groups, Role } = row;
	const part = (sign: string, cells: Partial<ImportUser>): ImportUser => ({
		Line,
		Name: stand + sign,
		DisplayName: stand,
		Role,
		...cells,
	});
	return [
		part("-n", Name ? { Name } : {}),
		...(Email ? [part("-e", { Email })] : []),
		...(Password && Role !== "REMOTE_USER" ? [part("-p", { Password })] : []),
		...(Groups ?? []).map((group, i) => part(`-g${i}`, { Groups: [group] })),
	];
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
