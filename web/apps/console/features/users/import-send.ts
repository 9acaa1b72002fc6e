import { ApiError, call, type ImportResult, type ImportUser } from "@postroom/api";

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** Well below the longest body that the server reads, which is 1 MiB. */
const mostBytes = 512 * 1024;

const bytesOf = (row: ImportUser): number => new TextEncoder().encode(JSON.stringify(row)).length;

/** The rows from `from` on that go in one call: `size` at most, fewer where they are long, and one at least. */
function partOf(rows: readonly ImportUser[], from: number, size: number): ImportUser[] {
	let to = from;
	for (let bytes = 0; to < rows.length && to < from + size; to++) {
		bytes += bytesOf(rows[to] as ImportUser);
		if (bytes > mostBytes && to > from) break;
	}
	return rows.slice(from, to);
}

/**
 * Sends rows, some at a time, and tells each result. `signal` stops it behind
 * the part that runs. What the server refuses as a whole is thrown.
 */
export async function send(
	region: string,
	org: string,
	id: string,
	rows: readonly ImportUser[],
	how: { dryRun: boolean; signal: AbortSignal; told: (results: ImportResult[]) => void },
): Promise<void> {
	// A password costs the server time on purpose: small parts show how it goes on.
	const size = how.dryRun ? 100 : 20;
	for (let i = 0; i < rows.length && !how.signal.aborted; ) {
		const part = partOf(rows, i, size);
		try {
			const { Results = [] } = await call(
				"ImportUsers",
				{ OrganizationId: org, ImportId: id, Rows: part, DryRun: how.dryRun || undefined },
				{ region },
			);
			// Rows that the server did not come to are sent again.
			const first = Results.findIndex((r) => r.Status === "REFUSED" && r.ErrorCode === "ThrottlingException");
			const done = first < 0 ? part.length : first;
			how.told(Results.slice(0, done));
			i += done;
			if (first >= 0) await pause(1000);
		} catch (error) {
			if (!(error instanceof ApiError && error.code === "ThrottlingException")) throw error;
			await pause(1000);
		}
	}
}
