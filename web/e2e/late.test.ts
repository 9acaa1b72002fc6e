/** What comes late, or not at all: the code of a part, and what a list asks again. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { leaving, shot, world } from "./harness.ts";

const w = world();

const users = async (): Promise<Page> => {
	const page = await w.signedIn(w.at("users"));
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	return page;
};
const codeOf = (name: string): RegExp => new RegExp(`/assets/${name}-[^/]*\\.js$`);
const notices = (page: Page) => page.getByRole("region", { name: "Notices" });

test("a dialog whose code is late says that it comes; one that does not arrive can be asked for again", async () => {
	const page = await users();
	await page.getByRole("checkbox", { name: "Select alice" }).check();
	const reset = page.getByRole("button", { name: "Reset password" });
	await page.route(codeOf("reset"), (route) => route.abort());
	await reset.click();
	await notices(page).getByText("A part of the console did not arrive").waitFor();
	await page.getByRole("checkbox", { name: "Select alice", checked: true }).waitFor();
	await page.unroute(codeOf("reset"));
	let go = () => {};
	const gate = new Promise<void>((open) => {
		go = open;
	});
	await page.route(codeOf("reset"), async (route) => {
		await gate;
		await route.continue();
	});
	await reset.click();
	await page.getByText("Loading", { exact: true }).waitFor();
	await shot(page, "dialog-late");
	go();
	await page.getByRole("dialog", { name: /password/ }).waitFor();
});

test("a page whose code does not arrive says so in its place, and comes when it is asked for again", async () => {
	const page = await users();
	const groups = page.getByRole("link", { name: "Groups", exact: true });
	await page.context().setOffline(true);
	await groups.click();
	await page.getByText("A part of the console did not arrive").waitFor();
	await page.context().setOffline(false);
	await page.getByRole("button", { name: "Try again" }).click();
	await page.getByRole("heading", { name: "Groups" }).waitFor();
});

test("a list that cannot be read anew says of when it is, and what was never read is not taken for empty", async () => {
	const page = await users();
	await page.context().setOffline(true);
	await page.getByRole("button", { name: "Refresh" }).click();
	await notices(page).getByText("Shown as of").waitFor();
	await notices(page).getByText("The server cannot be reached").waitFor();
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	await shot(page, "list-stale");
	await page.getByRole("main").getByRole("searchbox").fill("bob");
	await page.getByRole("button", { name: "Try again" }).first().waitFor();
	expect(await page.getByText("No matches").count()).toBe(0);
	await page.context().setOffline(false);
	await page.getByRole("main").getByRole("button", { name: "Try again" }).last().click();
	await page.getByRole("link", { name: "bob", exact: true }).waitFor();
	await notices(page).getByText("Shown as of").waitFor({ state: "detached" });
});

test("Escape asks before it throws away what was typed in a dialog", async () => {
	const page = await users();
	await page.getByRole("checkbox", { name: "Select alice" }).check();
	const dialog = page.getByRole("dialog", { name: /Reset password/ });
	const open = () => page.getByRole("button", { name: "Reset password" }).click();
	await open();
	await dialog.waitFor();
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "detached" });
	await open();
	await dialog.getByLabel("New password").fill("Half-typed-1");
	await page.keyboard.press("Escape");
	expect(await leaving(page, false)).toContain("is not saved");
	expect(await dialog.getByLabel("New password").inputValue()).toBe("Half-typed-1");
	await dialog.getByLabel("New password").press("Escape");
	await leaving(page, true);
	await dialog.waitFor({ state: "detached" });
});
