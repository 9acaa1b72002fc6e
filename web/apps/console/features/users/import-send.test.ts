import type { ImportResult, ImportUser } from "@postroom/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { send } from "./import-send.ts";

const rows: ImportUser[] = Array.from({ length: 25 }, (_, i) => ({ Line: i + 2, Name: `u${i}` }));
const throttled = { __type: "ThrottlingException", message: "Too many calls." };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

/** A server that answers what it is told, in turn; then it makes each row that it is sent. */
function server(...answers: ((sent: ImportUser[]) => Response)[]): string[][] {
	const calls: string[][] = [];
	vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
		const sent = (JSON.parse(String(init.body)) as { Rows: ImportUser[] }).Rows;
		calls.push(sent.map((r) => r.Name ?? ""));
		const Results = sent.map((r) => ({ Line: r.Line, Name: r.Name, Status: "CREATED" }));
		return answers.shift()?.(sent) ?? Response.json({ Results });
	});
	return calls;
}

async function sendAll(
	signal = new AbortController().signal,
	{ of = rows, dryRun = false } = {},
): Promise<ImportResult[]> {
	const told: ImportResult[] = [];
	const sent = send("east", "m-1", "import-1", of, { dryRun, signal, told: (some) => told.push(...some) });
	await Promise.all([sent, vi.runAllTimersAsync()]);
	return told;
}

const names = (from: number, to: number) => rows.slice(from, to).map((r) => r.Name);

test("rows go in parts, each told once", async () => {
	const calls = server();
	expect((await sendAll()).map((r) => r.Name)).toEqual(names(0, 25));
	expect(calls).toEqual([names(0, 20), names(20, 25)]);
});

test.each([true, false])(
	"long rows go in smaller parts, counted in bytes, one at least (dry run: %s)",
	async (dryRun) => {
		// Two bytes a letter: two rows fit into 512 KiB, three do not; then one that alone does not.
		const long = (letters: number) => (r: ImportUser) => ({ ...r, Notes: "ü".repeat(letters) });
		const of = [...rows.slice(0, 5).map(long(100_000)), ...rows.slice(5, 6).map(long(300_000)), ...rows.slice(6, 8)];
		const calls = server();
		expect((await sendAll(undefined, { of, dryRun })).map((r) => r.Name)).toEqual(names(0, 8));
		expect(calls).toEqual([names(0, 2), names(2, 4), names(4, 5), names(5, 6), names(6, 8)]);
	},
);

test("a part that is throttled whole is sent again, and no row is told twice", async () => {
	const calls = server(
		() => Response.json(throttled, { status: 400 }),
		() => Response.json(throttled, { status: 429 }),
	);
	expect((await sendAll()).map((r) => r.Name)).toEqual(names(0, 25));
	expect(calls).toEqual([names(0, 20), names(0, 20), names(0, 20), names(20, 25)]);
});

test("rows that the server did not come to are sent again, from the first of them on", async () => {
	const calls = server((sent) =>
		Response.json({
			Results: sent.map((r, i) =>
				i < 7
					? { Line: r.Line, Name: r.Name, Status: "CREATED" }
					: { Line: r.Line, Name: r.Name, Status: "REFUSED", ErrorCode: "ThrottlingException" },
			),
		}),
	);
	const told = await sendAll();
	expect(told.map((r) => r.Name)).toEqual(names(0, 25));
	expect(told.every((r) => r.Status === "CREATED")).toBe(true);
	expect(calls).toEqual([names(0, 20), names(7, 25)]);
});

test("another refusal ends the import, and tells what was done before", async () => {
	const calls = server(
		(sent) => Response.json({ Results: sent.map((r) => ({ Name: r.Name, Status: "CREATED" })) }),
		() => Response.json({ __type: "OrganizationStateException", message: "gone" }, { status: 400 }),
	);
	const told: ImportResult[] = [];
	const sent = send("east", "m-1", "import-1", rows, {
		dryRun: false,
		signal: new AbortController().signal,
		told: (some) => told.push(...some),
	});
	await expect(sent).rejects.toMatchObject({ code: "OrganizationStateException" });
	expect(told).toHaveLength(20);
	expect(calls).toHaveLength(2);
});

test("an import that is stopped while it waits sends nothing more", async () => {
	const stop = new AbortController();
	const calls = server(() => {
		stop.abort();
		return Response.json(throttled, { status: 400 });
	});
	expect(await sendAll(stop.signal)).toEqual([]);
	expect(calls).toHaveLength(1);
});
