/** The user page: what an administrator does with one user, step by step. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, leaving, shot, world } from "./harness.ts";
import { imap, signsIn } from "./mail.ts";

const w = world();

const org = () => w.endpoints.organization.id;
const domain = () => w.endpoints.organization.domain;

/** Makes a user with a mailbox. */
async function user(name: string, more: { DisplayName?: string } = {}): Promise<string> {
	const { UserId = "" } = await w.api("CreateUser", {
		OrganizationId: org(),
		Name: name,
		DisplayName: more.DisplayName ?? name,
		Password: "Old-password-1",
	});
	await w.api("RegisterToWorkMail", { OrganizationId: org(), EntityId: UserId, Email: `${name}@${domain()}` });
	return UserId;
}

const open = (id: string, query = "") => w.signedIn(w.at(`users/${id}${query}`));

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

const letsIn = (name: string, password: string) => signsIn(w.endpoints, `${name}@${domain()}`, password);

test("what is wrong in the details stays at its field, and nothing typed is lost", async () => {
	const page = await open(await user("dora"));
	await button(page, "Edit").click();
	await page.getByLabel("Display name", { exact: true }).fill("");
	await page.getByLabel("City", { exact: true }).fill("x".repeat(257));
	await button(page, "Save").click();
	await page.getByText("Enter a display name").first().waitFor();
	await page.getByText("At most 256 characters").waitFor();
	// What is typed is not thrown away by a click elsewhere.
	await page.getByRole("link", { name: w.endpoints.organization.alias, exact: true }).first().click();
	await leaving(page, false);
	await expect.poll(() => page.getByLabel("City", { exact: true }).inputValue()).toBe("x".repeat(257));
	await page.getByRole("tab", { name: "Groups" }).click();
	await page.getByText("This user is a member of no group.").waitFor();
	await page.getByRole("tab", { name: "General" }).click();
	await expect.poll(() => page.getByLabel("City", { exact: true }).inputValue()).toBe("x".repeat(257));
	await button(page, "Cancel").click();
	await page.getByRole("heading", { name: "dora", level: 1 }).waitFor();
	await expect.poll(() => page.getByText("x".repeat(257)).count()).toBe(0);
});

test("two administrators edit one user at once", async () => {
	const id = await user("emil", { DisplayName: "Emil" });
	const page = await open(id);
	await button(page, "Edit").click();
	await page.getByLabel("City", { exact: true }).fill("Mine");
	await page.getByLabel("Office", { exact: true }).fill("My office");
	await w.api("UpdateUser", { OrganizationId: org(), UserId: id, City: "Theirs", Company: "Their company" });
	await button(page, "Save").click();
	await page.getByText("Someone else has changed this user in the meantime").waitFor();
	await page.getByText("Now: Theirs").waitFor();
	await expect.poll(() => page.getByLabel("City", { exact: true }).inputValue()).toBe("Mine");
	await expect.poll(() => page.getByLabel("Office", { exact: true }).inputValue()).toBe("My office");
	await expect.poll(() => page.getByLabel("Company", { exact: true }).inputValue()).toBe("Their company");
	await axe(page);
	await shot(page, "user-conflict");
	// What goes wrong after that is said too.
	await page.route("**/", (route) => route.abort());
	await button(page, "Save").click();
	await page.getByText("The server cannot be reached", { exact: false }).first().waitFor();
	await page.unroute("**/");
	await page.getByRole("button", { name: "Take theirs: City" }).click();
	await expect.poll(() => page.getByLabel("City", { exact: true }).inputValue()).toBe("Theirs");
	await button(page, "Save").click();
	await page.getByText("The details of Emil are saved").waitFor();
	expect(await w.api("DescribeUser", { OrganizationId: org(), UserId: id })).toMatchObject({
		City: "Theirs",
		Office: "My office",
		Company: "Their company",
	});

	// Changes that are not in the form are no conflict.
	await button(page, "Edit").click();
	await page.getByLabel("City", { exact: true }).fill("Graz");
	await w.api("CreateAlias", { OrganizationId: org(), EntityId: id, Alias: `emil.second@${domain()}` });
	await button(page, "Save").click();
	await page.getByText("Graz").waitFor();
});

test("a session that ends in the middle loses nothing that was typed", async () => {
	const id = await user("flora");
	const page = await open(id, "?edit=details");
	await page.getByLabel("City", { exact: true }).fill("Linz");
	await page.context().clearCookies();
	await button(page, "Save").click();
	const dialog = page.getByRole("dialog", { name: "Sign in again" });
	await dialog.waitFor();
	await dialog.getByLabel("Administrator name").fill(w.endpoints.admin.username);
	await dialog.getByLabel("Password", { exact: true }).fill(w.endpoints.admin.password);
	await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
	await dialog.waitFor({ state: "detached" });
	await expect.poll(() => page.getByLabel("City", { exact: true }).inputValue()).toBe("Linz");
	await button(page, "Save").click();
	await page.getByText("The details of flora are saved").waitFor();
});

test("a password is reset on the user's page too, in the directory's words where it refuses", async () => {
	const id = await user("gerd");
	const page = await open(id);
	await button(page, "Reset password").click();
	const dialog = page.getByRole("dialog", { name: "Reset password of gerd" });
	await axe(page);
	await shot(page, "user-reset-password");
	const password = dialog.getByLabel("New password", { exact: true });
	const repeated = dialog.getByLabel("Repeat password");

	await button(page, "Reset").click();
	await dialog.getByText("At least 8 characters").waitFor();
	await password.fill("New-password-2");
	await repeated.fill("New-password-3");
	await button(page, "Reset").click();
	await dialog.getByText("The two passwords differ").waitFor();

	// What the directory refuses comes in its words, with what to check.
	await page.route("**/*", async (route) => {
		if (route.request().headers()["x-amz-target"] !== "WorkMailService.ResetPassword") return route.continue();
		await route.fulfill({
			status: 400,
			contentType: "application/x-amz-json-1.1",
			body: '{"__type":"InvalidPasswordException","Message":"The password was used before."}',
		});
	});
	await repeated.fill("New-password-2");
	await button(page, "Reset").click();
	await dialog.getByText("The password was used before.").waitFor();
	await dialog.getByText("What to check in the directory").waitFor();
	await expect.poll(() => password.inputValue()).toBe("New-password-2");
	await axe(page);
	await page.unroute("**/*");

	// Another administrator changed the user meanwhile: that is said, and what was typed stays.
	await w.api("UpdateUser", { OrganizationId: org(), UserId: id, City: "Elsewhere" });
	await button(page, "Reset").click();
	await dialog.getByText("Someone else has changed this in the meantime", { exact: false }).waitFor();
	expect(await letsIn("gerd", "Old-password-1")).toBe(true);
	await expect.poll(() => password.inputValue()).toBe("New-password-2");
	await page.getByText("Elsewhere").waitFor();
	await button(page, "Reset").click();
	await dialog.getByText("The password of gerd is reset.").waitFor();
	await dialog.getByText("New-password-2", { exact: true }).waitFor();
	await axe(page);
	await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
	await dialog.waitFor({ state: "detached" });
	expect(await letsIn("gerd", "New-password-2")).toBe(true);
	expect(await letsIn("gerd", "Old-password-1")).toBe(false);
});

test("an address that cannot be is refused at its field, and two administrators do not overwrite each other", async () => {
	const id = await user("hanna");
	await user("ingo");
	await w.api("RegisterMailDomain", { OrganizationId: org(), DomainName: "unverified.example" });
	const page = await open(id);
	await button(page, "Add email address").click();
	const local = page.getByRole("textbox", { name: "New address", exact: true });
	const bad = async (text: string, complaint: RegExp | string) => {
		await local.fill(text);
		await button(page, "Add").click();
		await page.getByText(complaint).first().waitFor();
		await expect.poll(() => local.inputValue()).toBe(text);
	};
	await bad("", "The part before @ is missing");
	await bad("two words", /letters, digits/);
	await bad("x".repeat(65), /1 to 64/);
	await bad("hanna@other.example", /other\.example/);
	await bad("hanna@unverified.example", /unverified\.example/);
	await bad("ingo", /belongs to the user ingo/);
	await bad("mailer-daemon", /used by the server itself/);
	// Asked while it is typed.
	await local.fill("hanna.free");
	await page.getByText("This address is free").waitFor();
	await local.fill("ingo");
	await page.getByText(/belongs to the user ingo/).waitFor();
	await axe(page);
	await shot(page, "user-add-address-refused");

	await local.fill("h.second");
	await button(page, "Add").click();
	await page.getByText(`h.second@${domain()} was added.`).waitFor();
	await page.getByRole("button", { name: `Set as default: h.second@${domain()}` }).click();
	await page.getByText(`h.second@${domain()} is the default address now.`).waitFor();
	expect((await w.api("DescribeUser", { OrganizationId: org(), UserId: id })).Email).toBe(`h.second@${domain()}`);

	// Two administrators: the second one sees what the first did before he chooses.
	await w.api("UpdatePrimaryEmailAddress", { OrganizationId: org(), EntityId: id, Email: `third@${domain()}` });
	await page.getByRole("button", { name: `Set as default: hanna@${domain()}` }).click();
	await page.getByText("Someone else has changed this user in the meantime").waitFor();
	await page.getByRole("button", { name: `Remove h.second@${domain()}` }).click();
	await axe(page);
	await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
	await page.getByText(`h.second@${domain()} was removed.`).waitFor();
	expect((await w.api("ListAliases", { OrganizationId: org(), EntityId: id })).Aliases).toEqual([`hanna@${domain()}`]);

	// A hundred are the most.
	for (let i = 1; i < 100; i++)
		await w.api("CreateAlias", { OrganizationId: org(), EntityId: id, Alias: `alias${i}@${domain()}` });
	await page.reload();
	await page.getByText("(101)").waitFor();
	await button(page, "Add email address").click();
	await bad("one.more", /100 aliases, which is the most/);
});

test("an address of a disabled user is not taken unseen", async () => {
	const id = await user("jana");
	const was = await user("karl");
	await w.api("DeregisterFromWorkMail", { OrganizationId: org(), EntityId: was });
	const page = await open(id);
	await button(page, "Add email address").click();
	await page.getByRole("textbox", { name: "New address", exact: true }).fill("karl");
	await page.getByText("Someone who is disabled has this address and would lose it").waitFor();
	await button(page, "Add").click();
	await page.getByText("still belongs to karl, who is disabled").waitFor();
	await button(page, "Add").click();
	await page.getByText(`karl@${domain()} was added.`).waitFor();
});

test("disable, enable again, delete", async () => {
	const id = await user("lena");
	const page = await open(id);
	await expect.poll(() => button(page, "Delete").getAttribute("aria-disabled")).toBe("true");
	await button(page, "Disable").click();
	const kept = new Intl.DateTimeFormat("en", { dateStyle: "long" }).format(new Date(Date.now() + 30 * 86_400_000));
	const dialog = page.getByRole("dialog");
	await dialog.getByText("locked out at once").waitFor();
	await dialog.getByText(`kept until ${kept}`).waitFor();
	await axe(page);
	await shot(page, "user-disable");
	await dialog.getByRole("button", { name: "Disable" }).click();
	await page.getByText("lena is disabled and locked out.").waitFor();
	await page.getByText(`The mailbox is kept until ${kept}`).waitFor();
	expect(await letsIn("lena", "Old-password-1")).toBe(false);
	await shot(page, "user-disabled");
	await axe(page);

	await button(page, "Enable").click();
	await expect.poll(() => page.getByRole("textbox", { name: "Primary address of lena" }).inputValue()).toBe("lena");
	await axe(page);
	await shot(page, "user-enable");
	await page.getByRole("dialog").getByRole("button", { name: "Enable" }).click();
	await page.getByText(`lena is enabled with lena@${domain()}.`).waitFor();
	expect(await letsIn("lena", "Old-password-1")).toBe(true);

	await w.api("DeregisterFromWorkMail", { OrganizationId: org(), EntityId: id });
	await page.reload();
	await button(page, "Delete").click();
	await page.getByText(/the mailbox, \d/).waitFor();
	await axe(page);
	await shot(page, "user-delete");
	await page.getByLabel("To confirm, type lena").fill("len");
	await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
	await page.getByText("This is not lena").waitFor();
	await page.getByLabel("To confirm, type lena").fill("lena");
	await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
	await page.getByText("lena is deleted.").waitFor();
	expect(page.url()).toMatch(/\/users$/);

	// Who comes by an old link is told so.
	await page.goto(w.at(`users/${id}`));
	await page.getByRole("heading", { name: "This user does not exist here" }).waitFor();
	await axe(page);
	await shot(page, "user-gone");
	await page.goto(w.at("users/00000000-0000-0000-0000-000000000000"));
	await page.getByRole("heading", { name: "This user does not exist here" }).waitFor();
});

const changedMeanwhile = "Someone else has changed this in the meantime";

test("another administrator disables, enables or changes the user first: it is said, and done when asked for again", async () => {
	const id = await user("luis");
	const about = { OrganizationId: org(), EntityId: id };
	const page = await open(id);
	const dialog = page.getByRole("dialog");
	await button(page, "Disable").click();
	await dialog.getByText("locked out at once").waitFor();
	await w.api("DeregisterFromWorkMail", about);
	await dialog.getByRole("button", { name: "Disable" }).click();
	await dialog.getByText(changedMeanwhile, { exact: false }).waitFor();
	await page.getByText("The mailbox is kept until").first().waitFor();
	await dialog.getByRole("button", { name: "Cancel" }).click();
	await dialog.waitFor({ state: "detached" });
	await expect.poll(() => page.url()).not.toContain("do=");

	await button(page, "Enable").click();
	const local = dialog.getByRole("textbox", { name: "Primary address of luis" });
	await expect.poll(() => local.inputValue()).toBe("luis");
	await local.fill("luis.mine");
	await w.api("RegisterToWorkMail", { ...about, Email: `luis.theirs@${domain()}` });
	await dialog.getByRole("button", { name: "Enable" }).click();
	await dialog.getByText(changedMeanwhile, { exact: false }).waitFor();
	await page.getByText(`luis.theirs@${domain()}`).first().waitFor();
	await expect.poll(() => local.inputValue()).toBe("luis.mine");
	await axe(page);
	await shot(page, "user-enable-conflict");
	await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
	await dialog.waitFor({ state: "detached" });
	await expect.poll(() => page.url()).not.toContain("do=");

	// An address that asks for what cannot be done asks only once.
	await page.goto(w.at(`users/${id}?do=delete`));
	await button(page, "Disable").waitFor();
	await expect.poll(() => page.url()).not.toContain("do=");

	await w.api("DeregisterFromWorkMail", about);
	await page.reload();
	await button(page, "Delete").click();
	await dialog.getByText(/the mailbox, \d/).waitFor();
	await w.api("UpdateUser", { OrganizationId: org(), UserId: id, City: "Elsewhere" });
	await dialog.getByLabel("To confirm, type luis").fill("luis");
	await dialog.getByRole("button", { name: "Delete" }).click();
	await dialog.getByText(changedMeanwhile, { exact: false }).waitFor();
	await page.getByText("Elsewhere").waitFor();
	await dialog.getByRole("button", { name: "Delete" }).click();
	await page.getByText("luis is deleted.").waitFor();
});

test("a mailbox whose time is over is promised to nobody, and not counted", async () => {
	const id = await user("lore");
	await w.api("DeregisterFromWorkMail", { OrganizationId: org(), EntityId: id });
	const page = await w.signedIn();
	await page.route("**/", async (route) => {
		const target = route.request().headers()["x-amz-target"];
		if (target === "WorkMailService.GetMailboxDetails")
			return route.fulfill({
				status: 400,
				contentType: "application/x-amz-json-1.1",
				body: '{"__type":"EntityNotFoundException","Message":"lore has no mailbox. Register it first."}',
			});
		if (target !== "WorkMailService.DescribeUser") return route.continue();
		const response = await route.fetch();
		const now = Date.now() / 1000;
		const made = now - 50 * 86_400;
		const over = { EnabledDate: made, MailboxProvisionedDate: made, DisabledDate: now - 40 * 86_400 };
		await route.fulfill({ response, json: { ...(await response.json()), ...over, MailboxDeprovisionedDate: now } });
	});
	await page.goto(w.at(`users/${id}`));
	await page.getByText("and is removed now", { exact: false }).waitFor();
	await expect.poll(() => page.getByRole("tab").allInnerTexts()).not.toContain("Quota");
	await button(page, "Enable").click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText("A mailbox is made, and the user can sign in at once.").waitFor();
	await dialog.getByRole("button", { name: "Cancel" }).click();
	await dialog.waitFor({ state: "detached" });
	await button(page, "Delete").click();
	await dialog.getByText(`the address lore@${domain()}`).waitFor();
	await expect.poll(() => dialog.getByText("the mailbox,", { exact: false }).count()).toBe(0);
});

test("what is lost with a user is counted to its end, and nobody is deleted before", async () => {
	const id = await user("liam");
	for (let i = 1; i <= 101; i++) {
		const { GroupId = "" } = await w.api("CreateGroup", { OrganizationId: org(), Name: `liams-${i}` });
		await w.api("AssociateMemberToGroup", { OrganizationId: org(), GroupId, MemberId: id });
	}
	await w.api("DeregisterFromWorkMail", { OrganizationId: org(), EntityId: id });
	const page = await open(id);
	await button(page, "Delete").waitFor();
	const uncounted = async () => {
		await page.route("**/", (route) =>
			route.request().headers()["x-amz-target"]?.endsWith("ListGroupsForEntity") ? route.abort() : route.continue(),
		);
	};
	await uncounted();
	await button(page, "Delete").click();
	let dialog = page.getByRole("dialog", { name: "Delete liam" });
	await dialog.getByText("What will be lost could not be counted").waitFor();
	await expect.poll(() => dialog.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
	await axe(page);
	await shot(page, "user-delete-uncounted");
	await page.unroute("**/");
	await dialog.getByRole("button", { name: "Try again" }).click();
	await dialog.getByText("membership in 101 groups").waitFor();
	await expect.poll(() => dialog.getByRole("button", { name: "Delete" }).isDisabled()).toBe(false);

	// The same by the list.
	await page.goto(w.at("users?q=liam"));
	await page.getByRole("checkbox", { name: "Select liam" }).check();
	await uncounted();
	await page.getByRole("button", { name: "Actions" }).click();
	await page.getByRole("menuitem", { name: "Delete user" }).click();
	dialog = page.getByRole("dialog", { name: "Delete liam" });
	await dialog.getByText("What will be lost could not be counted").waitFor();
	await expect.poll(() => dialog.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
	await axe(page);
	await page.unroute("**/");
	await dialog.getByRole("button", { name: "Try again" }).click();
	await dialog.getByText("101 memberships in groups", { exact: false }).waitFor();
	await dialog.getByLabel("To confirm, type liam").fill("liam");
	await dialog.getByRole("button", { name: "Delete" }).click();
	await page.getByText("liam was deleted.").waitFor();
});

test("groups: add to, remove from", async () => {
	const id = await user("mona");
	const { GroupId = "" } = await w.api("CreateGroup", { OrganizationId: org(), Name: "painters" });
	const page = await open(id, "?tab=groups");
	await page.getByText("This user is a member of no group.").waitFor();
	await button(page, "Add to groups").click();
	const dialog = page.getByRole("dialog", { name: "Add mona to groups" });
	await dialog.getByRole("searchbox").fill("paint");
	await dialog.getByRole("checkbox", { name: "Choose painters" }).check();
	await axe(page);
	await shot(page, "user-join-groups");
	// Another changed the group meanwhile: that is said at it, and it stays chosen.
	const { UserId: other = "" } = await w.api("CreateUser", { OrganizationId: org(), Name: "mona2", DisplayName: "M" });
	await w.api("AssociateMemberToGroup", { OrganizationId: org(), GroupId, MemberId: other });
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await dialog.getByText("Someone else has changed this in the meantime", { exact: false }).waitFor();
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await page.getByText("mona is a member of one more group.").waitFor();
	await page.getByRole("link", { name: "painters" }).waitFor();
	const members = await w.api("ListGroupMembers", { OrganizationId: org(), GroupId });
	expect(members.Members?.map((m) => m.Id).sort()).toEqual([id, other].sort());
	await axe(page);
	await shot(page, "user-groups");
	const seen = page.waitForResponse((r) => r.request().headers()["x-amz-target"]?.endsWith("DescribeGroup") === true);
	await page.getByRole("button", { name: "Remove from painters" }).click();
	const leave = page.getByRole("dialog");
	await seen;
	await axe(page);
	await w.api("DisassociateMemberFromGroup", { OrganizationId: org(), GroupId, MemberId: other });
	await leave.getByRole("button", { name: "Remove", exact: true }).click();
	await leave.getByText("Someone else has changed this in the meantime", { exact: false }).waitFor();
	await leave.getByRole("button", { name: "Remove", exact: true }).click();
	await page.getByText("mona is no member of painters any more.").waitFor();
	expect((await w.api("ListGroupMembers", { OrganizationId: org(), GroupId })).Members ?? []).toEqual([]);
});

test("a user without a password is shown as one, and is given the first", async () => {
	const { UserId = "" } = await w.api("CreateUser", { OrganizationId: org(), Name: "bare", DisplayName: "Bare" });
	await w.api("RegisterToWorkMail", { OrganizationId: org(), EntityId: UserId, Email: `bare@${domain()}` });
	const page = await open(UserId);
	await page.getByText("This user has no password yet, so no sign-in is possible.").waitFor();
	await page.getByText("Not set", { exact: true }).waitFor();
	await axe(page);
	await shot(page, "user-no-password");
	await expect.poll(() => button(page, "Reset password").count()).toBe(0);
	await button(page, "Set password").click();
	const dialog = page.getByRole("dialog", { name: "Set a password for Bare" });
	await expect.poll(() => dialog.getByText("The old password stops working at once").count()).toBe(0);
	await dialog.getByLabel("New password", { exact: true }).fill("First-password-1");
	await dialog.getByLabel("Repeat password", { exact: true }).fill("First-password-1");
	await dialog.getByRole("button", { name: "Set", exact: true }).click();
	await dialog.getByText("The password of Bare is set.").waitFor();
	await dialog.getByRole("button", { name: "Close", exact: true }).click();
	await page.getByText("Set", { exact: true }).waitFor();
	await expect.poll(() => page.getByText("This user has no password yet").count()).toBe(0);
	expect(await letsIn("bare", "First-password-1")).toBe(true);
});

test("several are given permissions at once, with one read", async () => {
	const id = await user("shared");
	for (const name of ["help-one", "help-two", "help-three"]) await user(name);
	const page = await open(id, "?tab=permissions");
	await button(page, "Add permissions").click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("searchbox").fill("help-");
	for (const name of ["one", "two", "three"]) await page.getByRole("checkbox", { name: `Choose help-${name}` }).check();
	// While others are looked for, those that were found are none to choose from.
	let found = () => {};
	const gate = new Promise<void>((open) => {
		found = open;
	});
	await page.route("**/*", async (route) => {
		if (route.request().headers()["x-amz-target"]?.endsWith("FindUsers")) await gate;
		await route.fallback();
	});
	await dialog.getByRole("searchbox").fill("help-t");
	await dialog.getByText("Loading", { exact: true }).waitFor();
	await expect.poll(() => page.getByRole("checkbox", { name: "Choose help-one" }).count()).toBe(0);
	found();
	await dialog.getByText("2 matches", { exact: true }).first().waitFor();
	await expect.poll(() => page.getByRole("checkbox", { name: "Choose help-two" }).isEnabled()).toBe(true);
	await page.getByRole("checkbox", { name: /^Send as/ }).check();
	const puts: number[] = [];
	let reads = 0;
	page.on("response", (answer) => {
		const target = answer.request().headers()["x-amz-target"] ?? "";
		if (target.endsWith("PutMailboxPermissions")) puts.push(answer.status());
		if (target.endsWith("FindPermissions")) reads++;
	});
	await dialog.getByRole("button", { name: /^Add/ }).click();
	await dialog.waitFor({ state: "detached" });
	for (const name of ["one", "two", "three"]) await page.getByRole("link", { name: `help-${name}` }).waitFor();
	expect(puts).toEqual([200, 200, 200]);
	expect(reads).toBe(1); // what is shown afterwards
});

test("of many who have permissions one is found, and the rest comes page by page", async () => {
	const id = await user("manifold");
	for (let i = 10; i < 37; i++) {
		const GranteeId = await user(`deputy-${i}`);
		const given = { OrganizationId: org(), EntityId: id, GranteeId };
		await w.api("PutMailboxPermissions", { ...given, PermissionValues: ["SEND_AS"] });
	}
	const page = await open(id, "?tab=permissions");
	await page.getByRole("heading", { name: "Permissions (27)" }).waitFor();
	const rows = page.getByRole("table", { name: "Permissions", exact: true }).getByRole("link");
	await expect.poll(() => rows.count()).toBe(25);
	await axe(page);
	await page.getByRole("button", { name: "Next page of Permissions" }).click();
	await expect.poll(() => rows.count()).toBe(2);
	await page.getByRole("searchbox", { name: "Find who has permissions" }).fill("TY-36");
	await page.getByRole("heading", { name: "Permissions (1 of 27)" }).waitFor();
	await page.getByRole("link", { name: "deputy-36" }).waitFor();
	await expect.poll(() => rows.count()).toBe(1);
});

test("full access opens the mailbox over IMAP, and its end closes it", async () => {
	const id = await user("nora");
	const other = await user("otto");
	const page = await open(id, "?tab=permissions");
	await button(page, "Add permissions").click();
	await page.getByRole("dialog").getByRole("searchbox").fill("ot");
	await page.getByRole("checkbox", { name: "Choose otto" }).check();
	await page.getByRole("checkbox", { name: /^Full access/ }).check();
	await axe(page);
	await shot(page, "user-grant");
	await page.getByRole("dialog").getByRole("button", { name: /^Add/ }).click();
	await page.getByRole("dialog").waitFor({ state: "detached" });
	await page.getByRole("link", { name: "otto" }).waitFor();
	await axe(page);
	await shot(page, "user-permissions");

	const ottos = { email: `otto@${domain()}`, password: "Old-password-1" };
	const before = await imap(w.endpoints);
	expect(await before.signIn(ottos)).toBe(true);
	expect(await before.say('LIST "" "*"')).toContain("Other Users/nora/Inbox");
	expect(await before.say('SELECT "Other Users/nora/Inbox"')).toMatch(/ OK /);

	// The other side shows it too, also what comes by a group.
	const { GroupId = "" } = await w.api("CreateGroup", { OrganizationId: org(), Name: "deputies" });
	await w.api("RegisterToWorkMail", { OrganizationId: org(), EntityId: GroupId, Email: `deputies@${domain()}` });
	await w.api("AssociateMemberToGroup", { OrganizationId: org(), GroupId, MemberId: other });
	const owner = await user("olga");
	await w.api("PutMailboxPermissions", {
		OrganizationId: org(),
		EntityId: owner,
		GranteeId: GroupId,
		PermissionValues: ["SEND_AS"],
	});
	const second = await open(other, "?tab=permissions");
	const held = second.getByRole("table", { name: "Permissions on other mailboxes" });
	await held.getByRole("row").filter({ hasText: "nora" }).getByText("full access").waitFor();
	await held.getByRole("row").filter({ hasText: "olga" }).getByRole("link", { name: "deputies" }).waitFor();
	await axe(second);
	await shot(second, "user-held");

	// Another administrator changes the same permission while the dialog is open.
	await page.getByRole("button", { name: /^Edit.*otto/ }).click();
	await page.getByRole("checkbox", { name: /^Send as/ }).check();
	await w.api("PutMailboxPermissions", {
		OrganizationId: org(),
		EntityId: id,
		GranteeId: other,
		PermissionValues: ["SEND_ON_BEHALF"],
	});
	await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
	await page.getByText("Now there is: Send on behalf").waitFor();
	await expect.poll(() => page.getByRole("checkbox", { name: /^Send as/ }).isChecked()).toBe(true);
	await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
	await page.getByRole("dialog").waitFor({ state: "detached" });
	const { Permissions } = await w.api("ListMailboxPermissions", { OrganizationId: org(), EntityId: id });
	expect(Permissions?.[0]?.PermissionValues?.sort()).toEqual(["FULL_ACCESS", "SEND_AS"]);

	await page.getByRole("button", { name: /^Remove.*otto/ }).click();
	await axe(page);
	await page
		.getByRole("dialog")
		.getByRole("button", { name: /^Remove/ })
		.click();
	await page.getByRole("dialog").waitFor({ state: "detached" });
	const later = await imap(w.endpoints);
	expect(await later.signIn(ottos)).toBe(true);
	expect(await later.say('LIST "" "*"')).not.toContain("Other Users/nora");
	later.close();
	before.close();
});

test("quota: 1 to 51200 MB", async () => {
	const id = await user("paul");
	const page = await open(id, "?tab=quota");
	await page.getByText(/^0 bytes of .* \([\d,]+ MB\)$/).waitFor();
	await axe(page);
	await shot(page, "user-quota");
	await button(page, "Edit").last().click();
	const field = page.getByLabel("Quota in MB");
	for (const text of ["", "0", "51201", "-1", "1.5", "ten"]) {
		await field.fill(text);
		await button(page, "Save").click();
		await page
			.getByText(/^(Enter a whole number of megabytes|At least 1 MB|At most 51,200 MB)$/)
			.first()
			.waitFor();
		await expect.poll(() => field.inputValue()).toBe(text);
	}
	await axe(page);
	await shot(page, "user-quota-edit");
	await w.api("UpdateMailboxQuota", { OrganizationId: org(), UserId: id, MailboxQuota: 77 });
	await field.fill("51200");
	await button(page, "Save").click();
	await page.getByText("It is 77 MB now").waitFor();
	await expect.poll(() => field.inputValue()).toBe("51200");
	await button(page, "Save").click();
	await page.getByText("0 bytes of 50 GB (51,200 MB)").waitFor();
	await button(page, "Edit").last().click();
	await field.fill("1");
	await button(page, "Save").click();
	await page.getByText("0 bytes of 1 MB", { exact: true }).waitFor();
	expect((await w.api("GetMailboxDetails", { OrganizationId: org(), UserId: id })).MailboxQuota).toBe(1);
});

test("audit: what was done to a user", async () => {
	const id = await user("rose");
	const page = await open(id, "?tab=audit");
	await page.getByRole("cell", { name: "RegisterToWorkMail" }).waitFor();
	await w.api("UpdateMailboxQuota", { OrganizationId: org(), UserId: id, MailboxQuota: 1 });
	await page.getByRole("button", { name: "Refresh" }).last().click();
	await page.getByRole("cell", { name: "quota 51200 → 1 MB" }).waitFor();
	await axe(page);
	await shot(page, "user-audit");

	// What is done on another tab stands there when the reader comes back.
	await page.getByRole("tab", { name: "General" }).click();
	await button(page, "Edit").first().click();
	await page.getByLabel("City", { exact: true }).fill("Ulm");
	await button(page, "Save").click();
	await page.getByText("Ulm", { exact: true }).first().waitFor();
	await page.getByRole("tab", { name: "Audit" }).click();
	await page.getByRole("cell", { name: 'city "Ulm"' }).waitFor();
});

test("audit: what cannot be read leaves the rows as they are, and the choice with them", async () => {
	const id = await user("rosa");
	for (let MailboxQuota = 1; MailboxQuota <= 55; MailboxQuota++)
		await w.api("UpdateMailboxQuota", { OrganizationId: org(), UserId: id, MailboxQuota });
	const page = await open(id, "?tab=audit");
	const newest = page.getByRole("cell", { name: "quota 54 → 55 MB" });
	await newest.waitFor();
	let cut = true;
	await page.route("**/", async (route) => {
		const asked = route.request().headers()["x-amz-target"]?.endsWith("ListAuditRecords");
		await (asked && cut ? route.abort() : route.continue());
	});
	await button(page, "Show older records").click();
	const older = page.getByText("Older records could not be loaded");
	await older.waitFor();
	await expect.poll(() => newest.count()).toBe(1);
	await axe(page);
	cut = false;
	await button(page, "Try again").last().click();
	await page.getByRole("cell", { name: "RegisterToWorkMail" }).waitFor();
	await older.waitFor({ state: "detached" });

	cut = true;
	const reads = page.getByRole("checkbox", { name: "Show reads too" });
	await reads.click();
	const chosen = page.getByText("The chosen records could not be loaded");
	await chosen.waitFor();
	await expect.poll(() => newest.count()).toBe(1);
	await axe(page);
	cut = false;
	await button(page, "Try again").last().click();
	await expect.poll(() => reads.isChecked()).toBe(true);
	await page.getByRole("cell", { name: "DescribeUser" }).first().waitFor();
	await chosen.waitFor({ state: "detached" });

	cut = true;
	await page.getByRole("button", { name: "Refresh" }).last().click();
	await page.getByText("could not be refreshed", { exact: false }).waitFor();
	await expect.poll(() => newest.count()).toBe(1);
});

test("sign-ins: from where, and which were refused", async () => {
	const id = await user("rita");
	expect(await letsIn("rita", "Old-password-1")).toBe(true);
	expect(await letsIn("rita", "wrong")).toBe(false);
	const page = await open(id, "?tab=sign-ins");
	await page.getByText("Wrong password").waitFor();
	await page.getByText("Signed in").first().waitFor();
	await axe(page);
	await shot(page, "user-sign-ins");
});

test("remote users have only what applies to them", async () => {
	const { UserId: id = "" } = await w.api("CreateUser", {
		OrganizationId: org(),
		Name: "sven",
		DisplayName: "Sven",
		Role: "REMOTE_USER",
	});
	const page = await open(id);
	await page.getByRole("tab", { name: "General" }).waitFor();
	await expect.poll(() => page.getByRole("tab").allInnerTexts()).toEqual(["General", "Groups", "Permissions", "Audit"]);
	await expect.poll(() => button(page, "Reset password").count()).toBe(0);
	await page.getByText("Remote user", { exact: true }).waitFor();
	await page.getByRole("tab", { name: "Permissions" }).click();
	await button(page, "Add permissions").click();
	await page.getByRole("checkbox", { name: /^Send as/ }).waitFor();
	await expect.poll(() => page.getByRole("checkbox", { name: /^Full access/ }).count()).toBe(0);
});

test("who may only look sees everything and changes nothing", async () => {
	const id = await user("tina");
	await w.api("CreateAdministrator", {
		Name: "looker",
		Role: "READ_ONLY",
		Password: "Just-looking-1",
		AllOrganizations: true,
	});
	const page = await (await w.context()).newPage();
	await page.goto(w.at(`users/${id}`));
	await page.getByLabel("Administrator name").fill("looker");
	await page.getByLabel("Password", { exact: true }).fill("Just-looking-1");
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByText("You may look at everything here and change nothing.").waitFor();
	for (const name of ["Edit", "Disable", "Reset password", "Delete", "Add email address"])
		await expect.poll(() => button(page, name).count()).toBe(0);
	await page.goto(`${w.at(`users/${id}`)}?edit=details`);
	await page.getByRole("heading", { name: "User details" }).waitFor();
	await expect.poll(() => page.getByLabel("Display name").count()).toBe(0);
	await axe(page);
});
