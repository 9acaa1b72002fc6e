/**
 * Comma-separated values (RFC 4180): quoted fields with separators, line ends
 * and doubled quotes in them; LF, CRLF and CR end a line; a byte order mark is
 * left out; the separator is what a first line `sep=;` names, a spreadsheet's
 * own mark; else a comma, or a semicolon or tab where the first line has more
 * of these.
 */

/** A record and the line, from 1, where it begins. */
export interface CsvRecord {
	line: number;
	cells: string[];
}

/** What cannot be read: the line and why, as a key of the words. */
export class CsvError extends Error {
	constructor(
		readonly line: number,
		readonly fault: "quoteOpen" | "quoteAfter",
	) {
		super(`line ${line}: ${fault}`);
	}
}

/** Reads a whole text. Lines without any character are left out. */
export function parseCsv(text: string): CsvRecord[] {
	const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
	const [mark, named] = /^sep=([^"\r\n])(?:\r\n|\r|\n|$)/i.exec(source) ?? [""];
	const separator = named ?? separatorOf(source);
	const records: CsvRecord[] = [];
	let line = mark ? 2 : 1;
	let at = mark.length;
	while (at < source.length) {
		const record: CsvRecord = { line, cells: [] };
		for (;;) {
			let cell: string;
			if (source[at] === '"') {
				const begin = line;
				let value = "";
				for (at++; ; at++) {
					const end = source.indexOf('"', at);
					if (end < 0) throw new CsvError(begin, "quoteOpen");
					const part = source.slice(at, end);
					line += lineEnds(part);
					value += part;
					at = end + 1;
					if (source[at] !== '"') break;
					value += '"';
				}
				cell = value;
				if (at < source.length && source[at] !== separator && source[at] !== "\n" && source[at] !== "\r")
					throw new CsvError(line, "quoteAfter");
			} else {
				const end = endOfCell(source, at, separator);
				cell = source.slice(at, end);
				at = end;
			}
			record.cells.push(cell);
			if (source[at] !== separator) break;
			at++;
		}
		if (source[at] === "\r" && source[at + 1] === "\n") at++;
		at++;
		line++;
		if (record.cells.length > 1 || record.cells[0] !== "") records.push(record);
	}
	return records;
}

function endOfCell(source: string, from: number, separator: string): number {
	let at = from;
	while (at < source.length) {
		const c = source[at];
		if (c === separator || c === "\n" || c === "\r") break;
		at++;
	}
	return at;
}

const lineEnds = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;

function separatorOf(source: string): string {
	const first = source.split(/[\r\n]/, 1)[0] ?? "";
	const counts = [",", ";", "\t"].map((s) => [s, first.split(s).length] as const);
	return counts.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** How a cell begins that a table program takes for a formula: also behind white space, and by full-width signs. */
const formula = String.raw`(?:\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n])`;
const isFormula = new RegExp(`^${formula}`);
const wasFormula = new RegExp(`^'${formula}`);

/** A cell as a table program must see it: one that it would take for a formula gets an apostrophe first. */
export const harmless = (cell: string): string => (isFormula.test(cell) ? `'${cell}` : cell);

/** The cell that `harmless` was made of. */
export const original = (cell: string): string => (wasFormula.test(cell) ? cell.slice(1) : cell);

/** Records as text, CRLF behind each, cells harmless. */
export function formatCsv(records: readonly (readonly (string | undefined)[])[]): string {
	return records
		.map((cells) =>
			cells
				.map((cell) => harmless(cell ?? ""))
				.map((cell) => (/[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
				.join(","),
		)
		.map((line) => `${line}\r\n`)
		.join("");
}

/** A name for a file of today, by the reader's calendar. */
export function dated(name: string, now = new Date()): string {
	const two = (n: number) => String(n).padStart(2, "0");
	return `${name}-${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}.csv`;
}

/** Gives the reader a file. */
export function saveFile(name: string, parts: readonly string[]): void {
	// The mark tells table programs that this is UTF-8.
	const url = URL.createObjectURL(new Blob(["\uFEFF", ...parts], { type: "text/csv;charset=utf-8" }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
