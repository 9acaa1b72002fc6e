/** An import that does not come to its end: given up, its tab closed, or too large for the browser to keep. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, leaving, shot, world } from "./harness.ts";

const w = world();

const choose = (page: Page, name: string, users: readonly string[]) =>
	page.locator('input[type="file"]').setInputFiles({
		name: `${name}.csv`,
		mimeType: "text/csv",
		buffer: Buffer.from(
			["user_name,email", ...users.map((user) => `${user},${user}@${w.endpoints.organization.domain}`)].join("\r\n"),
		),
	});

const names = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${100 + i}`);

/** Imports so many users and cuts it behind the first twenty. */
async function cut(page: Page, name: string, count: number): Promise<void> {
	await choose(page, name, names(name, count));
	let parts = 0;
	const start = page.getByRole("button", { name: `Import ${count} users` });
	await start.waitFor();
	await page.route("**/", async (route) => {
		if (!(route.request().headers()["x-amz-target"] ?? "").endsWith("ImportUsers")) return route.continue();
		if (++parts < 2) return route.continue();
		await route.abort();
	});
	await start.click();
	await page.getByText(`The import stopped: 20 of ${count} users are created`, { exact: false }).waitFor();
	await page.unroute("**/");
}

async function report(page: Page): Promise<string[]> {
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Download report" }).last().click(),
	]);
	const text = await readFile(await download.path(), "utf8");
	return text.replace("\ufeff", "").trimEnd().split("\r\n").slice(1);
}

test("an import is not given up without the report of what was made", async () => {
	const page = await w.signedIn(w.at("users/import"));
	await cut(page, "drop", 30);
	// The tab may go on here after a reload, and only here.
	await page.getByRole("button", { name: "Back to users" }).click();
	expect(await leaving(page, false)).toContain("until this window is closed");
	await page.reload();
	await page.getByText("The import of drop.csv with 30 users had not ended", { exact: false }).waitFor();
	await page.getByText("The passwords that were generated for them are lost then.", { exact: false }).waitFor();
	await page.getByRole("button", { name: "Discard" }).click();
	const dialog = page.getByRole("dialog", { name: "Discard the import of drop.csv" });
	await dialog.getByText("They are lost when you discard the import without it.", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "users-import-discard");
	const lines = await report(page);
	expect(lines).toHaveLength(30);
	for (const [i, line] of lines.entries()) expect(line).toMatch(i < 20 ? /,created,[^,]+,,.{20,}$/ : /,not done,,,$/);
	await dialog.getByRole("button", { name: "Cancel" }).click();
	await dialog.waitFor({ state: "hidden" });
	await page.getByRole("button", { name: "Discard" }).click();
	await dialog.getByRole("button", { name: "Discard" }).click();
	await page.getByText("CSV file", { exact: true }).waitFor();
	await expect.poll(() => page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("drop-");
});

test("after its tab was closed, the file chosen again makes what is missing", async () => {
	const page = await w.signedIn(w.at("users/import"));
	await cut(page, "shut", 30);
	const { UserId: first } = await found("shut-100");
	const next = await page.context().newPage();
	await page.close();
	await next.goto(w.at("users/import"));
	await choose(next, "shut", names("shut", 30));
	await next.getByText("20 users are there already, just as their lines say", { exact: false }).waitFor();
	await next.getByText("10 users can be imported.", { exact: false }).waitFor();
	await axe(next);
	await next.getByRole("button", { name: "Import 10 users" }).click();
	await next.getByText("10 users were created. 20 users were there already.", { exact: false }).waitFor();
	const lines = await report(next);
	expect(lines.filter((line) => line.includes(",there already,,,"))).toHaveLength(20);
	expect(lines.filter((line) => /,created,[^,]+,,.{20,}$/.test(line))).toHaveLength(10);
	expect((await found("shut-100")).UserId).toBe(first);
	const { Total } = await w.api("FindUsers", { OrganizationId: w.endpoints.organization.id, Query: "shut-" });
	expect(Total).toBe(30);
});

const found = async (name: string) => {
	const { Users } = await w.api("FindUsers", { OrganizationId: w.endpoints.organization.id, Query: name });
	return { UserId: Users?.[0]?.Id };
};

test("an import that the browser cannot keep says so", async () => {
	const page = await w.signedIn(w.at("users/import"));
	await page.evaluate(() => {
		const set = Storage.prototype.setItem;
		Storage.prototype.setItem = function (key: string, value: string) {
			if (key.startsWith("postroom.import.")) throw new DOMException("full", "QuotaExceededError");
			set.call(this, key, value);
		};
	});
	let go = () => {};
	const gone = new Promise<void>((done) => {
		go = done;
	});
	await choose(page, "huge", names("huge", 30));
	await page.getByRole("button", { name: "Import 30 users" }).waitFor();
	await page.route("**/", async (route) => {
		if ((route.request().headers()["x-amz-target"] ?? "").endsWith("ImportUsers")) await gone;
		await route.continue();
	});
	await page.getByRole("button", { name: "Import 30 users" }).click();
	await page.getByText("The file is too large to be kept by this browser", { exact: false }).waitFor();
	await axe(page);
	await page.getByRole("button", { name: "Back to users" }).click();
	expect(await leaving(page, false)).toContain("Passwords that were generated for users are lost.");
	await page.getByRole("button", { name: "Stop" }).click();
	go();
	await page.getByText("Stopped: 20 of 30 users are created.").waitFor();
	await page.getByRole("button", { name: "Back to users" }).click();
	expect(await leaving(page, false)).toContain("was not downloaded");
	await page.getByRole("button", { name: "Continue" }).click();
	await page.getByRole("heading", { name: "huge.csv was imported" }).waitFor();
	expect((await report(page)).filter((line) => /,created,[^,]+,,.{20,}$/.test(line))).toHaveLength(30);
});
