/** What comes late, or not at all: the code of a part, and what a list asks again. */
import { type OperationName, targetOf } from "@postroom/api";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, leaving, shot, world } from "./harness.ts";

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
	const waiting = page.getByText("Loading", { exact: true });
	await waiting.waitFor();
	await shot(page, "dialog-late");
	await page.keyboard.press("Escape");
	await waiting.waitFor({ state: "detached" });
	await reset.click();
	await waiting.waitFor();
	go();
	await page.getByRole("dialog", { name: /password/ }).waitFor();
});

test("a page whose code does not arrive says so in its place, and comes when it is asked for again", async () => {
	const page = await users();
	const groups = page.getByRole("link", { name: "Groups", exact: true });
	await page.context().setOffline(true);
	await groups.click();
	await page.getByText("A part of the console did not arrive").waitFor();
	await axe(page, ["page-has-heading-one"]);
	await page.context().setOffline(false);
	// In the page: the bar has one of its own where it was offline too.
	await page.getByRole("main").getByRole("button", { name: "Try again" }).click();
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
	await expect.poll(() => page.getByText("No matches").count()).toBe(0);
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
	await expect.poll(() => dialog.getByLabel("New password").inputValue()).toBe("Half-typed-1");
	await dialog.getByLabel("New password").press("Escape");
	await leaving(page, true);
	await dialog.waitFor({ state: "detached" });
});

/** Lets the server do what is asked next, and loses its answer. */
const loseAnswer = async (page: Page, operation: OperationName): Promise<void> => {
	let lost = false;
	await page.route("**/*", async (route) => {
		if (lost || route.request().headers()["x-amz-target"] !== targetOf(operation)) return route.fallback();
		lost = true;
		await route.fetch();
		await route.fulfill({ status: 502, contentType: "text/html", body: "Bad Gateway" });
	});
};
const ownTry = "Your try before got no answer and may have done this";
const unreadable = "The server's answer could not be read";

test("who tries again after an answer was lost is told that it may be done, and not only that another did it", async () => {
	const page = await w.signedIn(w.at("groups/new"));
	await page.getByLabel("Group name", { exact: true }).fill("Lost answers");
	await loseAnswer(page, "CreateGroup");
	const create = page.getByRole("main").getByRole("button", { name: "Create group" });
	await create.click();
	await page.getByText(unreadable).first().waitFor();
	await expect.poll(() => page.getByText(ownTry).count()).toBe(0);
	await create.click();
	await page.getByText(ownTry).first().waitFor();
	await page.close();

	const list = await users();
	await list.getByRole("checkbox", { name: "Select bob" }).check();
	await list.getByRole("button", { name: "Reset password" }).click();
	const dialog = list.getByRole("dialog", { name: /Reset password/ });
	await dialog.getByLabel("New password", { exact: true }).fill("Answer-lost-1");
	await dialog.getByLabel(/Repeat|again/i).fill("Answer-lost-1");
	await loseAnswer(list, "ResetPassword");
	const reset = dialog.getByRole("button", { name: /^Reset/ });
	await reset.click();
	await dialog.getByText(unreadable).waitFor();
	await reset.click();
	await dialog.getByText(ownTry).waitFor();
});

test("of many whose answers were lost each says that it may be done", async () => {
	const OrganizationId = w.endpoints.organization.id;
	for (const Name of ["late-one", "late-two"]) await w.api("CreateUser", { OrganizationId, Name, DisplayName: Name });
	const page = await w.signedIn(w.at("users?q=late-"));
	for (const name of ["late-one", "late-two"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
	await page.getByRole("button", { name: "Enable user" }).click();
	const dialog = page.getByRole("dialog", { name: "Enable 2 users" });
	await loseAnswer(page, "RegisterToWorkMail");
	const enable = dialog.getByRole("button", { name: "Enable", exact: true });
	await enable.click();
	await dialog.getByText(unreadable).waitFor();
	await enable.click();
	await dialog.getByText(ownTry).waitFor();
	await expect.poll(() => dialog.getByText(ownTry).count()).toBe(1);
	await dialog.getByRole("button", { name: "Close", exact: true }).click();
	await dialog.waitFor({ state: "detached" });
	for (const name of ["late-one", "late-two"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
	await page.getByRole("button", { name: "Disable user" }).click();
	const disabling = page.getByRole("dialog", { name: "Disable 2 users" });
	await loseAnswer(page, "DeregisterFromWorkMail");
	const disable = disabling.getByRole("button", { name: "Disable", exact: true });
	await disable.click();
	await disabling.getByText(unreadable).waitFor();
	await disable.click();
	await disabling.getByText(ownTry).waitFor();
	await expect.poll(() => disabling.getByRole("row", { name: /^late-/ }).count()).toBe(1);
});

test("who leaves while it is done for many is asked, and of those that were not tried it is told", async () => {
	const OrganizationId = w.endpoints.organization.id;
	for (const Name of ["slow-one", "slow-two", "slow-three"])
		await w.api("CreateUser", { OrganizationId, Name, DisplayName: Name });
	const { GroupId = "" } = await w.api("CreateGroup", { OrganizationId, Name: "Slow" });
	await w.api("RegisterToWorkMail", {
		OrganizationId,
		EntityId: GroupId,
		Email: `slow@${w.endpoints.organization.domain}`,
	});
	const page = await w.signedIn(w.at("users?q=slow-"));
	for (const name of ["one", "two", "three"]) await page.getByRole("checkbox", { name: `Select slow-${name}` }).check();
	await page.getByRole("button", { name: "Actions" }).click();
	await page.getByRole("menuitem", { name: "Add to group" }).click();
	const dialog = page.getByRole("dialog", { name: "Add to group" });
	await dialog.getByRole("button", { name: /^Group/ }).click();
	await page.getByRole("option", { name: "Slow" }).click();
	let go = () => {};
	const gate = new Promise<void>((open) => {
		go = open;
	});
	await page.route("**/*", async (route) => {
		if (route.request().headers()["x-amz-target"] !== targetOf("AssociateMemberToGroup")) return route.fallback();
		await gate;
		await route.abort();
	});
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await dialog.getByText("0 of 3 done", { exact: true }).waitFor();
	await page.getByRole("link", { name: "Groups", exact: true, includeHidden: true }).dispatchEvent("click");
	expect(await leaving(page, false)).toContain("nothing tells what failed");
	go();
	await dialog.getByText("2 were not tried, since the server could not be asked").waitFor();
	await dialog.getByText("1 failed").waitFor();
	await shot(page, "users-group-offline");
	await dialog.getByRole("button", { name: "Close", exact: true }).click();
	await page.getByRole("heading", { name: "Users (3/" }).first().waitFor();
});

test("a pause behind a word of the search does not eat the space", async () => {
	const page = await users();
	const search = page.getByRole("main").getByRole("searchbox");
	await search.fill("alice ");
	await page.getByText("1 match", { exact: true }).first().waitFor();
	await search.press("x");
	await page.getByText("0 matches", { exact: true }).first().waitFor();
	await expect.poll(() => search.inputValue()).toBe("alice x");
});

test("an address that was typed is not left unasked, and one that cannot be added is not said to be unread", async () => {
	const page = await w.signedIn(w.at(`users/${w.endpoints.users[0]?.id}`));
	await page.getByRole("button", { name: "Add email address" }).click();
	await page.getByRole("textbox", { name: "New address", exact: true }).fill("half-typed");
	await page.getByRole("link", { name: "Groups", exact: true }).click();
	expect(await leaving(page, false)).toContain("is not saved");
	await loseAnswer(page, "CreateAlias");
	await page.getByRole("button", { name: "Add", exact: true }).click();
	await page.getByText("The addresses were not changed").waitFor();
	await expect.poll(() => page.getByText("This could not be loaded").count()).toBe(0);
	await page.getByRole("button", { name: "Add", exact: true }).click();
	await page.getByText(ownTry).waitFor();
});
