/** The check of a file: what is wrong in each line, by its cells and by the server, before anything is done. */
import type { ImportResult, ImportUser } from "@postroom/api";
import { type Fault, partsOf, type Sheet } from "./import-rows.ts";
import { send } from "./import-send.ts";

/** For so many lines all faults are looked for; lines behind them tell the first. */
export const mostFaults = 200;

export const reasonOf = (r: ImportResult): string => r.Message ?? r.ErrorCode ?? "";

export interface Checked {
	/** The rows that can be imported. */
	rows: ImportUser[];
	/** The rows whose users are there already, and are what the rows say. */
	there: ImportUser[];
	/** In the order of the lines. */
	faults: Fault[];
}

/** Asks the server about each line, and about the parts of those that have a fault. */
export async function checkSheet(
	region: string,
	org: string,
	sheet: Sheet,
	how: { signal: AbortSignal; progress: (done: number, count: number) => void },
): Promise<Checked> {
	const id = `check-${Date.now()}`;
	const faults = new Map<number, Fault>(sheet.broken.map(({ fault }) => [fault.line, fault]));
	const parts = sheet.broken.slice(0, mostFaults).flatMap(({ rest }) => partsOf(rest, `${id}-${rest.Line}`));
	const refused: ImportUser[] = [];
	const there = new Set<ImportUser>();
	const count = sheet.rows.length;
	let done = 0;
	how.progress(0, count);
	const ask = (rows: readonly ImportUser[], told: (r: ImportResult, row: ImportUser) => void) => {
		let at = 0;
		return send(region, org, id, rows, {
			dryRun: true,
			signal: how.signal,
			told: (results) => {
				for (const r of results) {
					const row = rows[at++];
					if (row) told(r, row);
				}
				if (rows !== sheet.rows || how.signal.aborted) return;
				done += results.length;
				how.progress(done, count);
			},
		});
	};
	await ask(sheet.rows, (r, row) => {
		if (r.Status === "EXISTS_BEFORE") there.add(row);
		if (r.Status !== "REFUSED") return;
		refused.push(row);
		faults.set(row.Line ?? 0, { line: row.Line ?? 0, name: row.Name ?? "", reasons: [reasonOf(r)] });
	});
	for (const row of refused.slice(0, mostFaults - Math.min(mostFaults, sheet.broken.length)))
		parts.push(...partsOf(row, `${id}-${row.Line}`));
	await ask(parts, (r, row) => {
		const fault = faults.get(row.Line ?? 0);
		if (fault && r.Status === "REFUSED" && !fault.reasons.includes(reasonOf(r))) fault.reasons.push(reasonOf(r));
	});
	return {
		rows: sheet.rows.filter((r) => !faults.has(r.Line ?? 0) && !there.has(r)),
		there: [...there],
		faults: [...faults.values()].sort((a, b) => a.line - b.line),
	};
}
