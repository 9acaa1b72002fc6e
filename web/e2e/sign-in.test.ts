import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, shot, signIn, world } from "./harness.ts";
import { virtualAuthenticator } from "./passkey.ts";
import { totp } from "./totp.ts";

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
	await expect.poll(() => page.getByLabel("Administrator name").inputValue()).toBe(w.endpoints.admin.username);

	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await page.getByRole("heading", { name: "Organizations" }).waitFor();
	await axe(page);

	// The session is the cookie's: no script reads it, and a reload keeps it.
	await expect.poll(() => page.evaluate(() => document.cookie)).toBe("");
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

test("signing out where the server cannot be reached says so, and the session goes on", async () => {
	const page = await w.signedIn();
	await page.getByRole("link", { name: w.endpoints.organization.alias, exact: true }).waitFor();
	const other = await page.context().newPage();
	await other.goto(w.at("users"));
	await other.getByRole("link", { name: "alice", exact: true }).waitFor();
	const menu = async () => {
		await page.getByRole("button", { name: w.endpoints.admin.username }).first().click();
		await page.getByRole("menuitem", { name: "Sign out" }).click();
	};
	// The call comes nowhere, then to a server that is in trouble.
	await page.route("**/", (route) => route.abort());
	await menu();
	await seen(page, /The server cannot be reached/);
	await page.unroute("**/");
	await page.route("**/", (route) => route.fulfill({ status: 503, json: { __type: "InternalFailure" } }));
	await menu();
	await seen(page, /The server failed/);
	await page.unroute("**/");
	await expect.poll(() => page.getByText("You have signed out.").count()).toBe(0);
	await page.reload();
	await page.getByRole("link", { name: w.endpoints.organization.alias, exact: true }).waitFor();
	await expect.poll(() => other.getByRole("link", { name: "alice", exact: true }).count()).toBe(1);
	await menu();
	await page.getByText("You have signed out.").waitFor();
	await other.getByText("You have signed out.").waitFor();
});

test("a password that the server did not look at stays; a wrong one does not", async () => {
	const page = await (await w.context()).newPage();
	await page.goto(w.endpoints.console);
	const field = page.getByLabel("Password", { exact: true });
	await page.getByLabel("Administrator name").fill(w.endpoints.admin.username);
	await field.fill(w.endpoints.admin.password);
	await page.route("**/", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
	await page.getByRole("button", { name: "Sign in" }).click();
	await seen(page, /Nothing that you typed is lost/);
	await expect.poll(() => field.inputValue()).toBe(w.endpoints.admin.password);
	await page.unroute("**/");
	await field.fill("wrong");
	await page.getByRole("button", { name: "Sign in" }).click();
	await seen(page, /The name or the password is wrong/);
	await expect.poll(() => field.inputValue()).toBe("");
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
	// While it loads, the button to refresh takes no click.
	await page.getByRole("link", { name: w.endpoints.organization.alias, exact: true }).waitFor();
	await page.context().clearCookies();
	// Not by the mouse: the dialog may be there already, from a call of the page itself.
	await page.getByRole("button", { name: "Refresh" }).dispatchEvent("click");
	const dialog = page.getByRole("dialog", { name: "Sign in again" });
	await dialog.waitFor();
	await axe(page);
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await dialog.waitFor({ state: "detached" });
	await page.getByRole("link", { name: w.endpoints.organization.alias, exact: true }).waitFor();
});

/** Two tabs of one browser: typed work of `first` in one, and the list of organizations in the other. */
async function typedBeside(first: string, path: string, label: string): Promise<{ typed: Page; other: Page }> {
	const context = await w.context();
	const typed = await context.newPage();
	await typed.goto(path);
	await signIn(typed, first, password);
	await typed.getByLabel(label).first().fill("half-typed");
	const other = await context.newPage();
	await other.goto(`${w.endpoints.console}${w.endpoints.region}/organizations`);
	await other.getByRole("button", { name: first, exact: true }).waitFor();
	return { typed, other };
}

const again = (page: Page) => page.getByRole("dialog", { name: "Sign in again" });

test("another administrator signs in in a second tab: typed work stays, as nobody else's", async () => {
	await make("typist");
	await make("relief");
	const { typed, other } = await typedBeside(
		"typist",
		`${w.endpoints.console}${w.endpoints.region}/administrators/new`,
		"Name",
	);
	const idle = await typed.context().newPage();
	await idle.goto(w.at("users"));
	await idle.getByRole("link", { name: "alice", exact: true }).waitFor();
	await signOut(other, "typist");
	// Signed out in the other tab: where nothing was typed, here too.
	await idle.getByText("You have signed out.").waitFor();
	await again(typed).getByText("You signed out in another tab", { exact: false }).waitFor();
	await signIn(other, "relief", password);
	await again(typed).getByText("This browser is signed in as relief now", { exact: false }).waitFor();
	await axe(typed);
	await shot(typed, "sign-in-beside");

	// To be copied; but nothing is done in the other one's name.
	await typed.keyboard.press("Escape");
	await again(typed).waitFor({ state: "hidden" });
	await expect.poll(() => typed.getByLabel("Name", { exact: true }).inputValue()).toBe("half-typed");
	for (const label of ["Password", "Repeat password"])
		await typed.getByLabel(label, { exact: true }).first().fill(password);
	await typed.getByRole("button", { name: "Create administrator" }).last().click();
	await again(typed).waitFor();
	expect(JSON.stringify(await w.api("ListAdministrators", {}))).not.toContain("half-typed");

	// Signed in again, it goes on; the other tab, where nothing was typed, goes with it.
	await expect.poll(() => again(typed).getByLabel("Administrator name").inputValue()).toBe("typist");
	await again(typed).getByLabel("Password", { exact: true }).fill(password);
	await typed.keyboard.press("Enter");
	await again(typed).waitFor({ state: "detached" });
	await expect.poll(() => typed.getByLabel("Name", { exact: true }).inputValue()).toBe("half-typed");
	await other.getByRole("button", { name: "typist", exact: true }).waitFor();
});

test("a page that could not ask who signed in beside calls nothing in that one's session", async () => {
	await make("earlier");
	await make("later");
	const context = await w.context();
	const page = await context.newPage();
	await page.goto(w.at("users"));
	await signIn(page, "earlier", password);
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	await page.route("**/", (route) =>
		/WhoAmI$/.test(route.request().headers()["x-amz-target"] ?? "") ? route.abort() : route.continue(),
	);
	await context.clearCookies();
	const other = await context.newPage();
	await other.goto(w.endpoints.console);
	await signIn(other, "later", password);
	const answer = page.waitForResponse((r) => /FindGroups$/.test(r.request().headers()["x-amz-target"] ?? ""));
	await page.getByRole("link", { name: "Groups", exact: true }).click();
	expect(await (await answer).text()).toContain("ExpiredTokenException");
	await again(page).waitFor();
});

test("who signed in beside goes on with a page of his own, and nothing typed before", async () => {
	await make("first-one");
	await make("second-one");
	const { typed, other } = await typedBeside("first-one", w.at("users/new"), "First name");
	await signOut(other, "first-one");
	await signIn(other, "second-one", password);
	await again(typed).getByText("What was typed on this page is lost then.").waitFor();
	await again(typed).getByRole("button", { name: "Go on as second-one" }).click();
	await typed.getByRole("button", { name: "second-one", exact: true }).waitFor();
	await typed.getByLabel("First name").waitFor();
	await expect.poll(() => typed.getByLabel("First name").inputValue()).toBe("");
});

const password = "four plain words here";

async function make(name: string): Promise<void> {
	await w.api("CreateAdministrator", { Name: name, Password: password, Role: "FULL", AllOrganizations: true });
}

/** The first step: name and password, after which the second is asked for. */
async function firstStep(page: Page, name: string): Promise<void> {
	await page.getByLabel("Administrator name").fill(name);
	await page.getByLabel("Password", { exact: true }).fill(password);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
	await page.getByText("One more step").waitFor();
}

async function signOut(page: Page, name: string): Promise<void> {
	await page.getByRole("button", { name }).first().click();
	await page.getByRole("menuitem", { name: "Sign out" }).click();
	await page.getByText("You have signed out.").waitFor();
}

/** Waits for a text that is shown; beside it there may be one for screen readers alone. */
const seen = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first().waitFor();

test("the second step by an authenticator app: each code once, recovery codes once", async () => {
	await make("careful");
	const page = await (await w.context()).newPage();
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/account?tab=second-step`);
	await signIn(page, "careful", password);
	await page.getByRole("button", { name: "Set up an authenticator app" }).click();
	const secret = (await page.getByRole("dialog").locator("code").first().textContent()) ?? "";
	await page.getByRole("dialog").getByLabel("Code", { exact: true }).fill(totp(secret, -1));
	await page.keyboard.press("Enter");
	const codes = page.getByRole("dialog", { name: "Your recovery codes" });
	await codes.waitFor();
	const recovery = await codes.getByRole("listitem").allTextContents();
	await codes.getByRole("button", { name: "I have saved them" }).click();
	await signOut(page, "careful");

	await firstStep(page, "careful");
	// Nobody is signed in yet: no cookie.
	expect(await page.context().cookies()).toEqual([]);
	await axe(page);
	await shot(page, "sign-in-code");
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
	await seen(page, "Enter the six digits of the app");
	await page.getByLabel("Code", { exact: true }).fill(totp(secret, 40));
	await page.keyboard.press("Enter");
	await seen(page, "The code or the passkey is wrong.");
	const code = totp(secret);
	await page.getByLabel("Code", { exact: true }).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "My account" }).waitFor();
	await signOut(page, "careful");

	// The same code again is refused; one for the next half minute is taken.
	await firstStep(page, "careful");
	await page.getByLabel("Code", { exact: true }).fill(code);
	await page.keyboard.press("Enter");
	await seen(page, "The code or the passkey is wrong.");
	await page.getByRole("button", { name: "Use a recovery code" }).click();
	await axe(page);
	await shot(page, "sign-in-recovery");
	await page.getByLabel("Recovery code").fill(recovery[0] ?? "");
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "My account" }).waitFor();
	await signOut(page, "careful");

	await firstStep(page, "careful");
	await page.getByRole("button", { name: "Use a recovery code" }).click();
	await page.getByLabel("Recovery code").fill(recovery[0] ?? "");
	await page.keyboard.press("Enter");
	await seen(page, "The code or the passkey is wrong.");
	await page.getByRole("button", { name: "Start again" }).click();
	await firstStep(page, "careful");
	await page.getByLabel("Code", { exact: true }).fill(totp(secret, 1));
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "My account" }).waitFor();
});

test("the second step by a passkey", async () => {
	await make("modern");
	const page = await (await w.context()).newPage();
	const authenticator = await virtualAuthenticator(page);
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/account?tab=second-step`);
	await signIn(page, "modern", password);
	await page.getByRole("button", { name: "Add passkey" }).click();
	await page.getByRole("dialog").getByLabel("Name").fill("This computer");
	await page.keyboard.press("Enter");
	await page.getByRole("button", { name: "I have saved them" }).click();
	await signOut(page, "modern");

	await firstStep(page, "modern");
	await axe(page);
	await shot(page, "sign-in-passkey");
	await authenticator.refuse();
	await page.getByRole("button", { name: "Use a passkey" }).click();
	await seen(page, "The passkey was not used");
	await authenticator.agree();
	await page.getByRole("button", { name: "Use a passkey" }).click();
	await page.getByRole("heading", { name: "My account" }).waitFor();

	// A browser without the passkey does not get in by the password alone.
	const other = await (await w.context()).newPage();
	await virtualAuthenticator(other);
	await other.goto(w.endpoints.console);
	await firstStep(other, "modern");
	await other.getByRole("button", { name: "Use a passkey" }).click();
	await seen(other, "The passkey was not used");
	expect(await other.context().cookies()).toEqual([]);
});

test("guessing is slowed down, and the page says for how long", async () => {
	await make("guessed");
	const page = await (await w.context()).newPage();
	await page.goto(w.endpoints.console);
	await page.getByLabel("Administrator name").fill("guessed");
	await page.getByLabel("Password", { exact: true }).fill("a guess");
	const refusals = await page.evaluate(async () => {
		const seen: string[] = [];
		for (let i = 0; i < 40 && !seen.some((text) => text.includes("Too many")); i++) {
			const answer = await fetch("/", {
				method: "POST",
				headers: { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Postroom.SignIn" },
				body: JSON.stringify({ Username: "guessed", Password: `guess ${i}` }),
			});
			seen.push(await answer.text());
		}
		return seen;
	});
	expect(refusals.at(-1)).toContain("Too many failed sign-ins. Try again in");
	await page.getByRole("button", { name: "Sign in" }).click();
	await seen(page, /Too many failed sign-ins. Try again in \d+ (second|minute)/);
	await expect.poll(() => page.getByLabel("Administrator name").inputValue()).toBe("guessed");
});
