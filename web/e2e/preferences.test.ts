/** What an administrator chose is the administrator's own, in this browser: lists, looks, language and region. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, shot, signIn, watch, world } from "./harness.ts";

const w = world();
const password = "four plain words here";

async function make(name: string): Promise<void> {
	await w.api("CreateAdministrator", { Name: name, Password: password, Role: "FULL", AllOrganizations: true });
}

async function choose(page: Page, what: string): Promise<void> {
	await page.getByRole("button", { name: "Appearance" }).click();
	await page.getByRole("menuitemcheckbox", { name: what }).click();
}

/** What the menu of the looks has marked. */
async function chosen(page: Page): Promise<string[]> {
	await page.getByRole("button", { name: "Appearance" }).click();
	const marked = await page.getByRole("menuitemcheckbox", { checked: true }).allInnerTexts();
	await page.keyboard.press("Escape");
	return marked.map((text) => text.trim());
}

const looks = (page: Page) =>
	page.evaluate(() => ({
		dark: document.body.classList.contains("awsui-dark-mode"),
		compact: document.body.classList.contains("awsui-compact-mode"),
		language: document.documentElement.lang,
	}));

async function signOut(page: Page, name: string): Promise<void> {
	await page.getByRole("button", { name, exact: true }).click();
	await page.getByRole("menuitem", { name: "Sign out" }).click();
	await page.getByText("You have signed out.").waitFor();
}

/** The questions of the list of users, from now on. */
function finds(page: Page): Record<string, unknown>[] {
	const list: Record<string, unknown>[] = [];
	page.on("request", (r) => {
		if (r.headers()["x-amz-target"] === "Postroom.FindUsers") list.push(r.postDataJSON());
	});
	return list;
}

test("sort, columns and size of a list are each administrator's own, and asked for at once", async () => {
	await make("sorter");
	await make("plain");
	const page = await (await w.context()).newPage();
	watch(page);
	await page.goto(w.at("users"));
	await signIn(page, "sorter", password);
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	await page.getByRole("button", { name: "User name" }).press("Enter");
	await expect.poll(() => page.url()).toContain("sort=-NAME");
	await page.getByRole("button", { name: "Preferences" }).click();
	const preferences = page.getByRole("dialog", { name: "Preferences" });
	await preferences.getByText("10 rows").click();
	await preferences
		.getByLabel("Enabled", { exact: true })
		.or(preferences.getByRole("switch", { name: "Enabled" }))
		.click();
	await preferences.getByRole("button", { name: "Confirm" }).click();
	await page.getByRole("columnheader", { name: "Enabled" }).waitFor();

	// By the bare address, in a new window: one question, with what was kept, and an address that says it.
	const visit = await page.context().newPage();
	const asked = finds(visit);
	await visit.goto(w.at("users"));
	await visit.getByRole("columnheader", { name: "Enabled" }).waitFor();
	await expect.poll(() => visit.url()).toBe(`${w.at("users")}?sort=-NAME`);
	await visit.getByRole("link", { name: "alice", exact: true }).waitFor();
	expect(asked).toEqual([
		{ OrganizationId: w.endpoints.organization.id, SortBy: "NAME", Descending: true, MaxResults: 10 },
	]);
	// A link that says its sort shows that, and changes nothing.
	await visit.goto(w.at("users?sort=EMAIL"));
	await visit.getByRole("link", { name: "alice", exact: true }).waitFor();
	expect(asked.at(-1)).toMatchObject({ SortBy: "EMAIL" });
	await visit.goto(w.at("users"));
	await expect.poll(() => visit.url()).toContain("sort=-NAME");
	await visit.close();

	// The next administrator of this browser has what is usual.
	await signOut(page, "sorter");
	await page.goto(w.at("users"));
	await signIn(page, "plain", password);
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	await expect.poll(() => page.getByRole("columnheader", { name: "Enabled" }).count()).toBe(0);
	expect(page.url()).toBe(w.at("users"));
	await page.reload();
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	expect(page.url()).toBe(w.at("users"));

	// And the first one finds again what was chosen.
	await signOut(page, "plain");
	await page.goto(w.at("users"));
	await signIn(page, "sorter", password);
	await page.getByRole("columnheader", { name: "Enabled" }).waitFor();
	await expect.poll(() => page.url()).toContain("sort=-NAME");
	// The usual sort can be chosen too.
	await page.getByRole("button", { name: "User name" }).press("Enter");
	await expect.poll(() => page.url()).toContain("sort=NAME");
	await page.goto(w.at("users"));
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	expect(page.url()).toBe(w.at("users"));
});

test("light and dark, density and language switch at once and survive a reload, for who chose them", async () => {
	await make("night");
	await make("day");
	const page = await (await w.context()).newPage();
	watch(page);
	await page.goto(w.at("users"));
	await signIn(page, "night", password);
	await expect.poll(() => looks(page)).toEqual({ dark: false, compact: false, language: "en-US" });
	await choose(page, "Dark");
	await choose(page, "Compact");
	await choose(page, "English (UK)");
	const night = { dark: true, compact: true, language: "en-GB" };
	await expect.poll(() => looks(page)).toEqual(night);
	await expect.poll(() => chosen(page)).toEqual(["Dark", "Compact", "English (UK)"]);
	await page.getByRole("button", { name: "Appearance" }).click();
	await axe(page);
	await shot(page, "appearance");
	await page.keyboard.press("Escape");
	await page.reload();
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	await expect.poll(() => looks(page)).toEqual(night);

	// The page to sign in is as it was seen last; the next one's is the browser's.
	await signOut(page, "night");
	await page.reload();
	await page.getByRole("heading", { name: "Sign in to Postroom" }).waitFor();
	await expect.poll(() => looks(page)).toEqual(night);
	await signIn(page, "day", password);
	await expect.poll(() => looks(page)).toEqual({ dark: false, compact: false, language: "en-US" });
	await signOut(page, "day");
	await signIn(page, "night", password);
	await expect.poll(() => looks(page)).toEqual(night);
	await choose(page, "Light");
	await choose(page, "Comfortable");
	await expect.poll(() => looks(page)).toEqual({ dark: false, compact: false, language: "en-GB" });
});

test("dates and times follow the language, and what is typed stays", async () => {
	const page = await w.signedIn(`${w.endpoints.region}/account?tab=sessions`, { timezoneId: "Europe/Berlin" });
	const american = /[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d\s[AP]M/;
	const british = /\d{1,2} [A-Z][a-z]{2,3} \d{4}, \d\d:\d\d/;
	await page.getByText("This one").waitFor();
	await page.getByText(american).first().waitFor();
	// The components' own texts come with the language, and not before.
	const own = page.waitForResponse((r) => /all\.en-GB-[^/]*\.js$/.test(r.url()));
	await choose(page, "English (UK)");
	expect((await own).ok()).toBe(true);
	await page.getByText(british).first().waitFor();
	await expect.poll(() => page.getByText(american).count()).toBe(0);
	await page.goto(w.at("users/new"));
	await page.getByLabel("First name").fill("Half");
	await choose(page, "English (US)");
	await expect.poll(async () => (await looks(page)).language).toBe("en-US");
	await expect.poll(() => page.getByLabel("First name").inputValue()).toBe("Half");
});

test.each([
	["en-US", "en-US"],
	["en-GB", "en-GB"],
	["de-DE", "en-GB"],
])("a browser in %s begins with %s", async (locale, language) => {
	const page = await (await w.context({ locale, timezoneId: "Europe/Berlin" })).newPage();
	await page.goto(w.endpoints.console);
	await page.getByRole("heading", { name: "Sign in to Postroom" }).waitFor();
	expect((await looks(page)).language).toBe(language);
});

test("the region that was chosen is the one of the bare address, for who chose it", async () => {
	await make("traveller");
	const page = await (await w.context()).newPage();
	await page.goto(w.endpoints.console);
	await signIn(page, "traveller", password);
	await expect.poll(() => page.url()).toMatch(/us-east-1\/organizations$/);
	await page.getByRole("button", { name: "us-east-1" }).click();
	await page.getByRole("menuitem", { name: "eu-west-1" }).click();
	await expect.poll(() => page.url()).toMatch(/eu-west-1\/organizations$/);
	await page.goto(w.endpoints.console);
	await expect.poll(() => page.url()).toMatch(/eu-west-1\/organizations$/);
	// A region that is not served here is no choice.
	await page.goto(`${w.endpoints.console}mars-1/organizations`);
	await page.getByRole("heading", { name: "There is no region mars-1 here" }).waitFor();
	await page.goto(w.endpoints.console);
	await expect.poll(() => page.url()).toMatch(/eu-west-1\/organizations$/);
	await signOut(page, "traveller");
	await page.goto(w.endpoints.console);
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await expect.poll(() => page.url()).toMatch(/us-east-1\/organizations$/);
});
