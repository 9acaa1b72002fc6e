import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import decodeQR from "qr/decode.js";
import { expect, test } from "vitest";
import { axe, copy, leaving, shot, signIn, world } from "./harness.ts";
import { virtualAuthenticator } from "./passkey.ts";
import { totp } from "./totp.ts";

const w = world();
const password = "four plain words here";
const fresh = "five other plain words here";

async function account(name: string, tab = ""): Promise<Page> {
	const known = (await w.api("ListAdministrators", {})).Administrators?.some((a) => a.Name === name);
	if (!known)
		await w.api("CreateAdministrator", { Name: name, Password: password, Role: "FULL", AllOrganizations: true });
	const page = await (await w.context()).newPage();
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/account${tab && `?tab=${tab}`}`);
	await signIn(page, name, password);
	await page.getByRole("heading", { name: "My account" }).waitFor();
	return page;
}

/** Waits for a text that is shown; beside it there may be one for screen readers alone. */
const seen = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first().waitFor();

test("the own password: policy, wrong present one, and the other sessions end", async () => {
	const page = await account("changer");
	const other = await account("changer");
	await axe(page);
	await shot(page, "account-password");
	const change = page.locator("form").getByRole("button", { name: "Change password" });
	await change.click();
	await seen(page, "Enter your current password");
	await page.getByText("The same with the AWS CLI").click();
	const { origin } = new URL(w.endpoints.console);
	await seen(
		page,
		`aws postroom change-own-password --endpoint-url ${origin} --region ${w.endpoints.region} --old-password OLD_PASSWORD --new-password NEW_PASSWORD`,
	);
	await seen(page, "At least 12 characters");

	await page.getByLabel("Current password").fill("not the present one");
	await page.getByLabel("New password").fill(fresh);
	await page.getByLabel("Repeat password").fill(`${fresh}.`);
	await change.click();
	await seen(page, "The two passwords differ");
	await page.getByLabel("Repeat password").fill(fresh);
	await change.click();
	await seen(page, "The old password is wrong.");
	await expect.poll(() => page.getByLabel("New password").inputValue()).toBe(fresh);
	await axe(page);

	await page.getByLabel("Current password").fill(password);
	await change.click();
	await seen(page, "Your password was changed. 1 other session was ended.");
	await expect.poll(() => page.getByLabel("New password").inputValue()).toBe("");
	await page.getByRole("tab", { name: "Sessions" }).click();
	await seen(page, "This one");
	await expect.poll(() => page.getByRole("button", { name: /^End session from/ }).count()).toBe(0);

	await other.getByRole("tab", { name: "Sessions" }).click();
	await other.getByRole("dialog", { name: "Sign in again" }).waitFor();
	await other.getByLabel("Password", { exact: true }).last().fill(fresh);
	await other.getByRole("button", { name: "Sign in", exact: true }).click();
	await seen(other, "This one");
	// The tab lies in the address: a reload and another window find it.
	await other.reload();
	await seen(other, "This one");
	expect(other.url()).toContain("tab=sessions");
});

test("a new password that is typed is asked about before another tab takes its place", async () => {
	const page = await account("wanderer");
	await page.getByLabel("New password").fill(fresh);
	await page.getByRole("tab", { name: "Sessions" }).click();
	await leaving(page, false);
	await expect.poll(() => page.getByLabel("New password").inputValue()).toBe(fresh);
	await page.getByRole("tab", { name: "Sessions" }).click();
	await leaving(page, true);
	await seen(page, "This one");
});

test("an access key: its secret is shown once, and the profile works with the AWS CLI", async () => {
	const page = await account("programmer", "access-keys");
	await seen(page, "You have no access keys.");
	await axe(page);
	await page.getByRole("button", { name: "Create access key" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText("never again", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "account-access-key");
	const profile = (await dialog.locator("code").last().locator("div").allTextContents()).join("\n");
	const key = /aws_access_key_id = (\S+)/.exec(profile)?.[1] ?? "";
	const secret = /aws_secret_access_key = (\S+)/.exec(profile)?.[1] ?? "";
	await expect.poll(() => dialog.getByText(secret, { exact: true }).count()).toBe(1);

	const config = join(mkdtempSync(join(tmpdir(), "postroom-aws-")), "config");
	writeFileSync(config, profile);
	const who = () =>
		promisify(execFile)("aws", ["workmail", "list-organizations", "--profile", "postroom", "--output", "json"], {
			env: {
				PATH: process.env.PATH,
				HOME: tmpdir(),
				AWS_CONFIG_FILE: config,
				AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
			},
		});
	expect((await who()).stdout).toContain(w.endpoints.organization.id);

	// Not copied yet: it is not closed without a question.
	await dialog.getByRole("button", { name: "Close" }).last().click();
	expect(await leaving(page, false)).toContain("was not copied yet");
	await copy(page, "Profile for the AWS CLI");
	await dialog.getByRole("button", { name: "Close" }).last().click();
	await dialog.waitFor({ state: "detached" });
	await page.reload();
	await page.getByText(key, { exact: true }).waitFor();
	await expect.poll(() => page.getByText(secret).count()).toBe(0);
	await page.getByRole("button", { name: `Deactivate ${key}` }).click();
	await seen(page, "Inactive");
	await expect(who()).rejects.toThrow(/security token|UnrecognizedClient/);
	await page.getByRole("button", { name: `Activate ${key}` }).click();
	await seen(page, "Active");
	await shot(page, "account-access-keys");
	await page.getByRole("button", { name: `Delete ${key}` }).click();
	await page.getByRole("dialog").getByRole("textbox").fill(key);
	await page.keyboard.press("Enter");
	await seen(page, "You have no access keys.");
	await expect(who()).rejects.toThrow(/security token|UnrecognizedClient/);
});

/** Reads the picture as a phone's camera does. */
async function readQr(page: Page): Promise<string> {
	const image = await page.getByRole("img", { name: "QR code with the secret" }).evaluate((svg: SVGSVGElement) => {
		const size = svg.viewBox.baseVal.width;
		const scale = 4;
		const canvas = document.createElement("canvas");
		canvas.width = size * scale;
		canvas.height = size * scale;
		const draw = canvas.getContext("2d") as CanvasRenderingContext2D;
		draw.scale(scale, scale);
		draw.fillStyle = svg.querySelector("rect")?.getAttribute("fill") ?? "";
		draw.fillRect(0, 0, size, size);
		draw.fillStyle = svg.querySelector("path")?.getAttribute("fill") ?? "";
		draw.fill(new Path2D(svg.querySelector("path")?.getAttribute("d") ?? ""));
		const { width, height, data } = draw.getImageData(0, 0, canvas.width, canvas.height);
		return { width, height, data: [...data] };
	});
	return decodeQR({ ...image, data: Uint8Array.from(image.data) });
}

test("an authenticator app is set up by its picture, confirmed by a code, and removed", async () => {
	const page = await account("careful", "second-step");
	await seen(page, "Not set up");
	await axe(page);
	await shot(page, "account-second-step");
	await page.getByRole("button", { name: "Set up an authenticator app" }).click();
	const dialog = page.getByRole("dialog", { name: "Set up an authenticator app" });
	await dialog.waitFor();
	await axe(page);
	await shot(page, "account-totp");
	const uri = new URL(await readQr(page));
	const secret = uri.searchParams.get("secret") ?? "";
	expect(uri.protocol).toBe("otpauth:");
	expect(decodeURIComponent(uri.pathname)).toContain("careful");
	await dialog.getByText(secret, { exact: true }).waitFor();

	for (const [code, fault] of [
		["", "Enter the six digits of the app"],
		["12345", "Enter the six digits of the app"],
		["abcdef", "Enter the six digits of the app"],
		[totp(secret, 50), "The code is wrong"],
	] as const) {
		await dialog.getByLabel("Code", { exact: true }).fill(code);
		await page.keyboard.press("Enter");
		await seen(page, fault);
	}
	await dialog.getByLabel("Code", { exact: true }).fill(totp(secret));
	await page.keyboard.press("Enter");
	const codes = page.getByRole("dialog", { name: "Your recovery codes" });
	await codes.waitFor();
	await expect.poll(() => codes.getByRole("listitem").count()).toBeGreaterThanOrEqual(8);
	await axe(page);
	await shot(page, "account-recovery-codes");
	const first = (await codes.getByRole("listitem").first().textContent()) ?? "";
	// Neither copied nor printed yet: Escape asks. On paper there are the codes and whose they are, and nothing of the page.
	await page.keyboard.press("Escape");
	await leaving(page, false);
	await page.evaluate(() => {
		window.print = () => window.dispatchEvent(new Event("beforeprint"));
	});
	await codes.getByRole("button", { name: "Print" }).click();
	await page.emulateMedia({ media: "print" });
	// biome-ignore lint/performance/useDomNodeTextContent: what is hidden on paper does not count
	const paper = await page.locator("body").innerText();
	expect(paper).toMatch(/^Recovery codes of \S+ for localhost:\d+/);
	expect(paper).toContain(first);
	expect(paper).not.toContain("I have saved them");
	expect(paper).not.toContain("Postroom");
	await page.emulateMedia({ media: null });
	await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
	await expect.poll(() => page.locator("body").textContent()).not.toContain("Recovery codes of");
	await codes.getByRole("button", { name: "I have saved them" }).click();
	await codes.waitFor({ state: "detached" });
	await seen(page, /^In use since/);
	await page.reload();
	await seen(page, /codes are left/);
	await expect.poll(() => page.getByText(first).count()).toBe(0);

	// New codes and removal take the password.
	await page.getByRole("button", { name: "Make new codes" }).click();
	await page.getByLabel("Your password").fill("wrong");
	await page.keyboard.press("Enter");
	await seen(page, "The password is wrong.");
	await page.getByLabel("Your password").fill(password);
	await page.keyboard.press("Enter");
	await codes.waitFor();
	await expect.poll(() => codes.getByText(first).count()).toBe(0);
	await codes.getByRole("button", { name: "I have saved them" }).click();

	await page.getByRole("button", { name: "Remove the authenticator app" }).click();
	const removal = page.getByRole("dialog", { name: "Remove the authenticator app" });
	await removal.getByRole("button", { name: "Remove" }).click();
	await seen(page, "Enter your password");
	await axe(page);
	await removal.getByLabel("Your password").fill(password);
	await page.keyboard.press("Enter");
	await seen(page, "Not set up");
	await seen(page, "You get them when you set up a second step.");
});

test("passkeys are made, named and deleted", async () => {
	const page = await account("modern", "second-step");
	const authenticator = await virtualAuthenticator(page);
	await page.getByRole("button", { name: "Add passkey" }).click();
	const dialog = page.getByRole("dialog", { name: "Add passkey" });
	await dialog.getByRole("button", { name: "Add passkey" }).click();
	await seen(page, "Enter a name");
	await dialog.getByLabel("Name").fill("x".repeat(65));
	await seen(page, "At most 64 characters");

	// The reader closes the browser's question.
	const name = "<b>Schlüssel</b> 🔑 مفتاح";
	await dialog.getByLabel("Name").fill(name);
	await authenticator.refuse();
	await dialog.getByRole("button", { name: "Add passkey" }).click();
	await seen(page, "No passkey was made");
	await axe(page);
	await authenticator.agree();
	await dialog.getByRole("button", { name: "Add passkey" }).click();
	await page.getByRole("dialog", { name: "Your recovery codes" }).waitFor();
	await page.getByRole("button", { name: "I have saved them" }).click();
	await page
		.getByRole("cell", { name, exact: true })
		.or(page.getByRole("rowheader", { name, exact: true }))
		.waitFor();
	await axe(page);
	await shot(page, "account-passkeys");

	// This device has one already; and a name is taken once.
	await page.getByRole("button", { name: "Add passkey" }).click();
	await dialog.getByLabel("Name").fill("another");
	await dialog.getByRole("button", { name: "Add passkey" }).click();
	await seen(page, "This device has a passkey of yours already.");
	await dialog.getByRole("button", { name: "Cancel" }).click();

	await page.getByRole("button", { name: `Delete passkey ${name}` }).click();
	await page.getByLabel("Your password").fill(password);
	await page.keyboard.press("Enter");
	await seen(page, "You have no passkeys.");
});
