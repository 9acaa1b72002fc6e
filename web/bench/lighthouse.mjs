// Opens the console of a running server as a reader would, and prints what
// Lighthouse says of it: `node lighthouse.mjs ENDPOINTS.json`. One JSON object a
// page on standard output. The scores depend on the machine: nothing is asserted.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import lighthouse, { desktopConfig } from "lighthouse";
import { chromium } from "playwright-core";

const endpoints = JSON.parse(readFileSync(process.argv[2], "utf8"));

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
try {
	// The default context is the one that Lighthouse's tab shares.
	const cdp = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
	const context = cdp.contexts()[0];
	const page = await context.newPage();
	const pages = { "sign-in": endpoints.console };
	const audit = async (name, url) => {
		const run = await lighthouse(
			url,
			{
				port,
				disableStorageReset: true,
				logLevel: "error",
				onlyCategories: ["performance", "accessibility", "best-practices"],
			},
			desktopConfig,
		);
		const { categories, audits } = run.lhr;
		console.log(
			JSON.stringify({
				page: name,
				performance: Math.round(categories.performance.score * 100),
				accessibility: Math.round(categories.accessibility.score * 100),
				practices: Math.round(categories["best-practices"].score * 100),
				contentful: Math.round(audits["largest-contentful-paint"].numericValue),
				interactive: Math.round(audits.interactive.numericValue),
			}),
		);
	};
	for (const [name, url] of Object.entries(pages)) await audit(name, url);
	await page.goto(endpoints.console);
	await page.getByLabel("Administrator name").fill(endpoints.admin.username);
	await page.getByLabel("Password", { exact: true }).fill(endpoints.admin.password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByRole("heading", { name: "Organizations" }).waitFor();
	const organization = `${endpoints.console}${endpoints.region}/o/${endpoints.organization.id}`;
	await audit("users", `${organization}/users`);
	await audit("overview", organization);
	await cdp.close();
} finally {
	await browser.close();
}
