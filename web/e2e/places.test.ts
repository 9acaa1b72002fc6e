/** Addresses of pages as people mistype, keep and craft them, and the same pages on a phone. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, shot, world } from "./harness.ts";

const w = world();
const nothing = "m-00000000000000000000000000000000";

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name }).first().waitFor();

/** What only a program should read. */
async function plain(page: Page): Promise<void> {
	const text = await page.locator("body").textContent();
	expect(text).not.toMatch(/validation error|constraint|Member must|NextToken|could not be loaded/);
}

test("crafted values in an address fall back to what is usual", async () => {
	const page = await w.signedIn(w.at("users"));
	const alice = page.getByRole("link", { name: "alice", exact: true });
	const long = "x".repeat(300);
	for (const query of [
		"sort=__proto__",
		"sort=-constructor",
		"page=-1",
		"page=1e9",
		"page=99999",
		"page=999999999999",
		"state=zzz&role=%3Cimg%3E",
		`q=${long}`,
		"q=%00",
	]) {
		await page.goto(w.at(`users?${query}`));
		await alice.waitFor();
		await plain(page);
	}
	for (const list of ["groups", "resources", "domains"]) {
		await page.goto(w.at(`${list}?sort=__proto__&page=1e9&state=zzz&q=`));
		await heading(page, new RegExp(list, "i"));
		await plain(page);
	}
	await page.goto(w.at("users/alice?tab=zzz&signins=-1"));
	await page.getByRole("tab", { name: "General", selected: true }).waitFor();
	await page.goto(w.at("users/alice?tab=sign-ins&signins=1e9"));
	await page.getByText("No sign-ins recorded.").waitFor();
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/account?tab=zzz`);
	await page.getByRole("tab", { name: "Password", selected: true }).waitFor();
	await page.goto(w.at("?period=zzz"));
	await heading(page, "Over time");
	await plain(page);
	await page.goto(w.at(`audit?operation=%3Cimg%3E&time=zzz&actor=${long}&from=zzz`));
	await heading(page, "Audit log");
	await page.getByRole("row").nth(1).waitFor();
	await expect.poll(() => page.url()).not.toContain("from=");
	await plain(page);
});

test("what does not exist here is said so, with a way on", async () => {
	const page = await w.signedIn(w.at("users"));
	for (const [path, says, way, to] of [
		[w.at("users/nobody-here"), "This user does not exist here", "To the users", /\/users$/],
		[w.at("users/no%20such"), "This user does not exist here", "To the users", /\/users$/],
		[w.at("users/new?made=zzz"), "This user does not exist here", "Back to users", /\/users$/],
		[w.at("domains/nothing.example"), "The domain nothing.example does not exist here", "To the domains", /\/domains$/],
		[w.at("domains/x"), "The domain x does not exist here", "To the domains", /\/domains$/],
		[
			w.at("users").replace(w.endpoints.organization.id, nothing),
			"This organization does not exist here",
			"To the organizations",
			/\/organizations$/,
		],
		[
			w.at("tags").replace(w.endpoints.organization.id, "example"),
			"This organization does not exist here",
			"To the organizations",
			/\/organizations$/,
		],
		[
			`${w.endpoints.console}mars-1/organizations`,
			"There is no region mars-1 here",
			"Organizations in us-east-1",
			/us-east-1\/organizations$/,
		],
	] as const) {
		await page.goto(path);
		await heading(page, says);
		await plain(page);
		await page.getByRole("button", { name: way }).click();
		await expect.poll(() => page.url()).toMatch(to);
	}
	// The ways beside that page lead where there is something.
	await page.goto(`${w.endpoints.console}mars-1/o/${nothing}/users`);
	await heading(page, "There is no region mars-1 here");
	await page.getByRole("link", { name: "My account" }).click();
	await expect.poll(() => page.url()).toMatch(/us-east-1\/account$/);
	for (const path of ["groups/no%20such", "groups/nobody", "resources/no%20such"]) {
		await page.goto(w.at(path));
		await page.getByRole("button", { name: /^To the/ }).waitFor();
		await plain(page);
	}
});

test("an organization of another region is offered there, on the same page", async () => {
	const page = await w.signedIn(w.at("users").replace("us-east-1", "eu-west-1"));
	await heading(page, "This organization does not exist here");
	await axe(page);
	await shot(page, "organization-elsewhere");
	await page.getByRole("button", { name: "Open it in us-east-1" }).click();
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	expect(page.url()).toBe(w.at("users"));
});

test("a refused form leads to its first field with a fault", async () => {
	const page = await w.signedIn(`${w.endpoints.region}/organizations/new`);
	const focused = (label: string) =>
		page.getByLabel(label, { exact: true }).and(page.locator(":focus")).first().waitFor();
	await page.getByRole("button", { name: "Create organization" }).click();
	await focused("Alias");
	// What the server refuses does the same, and what is typed meanwhile is not interrupted.
	await page.getByLabel("Alias").fill("example");
	await page.getByLabel("Domain 1").focus();
	await page.getByRole("button", { name: "Create organization" }).click();
	await page.getByText("is not available", { exact: false }).first().waitFor();
	await focused("Alias");
	await page.goto(w.at("users/alice?do=reset-password"));
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Reset", exact: true }).click();
	await focused("New password");
	await page.goto(w.at("users/alice?edit=details"));
	await page.getByLabel("Display name").fill("");
	await page.getByRole("button", { name: "Save" }).click();
	await focused("Display name");
});

test("on a phone nothing of use lies beyond the edge", async () => {
	const page = await w.signedIn(w.at("users"), { viewport: { width: 360, height: 740 } });
	const inside = async (name: string, locator: ReturnType<Page["getByText"]>) => {
		const box = await locator.first().boundingBox();
		expect(box && box.x >= 0 && box.x + box.width <= 360, name).toBe(true);
	};
	await page.getByRole("checkbox", { name: "Select alice" }).check();
	await page.getByRole("button", { name: "Actions" }).click();
	await page.getByRole("menuitem", { name: "Disable user" }).waitFor();
	await inside("the menu", page.getByRole("menuitem", { name: "Reset password" }));
	await page.keyboard.press("Escape");
	const hint = page.getByPlaceholder("Start of a name or address");
	await expect.poll(() => hint.evaluate((e) => e.scrollWidth <= e.clientWidth)).toBe(true);
	await axe(page);
	await page.goto(w.at(""));
	await inside("the encryption", page.getByText(/^localhost, port \d+, SSL\/TLS$/));
	await page.goto(w.at("domains/example.postroom.test"));
	await inside("a DNS value", page.getByText("v=spf1 mx ~all", { exact: true }));
	await axe(page);
	await page.goto(w.at("users/alice"));
	await inside("what an address is for", page.getByText("Default", { exact: true }));
	await axe(page);
});
