/**
 * An import: the rows, and what became of each. It lies in the window's session
 * storage, so that a reload goes on: the server knows by the import's id which
 * rows it made already. It is taken away with its passwords when the import has
 * ended, or with its window: no password lies in what a browser keeps longer. Who
 * then chooses the file again imports what is missing, by the server's check.
 */
import type { ImportResult, ImportUser } from "@postroom/api";
import { formatCsv, saveFile } from "@postroom/csv";
import { generatePassword, randomId } from "@postroom/ui";
import type { Checked } from "./import-check.ts";
import type { Fault } from "./import-rows.ts";
import { send } from "./import-send.ts";
import { t } from "./words.ts";

export interface Job {
	id: string;
	file: string;
	rows: ImportUser[];
	/** Lines that were left out, for the report, and those whose users were there before. */
	faults: Fault[];
	there: ImportUser[];
	/** Lines whose password was made here. */
	generated: number[];
}

export function newJob(file: string, checked: Checked): Job {
	const generated: number[] = [];
	const rows = checked.rows.map((row) => {
		if (row.Password || row.Role === "REMOTE_USER" || !row.Email) return row;
		generated.push(row.Line ?? 0);
		return { ...row, Password: generatePassword() };
	});
	const id = `import-${randomId()}`;
	return { id, file, rows, faults: checked.faults, there: checked.there, generated };
}

const key = (org: string): string => `postroom.import.${org}`;

/** Whether the job could be kept: it may be larger than what the browser keeps. */
export function keepJob(org: string, job: Job): boolean {
	try {
		sessionStorage.setItem(key(org), JSON.stringify(job));
		return true;
	} catch {
		return false;
	}
}

export function keptJob(org: string): Job | undefined {
	try {
		return (JSON.parse(sessionStorage.getItem(key(org)) ?? "null") as Job | null) ?? undefined;
	} catch {
		return undefined; // What cannot be read is no job.
	}
}

export const dropJob = (org: string): void => sessionStorage.removeItem(key(org));

export type Results = ReadonlyMap<number, ImportResult>;

/** What the server says of each row; an import that was cut tells by a dry run what it made. */
export async function resultsOf(region: string, org: string, job: Job): Promise<Results> {
	const results = new Map<number, ImportResult>();
	const told = (some: ImportResult[]) => {
		for (const r of some) results.set(r.Line ?? 0, r);
	};
	await send(region, org, job.id, job.rows, { dryRun: true, signal: new AbortController().signal, told });
	return results;
}

/** Whether this import made the user of a row. */
export const isMade = (r: ImportResult | undefined): boolean => r?.Status === "CREATED" || r?.Status === "EXISTS_SAME";

/** How many users whose passwords were generated here are made: these passwords are in the report alone. */
export const secretsOf = (job: Job, results: Results): number =>
	job.generated.filter((line) => isMade(results.get(line))).length;

const became: Partial<Record<ImportResult["Status"] & string, Parameters<typeof t>[0]>> = {
	CREATED: "reportCreated",
	EXISTS_SAME: "reportCreated",
	EXISTS_BEFORE: "reportThere",
	REFUSED: "reportRefused",
};

/** Saves the report: each line of the file in its order, with what became of it. */
export const saveReport = (job: Job, results: Results): void =>
	saveFile(`report-${job.file.replace(/\.\w+$/, "")}.csv`, [reportOf(job, results)]);

function reportOf(job: Job, results: Results): string {
	const made = new Set(job.generated);
	const lines = [
		...job.there.map((row) => ({
			line: row.Line ?? 0,
			cells: [row.Name ?? "", row.Email ?? "", t("reportThere"), "", "", ""],
		})),
		...job.faults.map((f) => ({ line: f.line, cells: [f.name, "", t("reportLeftOut"), "", f.reasons.join("; "), ""] })),
		...job.rows.map((row) => {
			const line = row.Line ?? 0;
			const r = results.get(line);
			return {
				line,
				cells: [
					row.Name ?? "",
					row.Email ?? "",
					t((r?.Status && became[r.Status]) ?? "reportNotDone"),
					r?.UserId ?? "",
					r?.Message ?? "",
					isMade(r) && made.has(line) ? (row.Password ?? "") : "",
				],
			};
		}),
	].sort((a, b) => a.line - b.line);
	return formatCsv([
		["line", "user_name", "email", "result", "user_id", "reason", "generated_password"],
		...lines.map((l) => [String(l.line), ...l.cells]),
	]);
}
