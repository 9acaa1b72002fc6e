/**
 * An import: the rows, what became of each, and where it stands. It lies in the
 * window's session storage, so that a reload goes on: the server knows by the
 * import's id which rows it made already. It is taken away with its passwords
 * when the import has ended.
 */
import type { ImportResult, ImportUser } from "@postroom/api";
import { formatCsv } from "@postroom/csv";
import { generatePassword } from "@postroom/ui";
import type { Fault } from "./import-rows.ts";
import { t } from "./words.ts";

export interface Job {
	id: string;
	/** Whose it is: nobody else goes on with it. */
	administrator: string;
	file: string;
	rows: ImportUser[];
	/** Lines that were left out, for the report. */
	faults: Fault[];
	/** Lines whose password was made here. */
	generated: number[];
}

export function newJob(
	administrator: string,
	file: string,
	rows: readonly ImportUser[],
	faults: readonly Fault[],
): Job {
	const generated: number[] = [];
	const whole = rows.map((row) => {
		if (row.Password || row.Role === "REMOTE_USER" || !row.Email) return row;
		generated.push(row.Line ?? 0);
		return { ...row, Password: generatePassword() };
	});
	const id = `import-${crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-")}`;
	return { id, administrator, file, rows: whole, faults: [...faults], generated };
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

export function keptJob(org: string, administrator: string): Job | undefined {
	try {
		const job = JSON.parse(sessionStorage.getItem(key(org)) ?? "null") as Job | null;
		if (job && job.administrator === administrator) return job;
		dropJob(org);
	} catch {
		// What cannot be read is no job.
	}
	return undefined;
}

export const dropJob = (org: string): void => sessionStorage.removeItem(key(org));

/** The report: each line of the file in its order, with what became of it. */
export function reportOf(job: Job, results: ReadonlyMap<number, ImportResult>): string {
	const made = new Set(job.generated);
	const lines = [
		...job.faults.map((f) => ({ line: f.line, cells: [f.name, "", t("reportLeftOut"), "", f.reasons.join("; "), ""] })),
		...job.rows.map((row) => {
			const line = row.Line ?? 0;
			const r = results.get(line);
			const there = r?.Status === "CREATED" || r?.Status === "EXISTS_SAME";
			return {
				line,
				cells: [
					row.Name ?? "",
					row.Email ?? "",
					t(there ? "reportCreated" : r ? "reportRefused" : "reportNotDone"),
					r?.UserId ?? "",
					r?.Message ?? "",
					there && made.has(line) ? (row.Password ?? "") : "",
				],
			};
		}),
	].sort((a, b) => a.line - b.line);
	return formatCsv([
		["line", "user_name", "email", "result", "user_id", "reason", "generated_password"],
		...lines.map((l) => [String(l.line), ...l.cells]),
	]);
}
