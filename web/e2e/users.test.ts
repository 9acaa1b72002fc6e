import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, copy, leaving, shot, signIn, world } from "./harness.ts";
import { imap, signsIn } from "./mail.ts";

const w = world();
const good = "Correct-Horse-7";

const lets = (email: string, password: string) => signsIn(w.endpoints, email, password);

const org = () => w.endpoints.organization.id;
const domain = () => w.endpoints.organization.domain;

/** Users that are not enabled, with the names. */
async function disabled(...names: string[]): Promise<string[]> {
	const ids: string[] = [];
	for (const Name of names) {
		const made = await w.api("CreateUser", { OrganizationId: org(), Name, DisplayName: Name, Password: good });
		ids.push(made.UserId ?? "");
	}
	return ids;
}

async function enabled(...names: string[]): Promise<string[]> {
	const ids: string[] = [];
	for (const Name of names) {
		const Email = `${Name}@${domain()}`;
		const made = await w.api("CreateUserWithMailbox", {
			OrganizationId: org(),
			Name,
			DisplayName: Name,
			Password: good,
			Email,
		});
		ids.push(made.UserId ?? "");
	}
	return ids;
}

/** The list with the users whose names begin so. */
async function listed(page: Page, prefix: string, ...choose: string[]): Promise<void> {
	await page.goto(w.at(`users?q=${prefix}`));
	for (const name of choose) await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
}

const row = (page: Page, name: string) =>
	page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });

test("what is wrong with a new user stands at its field, and nothing typed is lost", async () => {
	await enabled("taken");
	const page = await w.signedIn(w.at("users/new"));
	const next = page.getByRole("button", { name: "Next" });
	const name = page.getByLabel("User name");
	await next.click();
	await page.getByText("Enter a user name").filter({ visible: true }).first().waitFor();
	await page.getByText("Enter a display name").filter({ visible: true }).first().waitFor();
	await name.and(page.locator(":focus")).waitFor();
	await axe(page);
	for (const [typed, says] of [
		["with space", "A user name has letters, digits, - _ and . only"],
		["<script>", "A user name has letters, digits, - _ and . only"],
		["ünal", "A user name has letters, digits, - _ and . only"],
		["x".repeat(65), "A user name has at most 64 characters; this has 65"],
	] as const) {
		await name.fill(typed);
		await page.getByText(says).filter({ visible: true }).first().waitFor();
		await next.click();
		await page.getByRole("heading", { name: "Add the details" }).waitFor();
	}
	await page.getByLabel("First name").fill("y".repeat(257));
	await page.getByText("At most 256 characters; this has 257").filter({ visible: true }).first().waitFor();
	await page.getByLabel("First name").fill("<script>alert(1)</script>");
	await page.getByLabel("Last name").fill("שלום 🦄");
	await expect.poll(() => page.getByLabel("Display name").inputValue()).toBe("<script>alert(1)</script> שלום 🦄");

	// A name that is taken or reserved is known only to the server, which is asked before the next step.
	for (const [typed, says] of [
		["taken", "The name taken is taken"],
		["administrator", "The name administrator is reserved"],
	] as const) {
		await name.fill(typed);
		await next.click();
		await page.getByText(says, { exact: false }).filter({ visible: true }).first().waitFor();
		await page.getByRole("heading", { name: "Add the details" }).waitFor();
		await name.and(page.locator(":focus")).waitFor();
	}
	await axe(page);
	await name.fill("strange");
	await next.click();
	const local = page.getByRole("textbox", { name: "Email address" });
	await local.fill("taken");
	await page
		.getByText(/The address taken@.* belongs to the user taken/)
		.filter({ visible: true })
		.first()
		.waitFor();
	await local.fill("bad local");
	await page.getByRole("button", { name: "Add user" }).click();
	await page
		.getByText("The part before @ has letters, digits, and . _ % + - only")
		.filter({ visible: true })
		.first()
		.waitFor();
	await page.getByText("At least 8 characters").filter({ visible: true }).first().waitFor();
	await local.fill("x@elsewhere.example");
	await page
		.getByText("elsewhere.example is no verified domain of this organization", { exact: false })
		.filter({ visible: true })
		.first()
		.waitFor();
	await local.fill("z".repeat(65));
	await page
		.getByText("The part before @ has at most 64 characters; this has 65")
		.filter({ visible: true })
		.first()
		.waitFor();
	await local.fill("other.address");
	for (const [typed, says] of [
		["short1A", "At least 8 characters"],
		["onlylowercase", "Three kinds at least"],
		["Ünïcode-Ж-1234", "Only letters, digits and symbols of western keyboards"],
		["a1B".repeat(22), "At most 63 characters"],
	] as const) {
		await page.getByLabel("Password", { exact: true }).fill(typed);
		await page.getByText(says).filter({ visible: true }).first().waitFor();
	}
	await page.getByLabel("Password", { exact: true }).fill(good);
	await page.getByText("Repeat the password", { exact: true }).filter({ visible: true }).first().waitFor();
	await page.getByLabel("Repeat password").fill(good);
	await page.getByRole("button", { name: "Previous" }).click();
	await next.click();
	await expect.poll(() => local.inputValue()).toBe("other.address");

	// The back button goes a step back; a reload keeps all but the password.
	await page.goBack();
	await page.getByRole("heading", { name: "Add the details" }).waitFor();
	await expect.poll(() => name.inputValue()).toBe("strange");
	await page.goForward();
	await page.getByRole("heading", { name: "Set up email" }).waitFor();
	page.once("dialog", (dialog) => void dialog.accept());
	await page.reload();
	await expect.poll(() => local.inputValue()).toBe("other.address");
	await expect.poll(() => page.getByLabel("Password", { exact: true }).inputValue()).toBe("");

	// The server gone, then the session: the same button goes on afterwards.
	await page.getByRole("button", { name: "Generate" }).click();
	const made = await page.getByLabel("Password", { exact: true }).inputValue();
	expect(made.length).toBeGreaterThanOrEqual(20);
	await page.context().setOffline(true);
	await page.getByRole("button", { name: "Add user" }).click();
	await page.getByText("The server cannot be reached", { exact: false }).filter({ visible: true }).first().waitFor();
	await page.context().setOffline(false);
	await page.context().clearCookies();
	await page.getByRole("button", { name: "Add user" }).click();
	const again = page.getByRole("dialog", { name: "Sign in again" });
	await again.getByLabel("Administrator name").fill(w.endpoints.admin.username);
	await again.getByLabel("Password", { exact: true }).fill(w.endpoints.admin.password);
	await again.getByRole("button", { name: "Sign in", exact: true }).click();
	await again.waitFor({ state: "detached" });
	await page.getByRole("button", { name: "Add user" }).click();
	await page.getByRole("heading", { name: "strange was created" }).waitFor();
	await page.getByText("<script>alert(1)</script> שלום 🦄").waitFor();
	expect(await lets(`other.address@${domain()}`, made)).toBe(true);

	// The password is seen this once: until it was copied, whoever leaves is asked. A step back loses nothing.
	const domains = page.getByRole("link", { name: "Domains", exact: true });
	await domains.click();
	expect(await leaving(page, false)).toContain("was not copied yet");
	await page.goBack();
	await page.getByRole("heading", { name: "Add the details" }).waitFor();
	await page.goForward();
	// On paper, however it is printed, are the settings alone: the password goes another way.
	await page.getByText(made, { exact: true }).waitFor();
	await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
	await page.emulateMedia({ media: "print" });
	// biome-ignore lint/performance/useDomNodeTextContent: what is hidden on paper does not count
	const paper = await page.locator("body").innerText();
	expect(paper).toContain(`other.address@${domain()}`);
	expect(paper).toContain("Incoming mail (IMAP)");
	for (const not of [made, "Postroom", "Domains", "Back to users"]) expect(paper).not.toContain(not);
	await page.emulateMedia({ media: null });
	await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
	await copy(page, "Password");
	await domains.click();
	await page
		.getByRole("heading", { name: /^Domains/ })
		.first()
		.waitFor();
});

test("a generated password is not lost for the next user", async () => {
	const page = await w.signedIn(w.at("users/new"));
	const add = async (name: string) => {
		await page.getByLabel("User name").fill(name);
		await page.getByRole("button", { name: "Next" }).click();
		await page.getByRole("button", { name: "Generate" }).click();
		await page.getByRole("button", { name: "Add user" }).click();
		await page.getByRole("heading", { name: `${name} was created` }).waitFor();
	};
	await add("made-before");
	await page.goBack();
	await add("made-after");
	await copy(page, "Password");
	await page.getByRole("link", { name: "Domains", exact: true }).click();
	expect(await leaving(page, false)).toContain("The password of made-before was not copied yet");
	await copy(page, "Password of made-before");
	await page.getByRole("link", { name: "Domains", exact: true }).click();
	await page
		.getByRole("heading", { name: /^Domains/ })
		.first()
		.waitFor();
});

test("on a phone a new user begins at the top, with the first field", async () => {
	const page = await w.signedIn(w.at("users"), { viewport: { width: 360, height: 740 } });
	for (const open of [() => page.getByRole("button", { name: "Create user" }).click(), () => page.reload()]) {
		await open();
		await expect.poll(() => page.getByLabel("First name").evaluate((e) => e === document.activeElement)).toBe(true);
		await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
		expect((await page.getByText("Step 1 of 2").first().boundingBox())?.y).toBeGreaterThan(90);
	}
});

test("what was typed for a new user is not left without asking", async () => {
	const page = await w.signedIn(w.at("users"));
	await page.getByRole("button", { name: "Create user" }).click();
	await page.getByLabel("User name").fill("half");
	await page.getByRole("link", { name: "Groups" }).click();
	await leaving(page, false);
	await page.goBack();
	await leaving(page, false);
	await expect.poll(() => page.getByLabel("User name").inputValue()).toBe("half");
	await page.getByRole("button", { name: "Cancel" }).click();
	await leaving(page, true);
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	await page.getByRole("button", { name: "Create user" }).click();
	await expect.poll(() => page.getByLabel("User name").inputValue()).toBe("");
});

test("a remote user has neither mailbox nor password", async () => {
	const page = await w.signedIn(w.at("users/new"));
	await page.getByLabel("User name").fill("far");
	await page.getByRole("button", { name: "Next" }).click();
	await page.getByLabel("Remote user", { exact: false }).check();
	await page.getByLabel("Password", { exact: true }).waitFor({ state: "detached" });
	await page.getByLabel("Show in the address list", { exact: false }).uncheck();
	await page.getByRole("button", { name: "Add user" }).click();
	await page.getByText("There is no mailbox and no sign-in here").waitFor();
	await page.goto(w.at("users?role=REMOTE_USER"));
	await row(page, "far").getByText("Remote user").waitFor();
	await expect.poll(() => page.getByRole("row").count()).toBe(2);
});

test("addresses are reviewed before users are enabled, and what cannot be is said at its row", async () => {
	await enabled("en-holder");
	const [, second] = await disabled("en-one", "en-two", "en-three");
	await w.api("CreateAlias", {
		OrganizationId: org(),
		EntityId: (await w.api("DescribeUser", { OrganizationId: org(), UserId: "en-holder" })).UserId ?? "",
		Alias: `en-two@${domain()}`,
	});
	const page = await w.signedIn(w.at("users"));
	await listed(page, "en-", "en-one", "en-two", "en-three", "en-holder");
	await page.getByRole("button", { name: "Enable user" }).click();
	const dialog = page.getByRole("dialog", { name: "Enable 3 users" });
	const address = (name: string) => dialog.getByRole("textbox", { name: `Primary address of ${name}` });
	await address("en-one").waitFor();
	await expect.poll(() => address("en-one").inputValue()).toBe("en-one");
	await dialog.getByText("Left out: en-holder").waitFor();

	// The conflict is there before anything is done.
	await dialog.getByText(/The address en-two@.* belongs to the user en-holder/).waitFor();
	await axe(page);
	await shot(page, "users-enable-conflict");
	const go = dialog.getByRole("button", { name: "Enable", exact: true });
	await expect.poll(() => go.isDisabled()).toBe(true);
	await address("en-two").fill(`en-one@${domain()}`);
	await dialog.getByText("Also chosen for en-one").waitFor();
	await address("en-two").fill("not an address");
	await dialog.getByText("Before @: 1 to 64 letters", { exact: false }).waitFor();
	await address("en-two").fill("two@elsewhere.example");
	await dialog.getByText("elsewhere.example is no verified domain", { exact: false }).waitFor();
	await expect.poll(() => go.isDisabled()).toBe(true);
	await address("en-two").fill(`two@${domain()}`);
	await expect.poll(() => address("en-two").inputValue()).toBe("two");
	await expect.poll(() => go.isEnabled()).toBe(true);

	// Another administrator is faster with one address: the others are done, this one stays.
	const [third] = await enabled("en-fast");
	await w.api("CreateAlias", { OrganizationId: org(), EntityId: third ?? "", Alias: `en-three@${domain()}` });
	await go.click();
	await dialog.getByText(/en-three@.* belongs to the user en-fast/).waitFor();
	await dialog.getByText("2 of 3 were enabled.", { exact: false }).waitFor();
	await expect.poll(() => address("en-one").count()).toBe(0);
	await axe(page);
	await address("en-three").fill("three");
	await expect.poll(() => go.isEnabled()).toBe(true);
	await go.click();
	await dialog.waitFor({ state: "detached" });
	await row(page, "en-two").getByText("Enabled").waitFor();
	await row(page, "en-two").getByText(`two@${domain()}`).waitFor();
	await row(page, "en-three").getByText("Enabled").waitFor();
	const seen = await w.api("DescribeUser", { OrganizationId: org(), UserId: second ?? "" });
	expect(seen.State).toBe("ENABLED");
});

test("who has no password is named before the enabling", async () => {
	const [first = ""] = await disabled("bare-one");
	const { UserId = "" } = await w.api("CreateUser", {
		OrganizationId: org(),
		Name: "bare-two",
		DisplayName: "Bare Two",
	});
	const page = await w.signedIn(w.at("users"));
	await listed(page, "bare-", "bare-one", "bare-two");
	await page.getByRole("button", { name: "Enable user" }).click();
	const dialog = page.getByRole("dialog", { name: "Enable 2 users" });
	await dialog.getByText("Bare Two (bare-two) has no password", { exact: false }).waitFor();
	await axe(page);
	await dialog.getByRole("button", { name: "Enable", exact: true }).click();
	await dialog.waitFor({ state: "detached" });
	await listed(page, "bare-two", "bare-two");
	await page.getByRole("button", { name: "Reset password" }).click();
	const set = page.getByRole("dialog", { name: "Set password" });
	await set.getByLabel("New password").fill(good);
	await set.getByLabel("Repeat password").fill(good);
	await set.getByRole("button", { name: "Set", exact: true }).click();
	await set.getByText("The password of bare-two was set.").waitFor();
	expect(await lets(`bare-two@${domain()}`, good)).toBe(true);
	for (const id of [first, UserId]) await w.api("DeregisterFromWorkMail", { OrganizationId: org(), EntityId: id });
});

test("users are disabled, enabled again with their mailbox, and deleted", async () => {
	await enabled("out-one", "out-two", "out-three");
	const page = await w.signedIn(w.at("users"));
	const session = await imap(w.endpoints);
	expect(await session.signIn({ email: `out-one@${domain()}`, password: good })).toBe(true);
	await listed(page, "out-", "out-one", "out-two", "out-three");

	// Enabled users cannot be deleted.
	await page.getByRole("button", { name: "Actions" }).click();
	await expect
		.poll(() => page.getByRole("menuitem", { name: "Delete user" }).getAttribute("aria-disabled"))
		.toBe("true");
	await page.keyboard.press("Escape");

	await page.getByRole("button", { name: "Disable user" }).click();
	let dialog = page.getByRole("dialog", { name: "Disable 3 users" });
	const date = new Intl.DateTimeFormat("en", { dateStyle: "long" }).format(Date.now() + 30 * 86_400_000);
	await dialog.getByText(`Mailboxes are kept until ${date}`, { exact: false }).waitFor();
	await dialog.getByText("3 users are locked out at once", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "users-disable");
	await dialog.getByRole("button", { name: "Disable", exact: true }).click();
	await page.getByText("3 users were disabled", { exact: false }).waitFor();
	await session.ended;
	expect(await lets(`out-one@${domain()}`, good)).toBe(false);
	await row(page, "out-one").getByText("Disabled").waitFor();
	// They stay chosen: what follows needs no second search.
	await page.getByRole("button", { name: "Actions" }).click();
	await expect
		.poll(() => page.getByRole("menuitem", { name: "Delete user" }).getAttribute("aria-disabled"))
		.not.toBe("true");
	await page.keyboard.press("Escape");

	await listed(page, "out-", "out-one");
	await page.getByRole("button", { name: "Enable user" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Enable", exact: true }).click();
	await page.getByText("out-one was enabled.").waitFor();
	expect(await lets(`out-one@${domain()}`, good)).toBe(true);

	await listed(page, "out-", "out-two");
	await page.getByRole("button", { name: "Actions" }).click();
	await page.getByRole("menuitem", { name: "Delete user" }).click();
	dialog = page.getByRole("dialog", { name: "Delete out-two" });
	await dialog.getByText("What will be lost: 1 user, 1 mailbox", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "users-delete");
	await dialog.getByLabel("To confirm, type out-two").fill("out-tow");
	await dialog.getByRole("button", { name: "Delete" }).click();
	await dialog.getByText("This is not out-two").waitFor();
	await dialog.getByLabel("To confirm, type out-two").fill("out-two");
	await dialog.getByRole("button", { name: "Delete" }).click();
	await page.getByText("out-two was deleted.").waitFor();
	await row(page, "out-two").waitFor({ state: "detached" });

	// Many: the number is typed; what is enabled is left out.
	await disabled("out-four");
	await listed(page, "out-", "out-one", "out-three", "out-four");
	await page.getByRole("button", { name: "Actions" }).click();
	await page.getByRole("menuitem", { name: "Delete user" }).click();
	dialog = page.getByRole("dialog", { name: "Delete 2 users" });
	await dialog.getByText("Left out: out-one").waitFor();
	await dialog.getByText("What will be lost: 2 users, 1 mailbox", { exact: false }).waitFor();
	await dialog.getByLabel("To confirm, type delete 2 users").fill("delete 2 users");
	await page.keyboard.press("Enter");
	await page.getByText("2 users were deleted.").waitFor();
	await row(page, "out-three").waitFor({ state: "detached" });
	await row(page, "out-one").waitFor();
});

test("what another administrator changed meanwhile is said at its row, and done when it is asked for again", async () => {
	await enabled("race-one", "race-two");
	const page = await w.signedIn(w.at("users"));
	const change = async (name: string, City: string) => {
		const { UserId = "" } = await w.api("DescribeUser", { OrganizationId: org(), UserId: name });
		await w.api("UpdateUser", { OrganizationId: org(), UserId, City });
	};
	await listed(page, "race-", "race-one", "race-two");
	await change("race-two", "Here");
	await page.getByRole("button", { name: "Disable user" }).click();
	let dialog = page.getByRole("dialog", { name: "Disable 2 users" });
	await dialog.getByRole("button", { name: "Disable", exact: true }).click();
	await dialog.getByRole("row", { name: /race-two.*Someone else has changed this in the meantime/ }).waitFor();
	await page.getByText("race-one was disabled", { exact: false }).waitFor();
	expect((await w.api("DescribeUser", { OrganizationId: org(), UserId: "race-two" })).State).toBe("ENABLED");
	await axe(page);
	await shot(page, "users-disable-conflict");
	await dialog.getByRole("button", { name: "Disable", exact: true }).click();
	await dialog.waitFor({ state: "detached" });

	await listed(page, "race-", "race-one", "race-two");
	// Chosen, and not in the list that is shown: of him too the newest is read.
	const search = page.getByRole("main").getByPlaceholder("Start of a name or address");
	await search.fill("race-two");
	await row(page, "race-one").waitFor({ state: "detached" });
	await change("race-one", "There");
	await page.getByRole("button", { name: "Enable user" }).click();
	dialog = page.getByRole("dialog", { name: "Enable 2 users" });
	await dialog.getByRole("button", { name: "Enable", exact: true }).click();
	await dialog.getByRole("row", { name: /race-one.*Someone else has changed this in the meantime/ }).waitFor();
	await dialog.getByRole("button", { name: "Enable", exact: true }).click();
	await dialog.waitFor({ state: "detached" });
	await search.fill("race-");
	await row(page, "race-one").getByText("Enabled").waitFor();
});

test("a password is not reset for a user whom another administrator has changed meanwhile, until he was looked at", async () => {
	const [UserId = ""] = await enabled("con-reset");
	const page = await w.signedIn(w.at("users"));
	await listed(page, "con-reset", "con-reset");
	await w.api("UpdateUser", { OrganizationId: org(), UserId, City: "Bonn" });
	await page.getByRole("button", { name: "Reset password" }).click();
	const dialog = page.getByRole("dialog", { name: "Reset password" });
	await dialog.getByLabel("New password").fill("Another-Horse-8");
	await dialog.getByLabel("Repeat password").fill("Another-Horse-8");
	await dialog.getByRole("button", { name: "Reset", exact: true }).click();
	await dialog.getByText("Someone else has changed this", { exact: false }).first().waitFor();
	expect(await lets(`con-reset@${domain()}`, good)).toBe(true);
	await axe(page);
	await dialog.getByRole("button", { name: "Load again", exact: true }).click();
	await dialog.getByText("Loaded again: con-reset, Enabled", { exact: false }).waitFor();
	await dialog.getByRole("button", { name: "Reset", exact: true }).click();
	await dialog.getByText("The password of con-reset was reset.").waitFor();
});

test("users are added to a group, and who cannot be stays with the reason", async () => {
	await enabled("mem-one", "mem-two");
	const [gone] = await disabled("mem-gone");
	const group = await w.api("CreateGroup", { OrganizationId: org(), Name: "Readers" });
	await w.api("RegisterToWorkMail", {
		OrganizationId: org(),
		EntityId: group.GroupId ?? "",
		Email: `readers@${domain()}`,
	});
	const page = await w.signedIn(w.at("users"));
	await listed(page, "mem-", "mem-one", "mem-two", "mem-gone");
	await page.getByRole("button", { name: "Actions" }).click();
	await page.getByRole("menuitem", { name: "Add to group" }).click();
	const dialog = page.getByRole("dialog", { name: "Add to group" });
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await dialog.getByText("Choose a group").last().waitFor();
	await dialog.getByRole("button", { name: /^Group/ }).click();
	await page.getByRole("option", { name: "Readers" }).click();
	await axe(page);
	await shot(page, "users-group");
	// Another administrator deletes one of them meanwhile.
	await w.api("DeleteUser", { OrganizationId: org(), UserId: gone ?? "" });
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await dialog.getByText("1 failed").waitFor();
	await dialog
		.getByRole("row", { name: /mem-gone/ })
		.getByText("deleted", { exact: false })
		.waitFor();
	await axe(page);
	await dialog.getByRole("button", { name: "Close", exact: true }).click();
	await page.getByText("2 users were added to Readers.").waitFor();
	const members = await w.api("ListGroupMembers", { OrganizationId: org(), GroupId: group.GroupId ?? "" });
	expect(members.Members?.map((m) => m.Name).sort()).toEqual(["mem-one", "mem-two"]);
});

test("users are not added to a group that another administrator has changed meanwhile, until that was said", async () => {
	await enabled("late-one", "late-two");
	const { GroupId = "" } = await w.api("CreateGroup", { OrganizationId: org(), Name: "Latecomers" });
	const membersOf = async () => (await w.api("ListGroupMembers", { OrganizationId: org(), GroupId })).Members ?? [];
	const page = await w.signedIn(w.at("users"));
	await listed(page, "late-", "late-one", "late-two");
	await page.getByRole("button", { name: "Actions" }).click();
	await page.getByRole("menuitem", { name: "Add to group" }).click();
	const dialog = page.getByRole("dialog", { name: "Add to group" });
	await dialog.getByRole("button", { name: /^Group/ }).click();
	await page.getByRole("option", { name: "Latecomers" }).click();
	await w.api("UpdateGroup", { OrganizationId: org(), GroupId, HiddenFromGlobalAddressList: true });
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await dialog.getByText("2 failed").waitFor();
	await dialog.getByText("Latecomers was changed by someone else", { exact: false }).first().waitFor();
	expect(await membersOf()).toEqual([]);
	await axe(page);
	await shot(page, "users-group-changed");
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await page.getByText("2 users were added to Latecomers.").waitFor();
	expect(await membersOf()).toHaveLength(2);
});

test("the list: filters, order, pages and columns stay over a reload", async () => {
	for (let i = 10; i < 45; i++) await disabled(`page-${i}`);
	const page = await w.signedIn(w.at("users"));
	await page.getByPlaceholder("Start of a name or address").fill("page-");
	await page.getByText("35 matches").first().waitFor();
	await page
		.getByRole("heading", { name: /^Users \(35 of \d+\)$/ })
		.first()
		.waitFor();
	// By the keyboard: the header that is seen while scrolling is for the eye alone.
	await page.getByRole("button", { name: "User name" }).press("Enter");
	await expect.poll(() => page.url()).toContain("sort=-NAME");
	await page.getByRole("link", { name: "page-44", exact: true }).waitFor();
	await page.getByRole("button", { name: "Next page" }).click();
	await page.getByRole("link", { name: "page-10", exact: true }).waitFor();
	await page.reload();
	await page.getByRole("link", { name: "page-10", exact: true }).waitFor();
	expect(new URL(page.url()).searchParams.toString()).toBe("q=page-&sort=-NAME&page=2");

	await page.getByRole("button", { name: "Any state" }).click();
	await page.getByRole("menuitemcheckbox", { name: "Enabled" }).click();
	await page.getByText("Nothing matches the filter.").waitFor();
	await axe(page);
	await shot(page, "users-no-match");
	await page.getByRole("button", { name: "Clear filter" }).last().click();
	await page.getByRole("link", { name: "page-44", exact: true }).waitFor();
	expect(new URL(page.url()).searchParams.toString()).toBe("sort=-NAME");

	await page.getByRole("button", { name: "Preferences" }).click();
	const preferences = page.getByRole("dialog", { name: "Preferences" });
	await preferences.getByText("10 rows").click();
	await preferences
		.getByRole("switch", { name: "Enabled" })
		.or(preferences.getByLabel("Enabled", { exact: true }))
		.click();
	await axe(page);
	await preferences.getByRole("button", { name: "Confirm" }).click();
	await page.getByRole("columnheader", { name: "Enabled" }).waitFor();
	await page.reload();
	await page.getByRole("columnheader", { name: "Enabled" }).waitFor();
	await expect.poll(() => page.getByRole("row").count()).toBe(11);

	// A deep link with what does not exist shows what there is.
	await page.goto(w.at("users?state=NONSENSE,DISABLED&q=page-1"));
	await page.getByText("10 matches").first().waitFor();
});

test("strange names are text", async () => {
	const names = [
		`<img src=x onerror="document.title='broken'">`,
		"‮evil‬ שם",
		"👩‍👩‍👧‍👦 family",
		"W".repeat(256),
		"=1+1",
	];
	for (const [i, DisplayName] of names.entries())
		await w.api("CreateUser", { OrganizationId: org(), Name: `odd-${i}`, DisplayName });
	const page = await w.signedIn(w.at("users?q=odd-"));
	for (const name of names) await page.getByText(name, { exact: true }).waitFor();
	await expect.poll(() => page.title()).toBe("Users – Postroom");
	await axe(page);
	await shot(page, "users-names");

	// What is shown is exported, all pages of it, and nothing in it is a formula.
	await page.getByRole("button", { name: "Actions" }).click();
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("menuitem", { name: "Export to CSV" }).click(),
	]);
	const text = await readFile(await download.path(), "utf8");
	await page.getByText("5 users were exported", { exact: false }).waitFor();
	const lines = text.replace("﻿", "").trimEnd().split("\r\n");
	expect(lines).toHaveLength(6);
	expect(lines[0]).toBe("user_name,first_name,last_name,display_name,email,role,hidden,state,enabled,disabled,user_id");
	expect(text).toContain("odd-4,,,'=1+1,");
	expect(text).toContain(`"<img src=x onerror=""document.title='broken'"">"`);

	await page.goto(w.at("users"));
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	await page.getByRole("button", { name: "Actions" }).click();
	const [all] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("menuitem", { name: "Export to CSV" }).click(),
	]);
	const { Total } = await w.api("FindUsers", { OrganizationId: org(), MaxResults: 1 });
	expect((await readFile(await all.path(), "utf8")).trimEnd().split("\r\n")).toHaveLength((Total ?? 0) + 1);
});

test("users are imported: bad lines are told first, and an import that was cut goes on", async () => {
	await w.api("CreateGroup", { OrganizationId: org(), Name: "Crew" });
	const page = await w.signedIn(w.at("users/import"));
	const [template] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Download template" }).click(),
	]);
	expect((await readFile(await template.path(), "utf8")).replace("﻿", "").trim()).toBe(
		[
			"user_name,first_name,last_name,display_name,email,password,groups,role,hidden",
			'#first.last,First,Last,First Last,first.last@example.com,,"Group one;Group two",USER,no',
		].join("\r\n"),
	);
	const choose = (text: string) =>
		page
			.locator('input[type="file"]')
			.setInputFiles({ name: "crew.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
	await axe(page);
	await shot(page, "users-import");
	await choose('user_name,email\r\n"open,x@y');
	await page.getByText("Line 2: a quoted cell begins there and never ends.").waitFor();
	await choose("email\r\nx@y\r\n");
	await page
		.getByText("The first line must name the columns, user_name among them. It has: email.", { exact: false })
		.waitFor();
	await choose("");
	await page.getByText("The file has no user", { exact: false }).waitFor();

	const lines = [
		"﻿user_name;email;password;groups;shoe",
		`imp-bad name;a@${domain()};${good};;`,
		`imp-weak;imp-weak@${domain()};weak;;`,
		`imp-elsewhere;x@elsewhere.example;weak;Nobody|Noone;`,
		`imp-lost;imp-lost@${domain()};${good};Nobody;`,
		`alice;imp-alice@${domain()};${good};;`,
		`imp-twice;imp-twice@${domain()};${good};;`,
		`imp-twice;imp-twice2@${domain()};${good};;`,
		`imp-none;imp-none@${domain()};;Crew;40`,
	];
	for (let i = 100; i < 160; i++) lines.push(`imp-${i};imp-${i}${i === 159 ? "" : `@${domain()}`};${good};Crew;`);
	await choose(lines.join("\r\n"));
	await page.getByText("62 users can be imported.", { exact: false }).waitFor();
	await page.getByText("6 lines cannot", { exact: false }).waitFor();
	await page.getByText("These columns mean nothing here and are left out: shoe").waitFor();
	await page.getByText("1 user has no password in the file", { exact: false }).waitFor();
	const fault = (line: number) => page.getByRole("row", { name: new RegExp(`^${line} `) }).first();
	await expect.poll(() => fault(2).textContent()).toContain("letters, digits, - _ and . only");
	await expect.poll(() => fault(3).textContent()).toContain("at least 8 characters");
	// All that is wrong in a line is told at once.
	for (const reason of ["elsewhere.example", "at least 8 characters", "Nobody", "Noone"])
		await expect.poll(() => fault(4).textContent()).toContain(reason);
	await expect.poll(() => fault(5).textContent()).toContain("Nobody");
	await expect.poll(() => fault(6).textContent()).toContain("The name alice is taken");
	await expect.poll(() => fault(8).textContent()).toContain("imp-twice is already on line 7");
	await axe(page);
	await shot(page, "users-import-preview");

	// The window is loaded anew in the middle: nothing is made twice, nothing is missing.
	let parts = 0;
	await page.route("**/", async (route) => {
		if (!(route.request().headers()["x-amz-target"] ?? "").endsWith("ImportUsers")) return route.continue();
		parts++;
		if (parts < 3) return route.continue();
		await route.abort();
	});
	await page.getByRole("button", { name: "Import 62 users" }).click();
	await page.getByText("The import stopped: 40 of 62 users are created", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "users-import-stopped");
	await page.unroute("**/");
	await page.reload();
	await page.getByText("The import of crew.csv with 62 users had not ended", { exact: false }).waitFor();
	await axe(page);
	await page.getByRole("button", { name: "Continue" }).click();
	await page.getByRole("heading", { name: "crew.csv was imported" }).waitFor();
	await page.getByText("62 users were created.", { exact: false }).first().waitFor();
	await axe(page);
	await shot(page, "users-import-ended");
	// The passwords that were made are in the report alone: it is not left without asking.
	await page.getByRole("button", { name: "Back to users" }).click();
	expect(await leaving(page, false)).toContain("was not downloaded");
	await page.getByRole("heading", { name: "crew.csv was imported" }).waitFor();
	await page.getByRole("button", { name: "Import another file" }).click();
	const another = page.getByRole("dialog", { name: "Import another file" });
	await another.getByText("was not downloaded", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "users-import-leave");
	await another.getByRole("button", { name: "Cancel" }).click();
	await page.getByRole("heading", { name: "crew.csv was imported" }).waitFor();
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Download report" }).click(),
	]);
	const report = (await readFile(await download.path(), "utf8")).replace("﻿", "").trimEnd().split("\r\n");
	expect(report).toHaveLength(69);
	expect(report[1]).toMatch(/^2,imp-bad name,,left out,/);
	const made = /^9,imp-none,imp-none@[^,]+,created,[^,]+,,"?(.*?)"?$/.exec(report[8] ?? "")?.[1] ?? "";
	expect(made.length).toBeGreaterThanOrEqual(20);
	expect(await lets(`imp-none@${domain()}`, made.replace(/^'/, "").replaceAll('""', '"'))).toBe(true);
	expect(await lets(`imp-159@${domain()}`, good)).toBe(true);
	const { Total } = await w.api("FindUsers", { OrganizationId: org(), Query: "imp-", MaxResults: 1 });
	expect(Total).toBe(62);
	const members = await w.api("ListGroupMembers", { OrganizationId: org(), GroupId: "Crew", MaxResults: 100 });
	expect(members.Members).toHaveLength(61);

	// Nothing of it, and no password, stays in the window.
	await expect.poll(() => page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("imp-");
});

test("who may only look has nothing to press", async () => {
	const made = await w.api("CreateAdministrator", {
		Name: "looker",
		Password: "Only-looking-1",
		Role: "READ_ONLY",
		AllOrganizations: true,
	});
	expect(made.AdministratorId).toBeTruthy();
	const page = await (await w.context()).newPage();
	await page.goto(w.at("users"));
	await signIn(page, "looker", "Only-looking-1");
	await page.getByText("You may look at everything here and change nothing.").waitFor();
	for (const name of ["Create user", "Enable user", "Disable user", "Reset password"])
		await expect.poll(() => page.getByRole("button", { name }).count()).toBe(0);
	await expect.poll(() => page.getByRole("checkbox").count()).toBe(0);
	await page.getByRole("button", { name: "Actions" }).click();
	await expect.poll(() => page.getByRole("menuitem").allInnerTexts()).toEqual(["Export to CSV"]);
	await axe(page);
});
