import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, copy, leaving, shot, signIn, world } from "./harness.ts";
import { totp } from "./totp.ts";

const w = world();
const password = "four plain words here";

const path = (rest = "") => `${w.endpoints.region}/administrators${rest}`;

async function make(name: string, role: "FULL" | "READ_ONLY" = "FULL", organizations: string[] = []): Promise<string> {
	const out = await w.api("CreateAdministrator", {
		Name: name,
		Password: password,
		Role: role,
		AllOrganizations: organizations.length === 0,
		Organizations: organizations,
	});
	return out.AdministratorId ?? "";
}

async function typePassword(page: Page, text: string, again = text): Promise<void> {
	await page.getByLabel("Password", { exact: true }).fill(text);
	await page.getByLabel("Repeat password").fill(again);
}

/** A window in which somebody else than the first administrator is signed in. */
async function as(name: string, at: string, secret = password): Promise<Page> {
	const page = await (await w.context()).newPage();
	await page.goto(w.endpoints.console + at);
	await signIn(page, name, secret);
	return page;
}

test("an administrator is created for chosen organizations and signs in", async () => {
	const page = await w.signedIn(path());
	await page.getByRole("link", { name: w.endpoints.admin.username, exact: true }).waitFor();
	await axe(page);
	await shot(page, "administrators");
	await page.getByRole("button", { name: "Create administrator" }).click();
	await page.getByRole("heading", { name: "Create administrator" }).waitFor();

	// Nothing typed: every field says what it wants, and nothing is sent.
	const send = page.locator("form").getByRole("button", { name: "Create administrator" });
	await send.click();
	await page.getByText("Enter a name").waitFor();
	await page.getByText("At least 12 characters").waitFor();
	for (const [name, fault] of [
		["<script>alert(1)</script>", "Only letters a to z"],
		["-begins-wrong", "Only letters a to z"],
		["x".repeat(65), "At most 64 characters"],
		["אבג", "Only letters a to z"],
	] as const) {
		await page.getByLabel("Name", { exact: true }).fill(name);
		await page.getByText(fault).first().waitFor();
	}
	await typePassword(page, "short");
	await page.getByText("At least 12 characters").first().waitFor();
	await typePassword(page, password, "another one than that");
	await page.getByText("The two passwords differ").waitFor();

	// What the server refuses lands at its field, and what was typed stays.
	await page.getByLabel("Name", { exact: true }).fill(w.endpoints.admin.username);
	await typePassword(page, password);
	await send.click();
	await page.getByText("There is an administrator admin already", { exact: false }).waitFor();
	await page.getByLabel("Name", { exact: true }).fill("helper-one");
	await typePassword(page, "helper-one", "helper-one");
	await page.getByText("At least 12 characters").waitFor();

	await page.getByRole("radio", { name: "Chosen organizations" }).click();
	await typePassword(page, password);
	await send.click();
	await page.getByText("Choose at least one organization").first().waitFor();
	await page.getByRole("button", { name: /The chosen organizations/ }).click();
	await page.getByRole("option", { name: w.endpoints.organization.alias }).click();
	await page.keyboard.press("Escape");
	await page.getByRole("radio", { name: "Full access" }).click();
	await page.getByRole("button", { name: "Generate" }).click();
	const made = await page.getByLabel("Password", { exact: true }).inputValue();
	await axe(page);
	await shot(page, "administrators-create");
	await send.click();

	await page.getByRole("heading", { name: "Administrator helper-one was created" }).waitFor();
	await page.getByText(made, { exact: true }).waitFor();
	await axe(page);
	await shot(page, "administrators-created");
	// The password is seen this once: it is not left behind without a question.
	const onward = page.getByRole("button", { name: "To the administrator's page" });
	await onward.click();
	expect(await leaving(page, false)).toContain("was not copied yet");
	await copy(page, "Password");
	await onward.click();
	await page.getByRole("heading", { name: "helper-one", exact: true }).waitFor();
	await page.getByRole("link", { name: w.endpoints.organization.alias }).waitFor();
	await page.getByText("None", { exact: true }).waitFor();
	await expect.poll(() => page.getByText(made).count()).toBe(0);
	await axe(page);
	await shot(page, "administrator");

	const other = await as("helper-one", `${w.endpoints.region}/organizations`, made);
	await other.getByRole("link", { name: w.endpoints.organization.alias, exact: true }).waitFor();
	await expect.poll(() => other.getByRole("link", { name: "Administrators" }).count()).toBe(0);
	// The bare address of a screen that is not his: his role does not reach it, no fault.
	await other.goto(w.endpoints.console + path());
	await other.getByRole("heading", { name: "Your role does not reach this page", level: 1 }).waitFor();
	await axe(other);
	await other.getByRole("button", { name: "To the start page" }).click();
	await other.getByText("You may change everything inside these organizations", { exact: false }).waitFor();
});

test("the list filters, sorts and keeps its place", async () => {
	await make("list-b", "READ_ONLY");
	await make("list-a");
	const page = await w.signedIn(path("?q=list-"));
	await page.getByRole("link", { name: "list-a" }).waitFor();
	await expect.poll(() => page.getByRole("link", { name: /^list-/ }).allTextContents()).toEqual(["list-a", "list-b"]);
	await page.getByRole("button", { name: "Name" }).press("Enter");
	await expect.poll(() => page.getByRole("link", { name: /^list-/ }).allTextContents()).toEqual(["list-b", "list-a"]);
	await page.reload();
	await page.getByRole("link", { name: "list-a" }).waitFor();
	await expect.poll(() => page.getByRole("link", { name: /^list-/ }).allTextContents()).toEqual(["list-b", "list-a"]);
	await page.getByRole("searchbox").fill("nobody is called so");
	await page.getByText("No matches", { exact: true }).waitFor();
	await axe(page);
});

test("an administrator is edited, disabled, enabled and deleted", async () => {
	const id = await make("worker");
	const theirs = await as("worker", `${w.endpoints.region}/organizations`);
	const page = await w.signedIn(path(`/${id}`));
	await page.getByText(/Chrome \d+, Linux/).waitFor();

	await page.getByRole("button", { name: "Edit", exact: true }).click();
	const edit = page.getByRole("dialog", { name: "Edit worker" });
	await edit.getByText("Read only", { exact: true }).click();
	await axe(page);
	await shot(page, "administrator-edit");
	await edit.getByRole("button", { name: "Save changes" }).click();
	await edit.waitFor({ state: "detached" });
	await page.getByText("Read only", { exact: true }).waitFor();
	await page.getByText("This administrator is not signed in anywhere.").waitFor();

	// Rights taken away in the middle of work: signed out, and back with the new rights.
	await theirs.getByRole("button", { name: "Refresh" }).dispatchEvent("click");
	await theirs.getByRole("dialog", { name: "Sign in again" }).waitFor();
	await expect.poll(() => theirs.getByLabel("Administrator name").inputValue()).toBe("worker");
	await signIn(theirs, "worker", password);
	await theirs.getByText("You may look at everything here and change nothing.").waitFor();

	await page.reload();
	await page.getByText(/Chrome \d+, Linux/).waitFor();
	await page.getByRole("button", { name: "Disable" }).click();
	const disable = page.getByRole("dialog", { name: "Disable worker?" });
	await disable.getByText("1 session ends, 0 access keys stop working", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "administrator-disable");
	await disable.getByRole("button", { name: "Disable" }).click();
	await page.getByText("Administrator worker was disabled.").waitFor();
	await page.getByRole("button", { name: "Enable", exact: true }).waitFor();
	await theirs.getByRole("button", { name: "Refresh" }).dispatchEvent("click");
	await theirs.getByRole("dialog", { name: "Sign in again" }).waitFor();
	await theirs.getByLabel("Password", { exact: true }).fill(password);
	await theirs.getByRole("button", { name: "Sign in", exact: true }).click();
	await theirs.getByText("The name or the password is wrong", { exact: false }).first().waitFor();

	await page.getByRole("button", { name: "Enable", exact: true }).click();
	await page.getByText("Administrator worker may sign in again.").waitFor();

	await page.getByRole("button", { name: "Delete", exact: true }).click();
	const dialog = page.getByRole("dialog", { name: "Delete worker" });
	await dialog.getByText("This cannot be undone", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "administrator-delete");
	await dialog.getByRole("textbox").fill("work");
	await dialog.getByRole("button", { name: "Delete" }).click();
	await dialog.getByText("This is not worker").waitFor();
	await dialog.getByRole("textbox").fill("worker");
	await page.keyboard.press("Enter");
	await page.getByText("Administrator worker was deleted.").waitFor();
	await page.getByRole("link", { name: w.endpoints.admin.username, exact: true }).waitFor();
	await expect.poll(() => page.getByRole("link", { name: "worker", exact: true }).count()).toBe(0);
	await page.goto(w.endpoints.console + path(`/${id}`));
	await page.getByText("This administrator does not exist any more").waitFor();
	await axe(page);
});

test("a password is reset, and shown once", async () => {
	const id = await make("forgetful");
	const page = await w.signedIn(path(`/${id}`));
	await page.getByRole("button", { name: "Reset password" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Reset", exact: true }).click();
	await dialog.getByText("At least 12 characters").waitFor();
	await dialog.getByRole("button", { name: "Generate" }).click();
	const fresh = await dialog.getByLabel("Password", { exact: true }).inputValue();
	await axe(page);
	await shot(page, "administrator-reset");
	await dialog.getByRole("button", { name: "Reset", exact: true }).click();
	await dialog.getByText("never again", { exact: false }).waitFor();
	await dialog.getByText(fresh, { exact: true }).waitFor();
	await axe(page);
	await page.keyboard.press("Escape");
	await leaving(page, false);
	await dialog.getByRole("button", { name: "Close" }).last().click();
	await leaving(page, true);
	await dialog.waitFor({ state: "detached" });
	await as("forgetful", `${w.endpoints.region}/organizations`, fresh);
});

test("the second step of another one is reset: his sessions end, and the password alone opens the console", async () => {
	const id = await make("phoneless");
	const theirs = await as("phoneless", `${w.endpoints.region}/account?tab=second-step`);
	const ask = (target: string, body: unknown) =>
		theirs.evaluate(
			async ([name, input]) => {
				const headers = { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": `Postroom.${name}` };
				return (await fetch("/", { method: "POST", headers, body: input ?? "" })).json();
			},
			[target, JSON.stringify(body)] as const,
		) as Promise<{ Secret?: string }>;
	const { Secret = "" } = await ask("SetUpTotp", {});
	const page = await w.signedIn(path(`/${id}`));
	await page.getByText("Second step").waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Reset second step" }).count()).toBe(0); // there is none yet
	await ask("ConfirmTotp", { Code: totp(Secret) });
	await page.reload();
	await page.getByText("Authenticator app").waitFor();
	await page.goto(w.endpoints.console + path(""));
	await page.getByRole("row", { name: /phoneless.*Authenticator app/ }).waitFor();
	await page.getByRole("row", { name: /forgetful.*None/ }).waitFor();
	await axe(page);
	await shot(page, "administrators-second-step");
	await page.getByRole("link", { name: "phoneless" }).click();
	await page.getByRole("button", { name: "Reset second step" }).click();
	const dialog = page.getByRole("dialog", { name: "Reset the second step of phoneless" });
	await dialog.getByText("Authenticator app, and 10 recovery codes. 1 session ends", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "administrator-second-step");
	await dialog.getByRole("button", { name: "Reset second step" }).click();
	await dialog.getByText("This is not phoneless").waitFor();
	await dialog.getByRole("textbox").fill("phoneless");
	await page.keyboard.press("Enter");
	await page.getByText("The second step of phoneless was reset.").waitFor();
	await page.getByText("This administrator is not signed in anywhere.").waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Reset second step" }).count()).toBe(0);
	await as("phoneless", `${w.endpoints.region}/organizations`);

	// The own second step is not reset here, and who would lock himself out is warned.
	const self = await w.api("WhoAmI", {});
	await page.goto(w.endpoints.console + path(`/${self.AdministratorId}`));
	await page.getByRole("button", { name: "Disable" }).click();
	await page.getByText("This is you: you are signed out at once", { exact: false }).waitFor();
	await axe(page);
});

test("the keys of others are stopped and deleted", async () => {
	const id = await make("keyholder");
	const theirs = await as("keyholder", `${w.endpoints.region}/account?tab=access-keys`);
	await theirs.getByRole("button", { name: "Create access key" }).click();
	await theirs.getByText("Secret access key", { exact: true }).waitFor();

	const page = await w.signedIn(path(`/${id}`));
	await page.getByRole("button", { name: /^Deactivate / }).click();
	await page.getByText("Inactive", { exact: true }).waitFor();
	await page.getByRole("button", { name: /^Activate / }).click();
	await page.getByText("Active", { exact: true }).waitFor();
	const key = (await page.locator("code").first().textContent()) ?? "";
	await page.getByRole("button", { name: `Delete ${key}` }).click();
	await page.getByRole("dialog").getByRole("textbox").fill(key);
	await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
	await page.getByText("This administrator has no access keys.").waitFor();

	// The session of another is ended here, and he notices at his next step.
	await page.getByRole("button", { name: /^End session from/ }).click();
	await page.getByText("The session was ended.").waitFor();
	await theirs.getByRole("button", { name: "Close" }).last().click();
	await leaving(theirs, true);
	await theirs.getByRole("button", { name: "Create access key" }).click();
	await theirs.getByRole("dialog", { name: "Sign in again" }).waitFor();
});

test("the last full administrator stays, in the server's words", async () => {
	const own = (await w.api("WhoAmI", {})).AdministratorId ?? "";
	const others = (await w.api("ListAdministrators", {})).Administrators ?? [];
	for (const a of others)
		if (a.AdministratorId !== own) await w.api("DeleteAdministrator", { AdministratorId: a.AdministratorId ?? "" });
	const page = await w.signedIn(path(`/${own}`));
	const words = "This is the last enabled administrator with full access to all organizations.";

	await page.getByRole("button", { name: "Disable" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
	await page.getByRole("dialog").getByText(words, { exact: false }).waitFor();
	await axe(page);
	await shot(page, "administrator-last");
	await page.keyboard.press("Escape");

	await page.getByRole("button", { name: "Edit", exact: true }).click();
	await page.getByText("This is you", { exact: false }).waitFor();
	await page.getByRole("dialog").getByText("Read only", { exact: true }).click();
	await page.getByRole("button", { name: "Save changes" }).click();
	await page.getByRole("dialog").getByText(words, { exact: false }).waitFor();
	await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();

	await page.getByRole("button", { name: "Delete", exact: true }).click();
	await page.getByRole("dialog").getByRole("textbox").fill(w.endpoints.admin.username);
	await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
	await page.getByRole("dialog").getByText(words, { exact: false }).waitFor();
	await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
	// The own password is not reset here.
	await expect.poll(() => page.getByRole("button", { name: "Reset password" }).count()).toBe(0);
});

test("two administrators at once: the second sees what the first did", async () => {
	const id = await make("contested");
	const page = await w.signedIn(path(`/${id}`));
	await page.getByRole("button", { name: "Edit", exact: true }).click();
	const dialog = page.getByRole("dialog", { name: "Edit contested" });
	await dialog.getByText("Chosen organizations", { exact: true }).click();
	await dialog.getByRole("button", { name: /The chosen organizations/ }).click();
	await page.getByRole("option", { name: w.endpoints.organization.alias }).click();
	await page.keyboard.press("Escape");

	await w.api("UpdateAdministrator", { AdministratorId: id, Role: "READ_ONLY" });
	await dialog.getByRole("button", { name: "Save changes" }).click();
	await dialog.getByText("Someone else has changed this in the meantime", { exact: false }).waitFor();
	await dialog.getByText("The newest state: Read only, All organizations, Enabled.").waitFor();
	await axe(page);
	// Nothing was overwritten, and what was chosen is still there.
	expect((await w.api("DescribeAdministrator", { AdministratorId: id })).Role).toBe("READ_ONLY");
	await expect.poll(() => dialog.getByRole("radio", { name: "Chosen organizations" }).isChecked()).toBe(true);
	await dialog.getByRole("button", { name: "Save changes" }).click();
	await dialog.waitFor({ state: "detached" });
	const now = await w.api("DescribeAdministrator", { AdministratorId: id });
	expect([now.Role, now.Organizations]).toEqual(["FULL", [w.endpoints.organization.id]]);
});

test("what ends is not said before it was read, and another's change stops a deletion once", async () => {
	const id = await make("counted");
	const page = await w.signedIn(path());
	await page.route("**/", (route) =>
		route.request().headers()["x-amz-target"]?.endsWith("ListSessions") ? route.abort() : route.continue(),
	);
	await page.goto(w.endpoints.console + path(`/${id}`));
	const dialog = page.getByRole("dialog");
	for (const name of ["Disable", "Reset password", "Delete"]) {
		await page.getByRole("button", { name, exact: true }).click();
		await dialog.getByText("What will be lost could not be counted").waitFor();
		await expect.poll(() => dialog.getByText(/0 (sessions|access keys)/).count()).toBe(0);
		if (name === "Delete") break;
		await dialog.getByRole("button", { name: "Cancel" }).click();
		await dialog.waitFor({ state: "detached" });
	}
	const send = dialog.getByRole("button", { name: "Delete" });
	await expect.poll(() => send.isDisabled()).toBe(true);
	await axe(page);
	await shot(page, "administrator-delete-uncounted");
	await page.unroute("**/");
	await dialog.getByRole("button", { name: "Try again" }).click();
	await dialog.getByText("0 sessions end, 0 access keys stop working", { exact: false }).waitFor();

	await w.api("UpdateAdministrator", { AdministratorId: id, Role: "READ_ONLY" });
	await dialog.getByRole("textbox").fill("counted");
	await send.click();
	await dialog.getByText("Someone else has changed this in the meantime", { exact: false }).waitFor();
	await page.getByText("Read only", { exact: true }).waitFor();
	await send.click();
	await page.getByText("Administrator counted was deleted.").waitFor();
});

test("a read-only administrator looks at everything and changes nothing", async () => {
	const id = await make("watcher", "READ_ONLY");
	const page = await as("watcher", path());
	await page.getByText("You may look at everything here and change nothing.").waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Create administrator" }).count()).toBe(0);
	await axe(page);
	await shot(page, "administrators-read-only");
	await page.getByRole("link", { name: w.endpoints.admin.username, exact: true }).click();
	await page.getByText("Administrator ID").waitFor();
	for (const name of ["Edit", "Disable", "Delete", "Reset password"])
		await expect.poll(() => page.getByRole("button", { name, exact: true }).count()).toBe(0);
	await page.goto(w.endpoints.console + path("/new"));
	await page.getByRole("heading", { name: "Your role does not reach this page", level: 1 }).waitFor();
	await expect.poll(() => page.getByText("The same with the AWS CLI").count()).toBe(0);

	// A changing call typed by hand is refused.
	const refused = await page.evaluate(async (AdministratorId) => {
		const answer = await fetch("/", {
			method: "POST",
			headers: { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Postroom.UpdateAdministrator" },
			body: JSON.stringify({ AdministratorId, Role: "FULL" }),
		});
		return [answer.status, ((await answer.json()) as { __type: string }).__type];
	}, id);
	expect(refused).toEqual([400, "AccessDeniedException"]);
	// The own account is his to change.
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/account`);
	await page.getByText("change nothing but your own account", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "account-read-only");
});
