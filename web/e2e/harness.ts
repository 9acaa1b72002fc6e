/**
 * The world of the browser tests: the real binary with the console in it, a
 * Chromium of the system, and words for what every story does. Each file starts
 * a server of its own, so that stories do not meet.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Input, OperationName, Output } from "@postroom/api";
import { targetOf } from "@postroom/api";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

export interface Endpoints {
	region: string;
	regions: string[];
	api: string;
	console: string;
	imaps: string;
	smtp: string;
	submissions: string;
	ca_file: string;
	admin: { username: string; password: string };
	organization: { id: string; alias: string; domain: string };
	users: { id: string; username: string; email: string; password: string }[];
}

const root = resolve(import.meta.dirname, "../..");
const binary = process.env.POSTROOM_BINARY ?? join(root, "bin/postroom");
const shots = join(root, "web/shots");
/** By how much the browser computes slower than it can: what depends on luck fails then. */
const slow = Number(process.env.E2E_SLOW ?? 1);
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface World {
	endpoints: Endpoints;
	browser: Browser;
	/** A window of its own: no cookies, no storage. */
	context(options?: Parameters<Browser["newContext"]>[0]): Promise<BrowserContext>;
	/** A new window with the administrator signed in, at a path such as "us-east-1/organizations". */
	signedIn(path?: string, options?: Parameters<Browser["newContext"]>[0]): Promise<Page>;
	/** Calls the API in another session than the page's. */
	api<Name extends OperationName>(name: Name, input: Input<Name>, region?: string): Promise<Output<Name>>;
	/** Ends the server, as a power cut does, and starts it again over the same data. */
	restart(): Promise<void>;
	stop(): Promise<void>;
	/** The address of a path of the sample organization: at("users"). */
	at(path: string): string;
}

/**
 * Starts a server and a browser for the stories of a file; `many` has an
 * organization of 20,000 users in it (test/fixture), made once and then copied.
 */
export function world(options: { data?: string; many?: boolean } = {}): World {
	const w = {} as World;
	let server: ChildProcess | undefined;
	let dir = "";
	let cookie = "";
	let said = ""; // what the server warned of, its end
	const start = async () => {
		server = spawn(binary, ["dev", "--data", dir, "--ports", "0", "--log", "warn"], {
			stdio: ["ignore", "ignore", "pipe"],
		});
		said = "";
		server.stderr?.on("data", (chunk: Buffer) => {
			said = (said + chunk.toString()).slice(-4000);
		});
		const file = join(dir, "endpoints.json");
		rmSync(file, { force: true });
		for (const end = Date.now() + 30_000; ; ) {
			try {
				w.endpoints = JSON.parse(readFileSync(file, "utf8")) as Endpoints;
				return;
			} catch {
				if (server.exitCode !== null || Date.now() > end) throw new Error(`the server did not start: ${said}`);
				await new Promise((done) => setTimeout(done, 20));
			}
		}
	};
	w.stop = async () => {
		const child = server;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const gone = new Promise((done) => child.once("exit", done));
		child.kill("SIGKILL");
		await gone;
	};
	w.restart = async () => {
		await w.stop();
		cookie = "";
		await start();
	};
	w.context = async (o) => {
		const context = await w.browser.newContext({
			viewport: { width: 1400, height: 900 },
			reducedMotion: "reduce", // axe judges no colours that are on their way
			...o,
		});
		context.setDefaultTimeout(30_000); // of a wait that fails; on busy cores the first view alone may take ten
		if (slow > 1)
			context.on("page", async (page) => {
				const session = await context.newCDPSession(page);
				await session.send("Emulation.setCPUThrottlingRate", { rate: slow });
			});
		return context;
	};
	w.at = (path) =>
		`${w.endpoints.console}${w.endpoints.region}/o/${w.endpoints.organization.id}${path ? `/${path}` : ""}`;
	w.signedIn = async (path = `${w.endpoints.region}/organizations`, o) => {
		const page = await (await w.context(o)).newPage();
		watch(page);
		await page.goto(path.startsWith("http") ? path : w.endpoints.console + path);
		await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
		return page;
	};
	w.api = async (name, input, region = w.endpoints.region) => {
		const send = (op: OperationName, body: unknown) =>
			fetch(w.endpoints.api, {
				method: "POST",
				headers: {
					"Content-Type": "application/x-amz-json-1.1",
					"X-Amz-Target": targetOf(op),
					"X-Postroom-Region": region,
					Cookie: cookie,
				},
				body: JSON.stringify(body),
			});
		if (!cookie) {
			const { username, password } = w.endpoints.admin;
			const answer = await send("SignIn", { Username: username, Password: password });
			cookie = (answer.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
		}
		const answer = await send(name, input);
		const body = await answer.json();
		if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(body)}`);
		return body as never;
	};
	beforeAll(async () => {
		await mkdir(shots, { recursive: true });
		dir = options.data ?? mkdtempSync(join(tmpdir(), "postroom-e2e-"));
		if (options.many) await promisify(execFile)("go", ["run", "./test/fixture/copy", dir], { cwd: root });
		await start();
		w.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
	}, 240_000);
	// What lies open of an earlier story keeps the machine busy.
	afterEach(async ({ task }) => {
		const ended = server?.exitCode ?? server?.signalCode;
		if (task.result?.state === "fail" && (said || ended)) console.error(`the server (ended: ${ended}) said: ${said}`);
		for (const context of w.browser?.contexts() ?? []) for (const page of context.pages()) await page.close();
	});
	afterAll(async () => {
		await w.browser?.close();
		await w.stop();
		if (!options.data) rmSync(dir, { recursive: true, force: true });
	}, 60_000);
	return w;
}

/** Fills in the sign-in form. */
export async function signIn(page: Page, username: string, password: string): Promise<void> {
	await page.getByLabel("Administrator name").fill(username);
	await page.getByLabel("Password", { exact: true }).fill(password);
	await page.getByRole("button", { name: "Sign in" }).click();
	// On a phone the administrator's menu lies behind More.
	const menu = page.getByRole("button", { name: username }).or(page.getByRole("button", { name: "More", exact: true }));
	await menu.first().waitFor();
}

/** What a page must not do: throw, or break its own policy. */
export function watch(page: Page): void {
	page.on("pageerror", (error) => {
		throw error;
	});
	page.on("console", (message) => {
		if (/Content Security Policy/i.test(message.text())) throw new Error(message.text());
	});
}

/** Fails where axe finds anything in what is visible now, by all its rules or by some. */
export async function axe(page: Page, rules: readonly string[] = []): Promise<void> {
	if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
	const found = await page.evaluate(async (only) => {
		const ending = document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity);
		await Promise.all(ending.map((a) => a.finished.catch(() => undefined)));
		// biome-ignore lint/suspicious/noExplicitAny: axe puts itself on the window
		const result = await (window as any).axe.run(document, {
			resultTypes: ["violations"],
			...(only.length > 0 ? { runOnly: only } : {}),
		});
		return result.violations.map((v: { id: string; nodes: { html: string; failureSummary: string }[] }) => ({
			id: v.id,
			nodes: v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 300)} — ${n.failureSummary}`),
		}));
	}, rules);
	expect(found).toEqual([]);
}

/** Answers the question before unsaved work is left for another page; what it says. */
export async function leaving(page: Page, leaves: boolean): Promise<string> {
	const dialog = page.getByRole("dialog", { name: "Leave now?" });
	const answer = dialog.getByRole("button", { name: leaves ? "Leave" : "Stay", exact: true });
	await answer.waitFor(); // before it the dialog's own code is on its way
	const text = (await dialog.textContent()) ?? "";
	await answer.click();
	await dialog.waitFor({ state: "detached" });
	return text;
}

/** Copies by a button, and waits until the page says that it is copied. */
export async function copy(page: Page, what: string): Promise<void> {
	await page.getByRole("button", { name: `Copy: ${what}`, exact: true }).click();
	await page.getByText("Copied", { exact: true }).filter({ visible: true }).waitFor();
}

/** Ticks or unticks all rows: by the key, as a copy of the head that stays in view covers the box for the mouse. */
export async function selectAll(page: Page): Promise<void> {
	await page.getByRole("checkbox", { name: "Select all" }).press("Space");
}

/** What a dark or a narrow look can spoil: colours, the names of what is folded, and what scrolls. */
const looks = [
	"color-contrast",
	"scrollable-region-focusable",
	"button-name",
	"link-name",
	"label",
	"nested-interactive",
];

/** Keeps a picture of a screen, light, dark and narrow, and fails where axe finds what the latter two spoil. */
export async function shot(page: Page, name: string): Promise<void> {
	const size = page.viewportSize() ?? { width: 1400, height: 900 };
	const seen = (kind = "") => page.screenshot({ path: join(shots, `${name}${kind}.png`) });
	await seen();
	await page.setViewportSize({ width: 360, height: 740 });
	await seen(".360");
	await page.evaluate(() => document.body.classList.add("awsui-dark-mode"));
	await axe(page, looks);
	await page.setViewportSize(size);
	await seen(".dark");
	await page.evaluate(() => document.body.classList.remove("awsui-dark-mode"));
}
