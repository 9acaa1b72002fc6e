import { expect, test } from "vitest";
import { axe, shot, signIn, world } from "./harness.ts";

const w = world();

test("an administrator signs in, works, and signs out", async () => {
	const page = await (await w.context()).newPage();
	await page.goto(w.endpoints.console);
	await page.getByRole("heading", { name: "Sign in to Postroom" }).waitFor();
	await axe(page);
	await shot(page, "sign-in");

	// Nothing typed: nothing is sent.
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByText("Enter your name").waitFor();
	await page.getByText("Enter your password").waitFor();

	await page.getByLabel("Administrator name").fill(w.endpoints.admin.username);
	await page.getByLabel("Password", { exact: true }).fill("wrong");
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByText("The name or the password is wrong", { exact: false }).first().waitFor();
	expect(await page.getByLabel("Administrator name").inputValue()).toBe(w.endpoints.admin.username);

	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await page.getByRole("heading", { name: "Organizations" }).waitFor();
	await axe(page);

	// The session is the cookie's: no script reads it, and a reload keeps it.
	expect(await page.evaluate(() => document.cookie)).toBe("");
	const cookies = await page.context().cookies();
	expect(cookies.map((c) => [c.name, c.httpOnly, c.sameSite])).toEqual([["postroom_session", true, "Strict"]]);
	await page.reload();
	await page.getByRole("heading", { name: "Organizations" }).waitFor();

	await page.getByRole("button", { name: w.endpoints.admin.username }).first().click();
	await page.getByRole("menuitem", { name: "Sign out" }).click();
	await page.getByText("You have signed out.").waitFor();
	await page.goBack().catch(() => undefined);
	await page.goto(w.endpoints.console);
	await page.getByRole("heading", { name: "Sign in to Postroom" }).waitFor();
});

test("a deep link survives the sign-in, and what another tab does is heard", async () => {
	const context = await w.context();
	const page = await context.newPage();
	const deep = `${w.endpoints.console}${w.endpoints.region}/organizations?q=exam`;
	await page.goto(deep);
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await page.getByRole("link", { name: w.endpoints.organization.alias, exact: true }).waitFor();
	expect(page.url()).toBe(deep);

	const second = await context.newPage();
	await second.goto(deep);
	await second.getByRole("button", { name: w.endpoints.admin.username }).first().click();
	await second.getByRole("menuitem", { name: "Sign out" }).click();
	await page.getByText("You have signed out.").waitFor();
});

test("a session that ends asks to sign in again over the page", async () => {
	const page = await w.signedIn();
	await page.getByRole("heading", { name: "Organizations" }).waitFor();
	await page.context().clearCookies();
	await page.getByRole("button", { name: "Refresh" }).click();
	const dialog = page.getByRole("dialog", { name: "Sign in again" });
	await dialog.waitFor();
	await axe(page);
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await dialog.waitFor({ state: "detached" });
	await page.getByRole("link", { name: w.endpoints.organization.alias, exact: true }).waitFor();
});
