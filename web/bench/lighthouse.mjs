// Opens the console of a running server as a reader would, and prints how soon a
// page shows what it is for on a cold cache, and what Lighthouse says of it:
// `node lighthouse.mjs ENDPOINTS.json [why]`. One JSON object a page on standard
// output; with `why`, what costs points on standard error. The figures depend on
// the machine: nothing is asserted.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import lighthouse, { desktopConfig } from "lighthouse";
import { chromium } from "playwright-core";

const endpoints = JSON.parse(readFileSync(process.argv[2], "utf8"));
const why = process.argv[3] === "why";
const rounds = 5; // of first views; the median counts

const port = await new Promise((done) => {
	const s = createServer().listen(0, "127.0.0.1", () => {
		const { port } = s.address();
		s.close(() => done(port));
	});
});
const browser = await chromium.launch({
	executablePath: "/usr/bin/chromium",
	args: ["--no-sandbox", `--remote-debugging-port=${port}`],
});

async function signIn(page) {
	await page.goto(endpoints.console);
	await page.getByLabel("Administrator name").fill(endpoints.admin.username);
	await page.getByLabel("Password", { exact: true }).fill(endpoints.admin.password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByRole("heading", { name: "Organizations" }).waitFor();
}

/** The median of the milliseconds from an empty cache until `seen` is there, and what was asked for. */
async function firstView(url, seen, storageState) {
	const times = [];
	const asked = new Set();
	for (let i = 0; i < rounds; i++) {
		const context = await browser.newContext({ viewport: { width: 1350, height: 940 }, storageState });
		const page = await context.newPage();
		page.on("request", (r) => asked.add(r.headers()["x-amz-target"] ?? new URL(r.url()).pathname));
		const start = performance.now();
		await page.goto(url, { waitUntil: "commit" });
		await seen(page).waitFor();
		times.push(performance.now() - start);
		await context.close();
	}
	if (why) console.error(`${url}: ${times.map(Math.round)} ms\n  ${[...asked].join("\n  ")}`);
	return Math.round(times.sort((a, b) => a - b)[rounds >> 1]);
}

function tellWhy({ categories, audits }) {
	for (const category of Object.values(categories))
		for (const { id, weight } of category.auditRefs) {
			const a = audits[id];
			if (a.score === null || a.score === 1) continue;
			console.error(`  ${category.id} ${weight} ${id} ${a.score}: ${a.title} ${a.displayValue ?? ""}`);
			for (const item of [a.details?.items ?? []].flat().slice(0, 4))
				console.error(`    ${JSON.stringify(item).slice(0, 300)}`);
		}
}

try {
	const context = await browser.newContext();
	await signIn(await context.newPage());
	const state = await context.storageState();
	await context.close();
	// The default context is the one that Lighthouse's tab shares.
	const cdp = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
	const shared = cdp.contexts()[0];
	const audit = async (name, url, seen, state) => {
		const view = await firstView(url, seen, state);
		const { lhr } = await lighthouse(
			url,
			{
				port,
				disableStorageReset: true,
				logLevel: "error",
				onlyCategories: ["performance", "accessibility", "best-practices"],
			},
			desktopConfig,
		);
		const { categories, audits } = lhr;
		if (why) tellWhy(lhr);
		console.log(
			JSON.stringify({
				page: name,
				view,
				performance: Math.round(categories.performance.score * 100),
				accessibility: Math.round(categories.accessibility.score * 100),
				practices: Math.round(categories["best-practices"].score * 100),
				contentful: Math.round(audits["largest-contentful-paint"].numericValue),
				interactive: Math.round(audits.interactive.numericValue),
			}),
		);
	};
	await audit("sign-in", endpoints.console, (page) => page.getByLabel("Administrator name"));
	await shared.addCookies(state.cookies);
	const organization = `${endpoints.console}${endpoints.region}/o/${endpoints.organization.id}`;
	await audit("users", `${organization}/users`, (page) => page.getByRole("checkbox").nth(5), state);
	await audit("overview", organization, (page) => page.getByRole("main").getByRole("heading").first(), state);
	await cdp.close();
} finally {
	await browser.close();
}
