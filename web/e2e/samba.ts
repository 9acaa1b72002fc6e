/** A real Active Directory for the stories of a file: Samba's domain controller (test/samba/serve). */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll } from "vitest";

export interface Samba {
	address: string;
	/** PEM. */
	ca: string;
	base: string;
	/** Where `writer` may do everything. */
	ou: string;
	reader: string;
	writer: string;
	/** Of both. */
	password: string;
	/** Runs samba-tool on the server's own database, and answers what it says. */
	tool(...words: string[]): Promise<string>;
	stop(): Promise<void>;
	start(): Promise<void>;
}

/** Starts a fresh one before the stories; options are lines of smb.conf. */
export function samba(options: () => string[] = () => []): Samba {
	const s = {} as Samba;
	let child: ChildProcessWithoutNullStreams | undefined;
	let said = "";
	const waiting: ((line: string | undefined) => void)[] = [];
	const line = () =>
		new Promise<string>((done, failed) => {
			waiting.push((text) => (text === undefined ? failed(new Error(`samba ended: ${said}`)) : done(text)));
		});
	const order = async (what: unknown): Promise<string> => {
		const answer = line();
		child?.stdin.write(`${JSON.stringify(what)}\n`);
		const { out = "", error } = JSON.parse(await answer) as { out?: string; error?: string };
		if (error) throw new Error(error);
		return out;
	};
	s.tool = (...words) => order({ tool: words });
	s.stop = async () => void (await order({ stop: true }));
	s.start = async () => void (await order({ start: true }));
	beforeAll(async () => {
		const root = resolve(import.meta.dirname, "../..");
		child = spawn("go", ["run", "./test/samba/serve", "--", ...options()], { cwd: root });
		child.stderr.on("data", (chunk: Buffer) => {
			said = (said + chunk.toString()).slice(-4000);
		});
		const first = line();
		createInterface({ input: child.stdout })
			.on("line", (text) => waiting.shift()?.(text))
			.on("close", () => {
				for (const wake of waiting.splice(0)) wake(undefined);
			});
		Object.assign(s, JSON.parse(await first));
	}, 240_000);
	afterAll(async () => {
		if (!child || child.exitCode !== null) return;
		const gone = new Promise((done) => child?.once("exit", done));
		child.stdin.end();
		await gone;
	}, 60_000);
	return s;
}
