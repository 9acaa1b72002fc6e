/**
 * Debian's AWS CLI in a home of its own, loaded once for all commands
 * (test/foreign/testdata/aws.py), for lines as a screen shows them.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";

const program = resolve(import.meta.dirname, "../../test/foreign/testdata/aws.py");

export interface Aws {
	home: string;
	/** Runs a line of the shell in the home, and answers what it wrote; one that fails throws what it said. */
	run(line: string, env?: Record<string, string>): Promise<string>;
}

export function aws(): Aws {
	const a = {} as Aws;
	let loaded: ChildProcess;
	const environment = () => ({
		HOME: a.home,
		PATH: `${a.home}:/usr/bin:/bin`,
		LC_ALL: "C.UTF-8",
		AWS_PAGER: "",
		AWS_EC2_METADATA_DISABLED: "true",
	});
	a.run = async (line, env = {}) =>
		(await promisify(execFile)("/bin/bash", ["-c", line], { cwd: a.home, env: { ...environment(), ...env } })).stdout;
	beforeAll(async () => {
		a.home = mkdtempSync(join(tmpdir(), "postroom-aws-"));
		const socket = join(a.home, "socket");
		writeFileSync(join(a.home, "aws"), `#!/bin/sh\nexec /usr/bin/python3 -IS ${program} ${socket} "$@"\n`, {
			mode: 0o700,
		});
		// It ends with its standard input, so with this process too.
		loaded = spawn("/usr/bin/python3", [program, socket], { env: environment(), stdio: ["pipe", "pipe", "inherit"] });
		const [said] = await Promise.race([once(loaded.stdout as NodeJS.EventEmitter, "data"), once(loaded, "exit")]);
		if (String(said) !== "ready\n") throw new Error(`the AWS CLI is not ready: ${said}`);
	});
	afterAll(async () => {
		loaded.stdin?.end();
		if (loaded.exitCode === null) await once(loaded, "exit");
		rmSync(a.home, { recursive: true, force: true });
	});
	return a;
}
