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
	// Not by the mouse: the dialog may be there already, from a call of the page itself.
	await page.getByRole("button", { name: "Refresh" }).dispatchEvent("click");
	const dialog = page.getByRole("dialog", { name: "Sign in again" });
	await dialog.waitFor();
	await axe(page);
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await dialog.waitFor({ state: "detached" });
	await page.getByRole("link", { name: w.endpoints.organization.alias, exact: true }).waitFor();
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
	await codes.getByRole("button", { name: "I have kept them" }).click();
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
	await page.getByRole("button", { name: "I have kept them" }).click();
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
	expect(await page.getByLabel("Administrator name").inputValue()).toBe("guessed");
});
