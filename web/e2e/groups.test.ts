import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, leaving, shot, signIn, world } from "./harness.ts";
import { deliver, inbox } from "./mail.ts";

const w = world();

const notice = (page: Page, text: string) => page.getByText(text, { exact: false }).first().waitFor();

/** In the dialog "Add members": finds each one and chooses it. */
async function choose(page: Page, ...names: string[]): Promise<void> {
	const find = page.getByRole("searchbox", { name: "Find users and groups" });
	for (const name of names) {
		await find.fill(name);
		await page.getByRole("checkbox", { name: `Choose ${name}`, exact: true }).check();
	}
}

test("groups: mail to a group arrives at the members of the groups in it", async () => {
	const { domain, id: org } = w.endpoints.organization;
	const page = await w.signedIn(w.at("groups"));
	await page.getByRole("heading", { name: "Groups" }).first().waitFor();
	await page.getByText("Nothing here yet").waitFor();
	await axe(page);
	await shot(page, "groups-empty");

	await page.getByRole("button", { name: "Create group" }).first().click();
	await page.getByRole("heading", { name: "Create group" }).waitFor();
	await page.getByLabel("Group name").fill("Sales Team");
	await expect.poll(() => page.getByRole("textbox", { name: "Primary address" }).inputValue()).toBe("sales.team");
	await page.getByText("This address is free").waitFor();
	await axe(page);
	await shot(page, "groups-create");
	await page.getByRole("button", { name: "Create group" }).click();
	await notice(page, `Add its members: mail to sales.team@${domain} goes to them.`);
	expect(page.url()).toContain("?tab=members");
	await page.getByText("Nobody is in this group").waitFor();
	// At the head: what it is now, and what can be done; what cannot says why.
	await page.getByText(`sales.team@${domain}`, { exact: true }).waitFor();
	const enable = page.getByRole("button", { name: "Enable", exact: true });
	await expect.poll(() => enable.getAttribute("aria-disabled")).toBe("true");
	await enable.focus();
	await page.getByText("Only what is disabled can be enabled.").filter({ visible: true }).first().waitFor();
	await page.keyboard.press("Escape");

	// A group in the group, with bob in it.
	await w.api("CreateGroup", { OrganizationId: org, Name: "field" });
	await w.api("RegisterToWorkMail", { OrganizationId: org, EntityId: "field", Email: `field@${domain}` });
	await w.api("AssociateMemberToGroup", { OrganizationId: org, GroupId: "field", MemberId: "bob" });
	await page.getByRole("button", { name: "Add members" }).click();
	// By the keyboard: the search has the focus, and it is given back.
	const adding = page.getByRole("dialog", { name: "Add members to Sales Team" });
	await adding.locator("input[type=search]:focus").waitFor();
	await page.keyboard.press("Escape");
	await adding.waitFor({ state: "detached" });
	await page.locator("button:focus").getByText("Add members").waitFor();
	await page.keyboard.press("Enter");
	await adding.waitFor();
	await choose(page, "alice", "field");
	await axe(page);
	await shot(page, "groups-add-members");
	await page.getByRole("button", { name: "Add", exact: true }).click();
	await notice(page, "2 members were added to Sales Team.");
	await page.getByRole("button", { name: "Show the members of field" }).click();
	await page.getByRole("link", { name: /bob/ }).waitFor();
	await axe(page);
	await shot(page, "groups-members");

	const subject = `to the team ${Date.now()}`;
	expect(await deliver(w.endpoints.smtp, [`sales.team@${domain}`], subject)).toEqual([expect.stringMatching(/^250/)]);
	for (const name of ["alice", "bob"]) {
		const user = w.endpoints.users.find((u) => u.username === name);
		if (!user) throw new Error(`no ${name}`);
		expect(await inbox(w.endpoints, user, subject)).toBe(1);
	}
});

test("groups: what cannot be is refused at its field, and nothing half-done stays unsaid", async () => {
	const { domain, id: org } = w.endpoints.organization;
	const page = await w.signedIn(w.at("groups/new"));
	const name = page.getByLabel("Group name");
	const local = page.getByRole("textbox", { name: "Primary address" });
	const add = page.getByRole("button", { name: "Create group" });
	await page.getByRole("button", { name: "Primary address domain" }).getByText(domain).waitFor();

	await add.click();
	await page.getByText("Give the group a name").waitFor();
	await page.getByText("The part before @ is missing").waitFor();
	await axe(page);
	await shot(page, "groups-create-refused");
	await name.fill("x".repeat(257));
	await page.getByText("At most 256 characters", { exact: true }).waitFor();
	for (const wrong of ["Группа", " ends ", "مجموعة", "team 🎉"]) {
		await name.fill(wrong);
		await page.getByText("Latin characters only, and no space at the ends", { exact: true }).waitFor();
	}
	for (const [text, why] of [
		["no spaces", "Before @: 1 to 64 letters"],
		["x".repeat(65), "Before @: 1 to 64 letters"],
		["team@elsewhere.test", "elsewhere.test is no verified domain of this organization"],
	] as const) {
		await local.fill(text);
		await page.getByText(why, { exact: false }).first().waitFor();
	}
	// Taken and reserved: the server says it, at the field.
	await name.fill("Team");
	await local.fill("alice");
	await add.click();
	await page
		.getByText(/alice@.* (belongs to|is)/)
		.first()
		.waitFor();
	for (const [taken, why] of [
		["alice", "The name alice is taken"],
		["Administrator", "The name Administrator is reserved"],
	] as const) {
		await name.fill(taken);
		await local.fill("free");
		await add.click();
		await page.getByText(why, { exact: false }).waitFor();
	}
	expect((await w.api("FindGroups", { OrganizationId: org, Query: "free" })).Total).toBe(0);

	// A name that looks like markup is text.
	await name.fill("<script>alert(1)</script>");
	await local.fill("script");

	// Another administrator takes the address between the two calls.
	let between = true;
	await page.route(
		(url) => url.pathname === "/",
		async (route) => {
			if (between && route.request().headers()["x-amz-target"]?.endsWith(".RegisterToWorkMail")) {
				between = false;
				await w.api("CreateAlias", {
					OrganizationId: org,
					EntityId: w.endpoints.users[0]?.id ?? "",
					Alias: `script@${domain}`,
				});
			}
			await route.continue();
		},
	);
	await add.dblclick();
	await page.getByText("The group is there, but not enabled").waitFor();
	await page.getByText(/It is disabled and has no address.*belongs to the user alice/).waitFor();
	await axe(page);
	await shot(page, "groups-half-made");
	const half = await w.api("FindGroups", { OrganizationId: org, Query: "<script>" });
	expect(half.Groups?.map((g) => g.State)).toEqual(["DISABLED"]);

	// Taken back: nothing is left, what was typed is.
	await page.getByRole("button", { name: "Delete it again" }).click();
	await notice(page, "Nothing is left of it");
	expect((await w.api("FindGroups", { OrganizationId: org, Query: "<script>" })).Total).toBe(0);
	await expect.poll(() => name.inputValue()).toBe("<script>alert(1)</script>");

	// Leaving asks, since something is typed.
	await page.getByRole("button", { name: "Cancel" }).click();
	await axe(page);
	await shot(page, "leave");
	expect(await leaving(page, false)).toContain("not saved");
	await local.fill("markup");
	await add.click();
	await page.getByRole("heading", { name: "<script>alert(1)</script>" }).waitFor();
	await page.getByText("Nobody is in this group").waitFor();
});

test("groups: found by state and name, enabled, disabled and deleted by the list", async () => {
	const { domain, id: org } = w.endpoints.organization;
	for (const name of ["list-one", "list-two", "list-three"])
		await w.api("CreateGroup", { OrganizationId: org, Name: name });
	await w.api("RegisterToWorkMail", { OrganizationId: org, EntityId: "list-three", Email: `list-two@${domain}` });
	const page = await w.signedIn(w.at("groups"));
	await page.getByRole("searchbox", { name: "Find groups" }).fill("list-");
	await page.getByText("3 matches").first().waitFor();
	await page.getByRole("button", { name: "Any state" }).click();
	await page.getByRole("menuitemcheckbox", { name: "Disabled" }).click();
	await page.keyboard.press("Escape");
	await page.getByText("2 matches").first().waitFor();
	expect(page.url()).toContain("state=DISABLED");
	await page.reload();
	await page.getByText("2 matches").first().waitFor();

	// Both at once; the proposed address of one is taken.
	await page.getByRole("checkbox", { name: "Select list-one" }).check();
	await page.getByRole("checkbox", { name: "Select list-two" }).check();
	await page.getByRole("button", { name: "Enable", exact: true }).click();
	const dialog = page.getByRole("dialog", { name: "Enable 2 groups" });
	const one = dialog.getByRole("textbox", { name: "Primary address of list-one" });
	const two = dialog.getByRole("textbox", { name: "Primary address of list-two" });
	await expect.poll(() => one.inputValue()).toBe("list-one");
	await two.fill("list-two");
	await dialog.getByText(/list-two@.* (belongs|is)/).waitFor();
	await expect.poll(() => dialog.getByRole("button", { name: "Enable", exact: true }).isDisabled()).toBe(true);
	await axe(page);
	await shot(page, "groups-enable");
	expect((await w.api("DescribeGroup", { OrganizationId: org, GroupId: "list-one" })).State).toBe("DISABLED");
	await two.fill("second");
	await dialog.getByRole("button", { name: "Enable", exact: true }).click();
	await notice(page, "2 groups: enabled.");
	await page.getByText("No matches").waitFor();
	expect((await w.api("DescribeGroup", { OrganizationId: org, GroupId: "list-two" })).Email).toBe(`second@${domain}`);

	await page.getByRole("button", { name: "Clear filter" }).last().click();
	await page.getByRole("searchbox", { name: "Find groups" }).fill("list-");
	await page.getByText("3 matches").first().waitFor();
	// A step takes those of the selection that it is for, and names the others.
	await w.api("DeregisterFromWorkMail", { OrganizationId: org, EntityId: "list-three" });
	await page.getByRole("button", { name: "Refresh", exact: true }).click();
	await page
		.getByRole("row", { name: /list-three/ })
		.getByText("Disabled")
		.waitFor();
	for (const name of ["list-one", "list-three"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
	await page.getByRole("button", { name: "Disable", exact: true }).click();
	const disable = page.getByRole("dialog", { name: "Disable list-one?" });
	await disable.getByText("Left out: list-three. Only what is enabled can be disabled.").waitFor();
	await disable.getByText("Mail to its addresses is refused").waitFor();
	await axe(page);
	await disable.getByRole("button", { name: "Disable", exact: true }).click();
	await notice(page, "list-one: disabled.");
	expect(await deliver(w.endpoints.smtp, [`list-one@${domain}`], "none")).toEqual([expect.stringMatching(/^5/)]);

	await w.api("AssociateMemberToGroup", { OrganizationId: org, GroupId: "list-one", MemberId: "alice" });
	await page.getByRole("button", { name: "Refresh", exact: true }).click();
	await page.getByRole("checkbox", { name: "Select list-three" }).uncheck();
	await page.getByRole("button", { name: "Delete", exact: true }).click();
	const gone = page.getByRole("dialog", { name: "Delete list-one" });
	await gone.getByText("1 membership").waitFor();
	await axe(page);
	await shot(page, "groups-delete");
	await gone.getByRole("textbox").fill("list-on");
	await gone.getByRole("button", { name: "Delete", exact: true }).click();
	await gone.getByText("This is not list-one").waitFor();
	await gone.getByRole("textbox").fill("list-one");
	await gone.getByRole("button", { name: "Delete", exact: true }).click();
	await notice(page, "list-one: deleted.");
	await page.getByText("2 matches").first().waitFor();
});

test("groups: a name with spaces in a row is confirmed as the page shows it", async () => {
	const created = { OrganizationId: w.endpoints.organization.id, Name: "Wide  Name" };
	const { GroupId = "" } = await w.api("CreateGroup", created);
	const page = await w.signedIn(w.at(`groups/${GroupId}`));
	await page.getByRole("button", { name: "Delete", exact: true }).click();
	const dialog = page.getByRole("dialog");
	const remove = dialog.getByRole("button", { name: "Delete", exact: true });
	await dialog.getByRole("textbox").fill("WideName");
	await remove.click();
	await notice(page, "This is not Wide Name");
	await dialog.getByRole("textbox").fill("Wide Name");
	await remove.click();
	await expect
		.poll(async () => JSON.stringify(await w.api("FindGroups", { OrganizationId: created.OrganizationId })))
		.not.toContain(GroupId);
});

test("groups: addresses, permissions, what it is in, and the audit of all that", async () => {
	const { domain, id: org } = w.endpoints.organization;
	const { GroupId: id = "" } = await w.api("CreateGroup", { OrganizationId: org, Name: "desk" });
	await w.api("RegisterToWorkMail", { OrganizationId: org, EntityId: id, Email: `desk@${domain}` });
	await w.api("CreateGroup", { OrganizationId: org, Name: "above" });
	await w.api("AssociateMemberToGroup", { OrganizationId: org, GroupId: "above", MemberId: id });
	const page = await w.signedIn(w.at(`groups/${id}`));
	await page.getByRole("heading", { name: "desk" }).waitFor();
	await page.getByRole("button", { name: "Add email address" }).click();
	const fresh = page.getByRole("textbox", { name: "New address" });
	const add = page.getByRole("button", { name: "Add", exact: true });
	await add.click();
	await page.getByText("The part before @ is missing").waitFor();
	await fresh.fill("alice");
	await add.click();
	await page.getByText(`The address alice@${domain} belongs to the user alice.`).waitFor();
	await fresh.fill(`help@${domain}`);
	await expect.poll(() => fresh.inputValue()).toBe("help");
	await add.click();
	await notice(page, `help@${domain} was added.`);
	await page.getByRole("button", { name: `Set as default: help@${domain}` }).click();
	await notice(page, `help@${domain} is the default address now.`);
	await axe(page);
	await shot(page, "groups-general");
	await page.getByRole("button", { name: `Remove desk@${domain}` }).click();
	await page.getByText("Mail to this address is refused from then on").waitFor();
	await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
	await notice(page, `desk@${domain} was removed.`);
	expect((await w.api("DescribeGroup", { OrganizationId: org, GroupId: id })).Email).toBe(`help@${domain}`);

	// Two administrators: the second one is told, and keeps what was chosen.
	await page.getByRole("button", { name: "Edit", exact: true }).click();
	await page.getByRole("checkbox", { name: "Show in the address list" }).uncheck();
	await w.api("CreateAlias", { OrganizationId: org, EntityId: id, Alias: `desk2@${domain}` });
	await page.getByRole("button", { name: "Save" }).click();
	await page.getByText("Someone else has changed this in the meantime", { exact: false }).first().waitFor();
	await page.getByText(`desk2@${domain}`, { exact: true }).waitFor();
	await expect.poll(() => page.getByRole("checkbox", { name: "Show in the address list" }).isChecked()).toBe(false);
	await axe(page);
	await page.getByRole("button", { name: "Save" }).click();
	await notice(page, "The group desk was saved.");
	expect((await w.api("DescribeGroup", { OrganizationId: org, GroupId: id })).HiddenFromGlobalAddressList).toBe(true);

	await page.getByRole("tab", { name: "Permissions" }).click();
	await page.getByText("Nobody else has a permission here").waitFor();
	await page.getByRole("button", { name: "Add permissions" }).click();
	const dialog = page.getByRole("dialog", { name: "Add permissions on desk" });
	await dialog.getByRole("button", { name: "Add permissions" }).click();
	await dialog.getByText("Choose at least one permission").waitFor();
	await expect.poll(() => dialog.getByText("Full access").count()).toBe(0);
	await choose(page, "alice", "above");
	await dialog.getByRole("checkbox", { name: "Send as" }).check();
	await axe(page);
	await shot(page, "groups-permissions-add");
	await dialog.getByRole("button", { name: "Add permissions" }).click();
	await notice(page, "2 were given permissions on desk.");
	await page.getByRole("button", { name: "Edit the permissions of alice" }).click();
	await page.getByRole("checkbox", { name: "Send on behalf" }).check();
	await page.getByRole("button", { name: "Save" }).click();
	await notice(page, "The permissions of alice on desk were saved.");
	await page.getByText("Send as, Send on behalf").waitFor();
	await axe(page);
	await shot(page, "groups-permissions");
	await page.getByRole("button", { name: "Remove the permissions of alice" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
	await notice(page, "alice has no permission on desk any more.");

	await page.getByRole("tab", { name: "Member of" }).click();
	await page.getByRole("link", { name: "above", exact: true }).waitFor();
	await axe(page);
	await shot(page, "groups-member-of");
	await page.getByRole("tab", { name: "Audit" }).click();
	await page.getByText("PutMailboxPermissions").first().waitFor();
	await page.getByText("ConflictException").first().waitFor();
	await expect.poll(() => page.getByText("DescribeGroup").count()).toBe(0);
	await page.getByRole("checkbox", { name: "Show reads too" }).check();
	await page.getByText("DescribeGroup").first().waitFor();
	await axe(page);
	await shot(page, "groups-audit");
	await page.reload();
	await page.getByText("PutMailboxPermissions").first().waitFor();
});

test("groups: members that cannot be added are named with the reason; the rest is added", async () => {
	const { id: org } = w.endpoints.organization;
	const make = async (name: string) => (await w.api("CreateGroup", { OrganizationId: org, Name: name })).GroupId ?? "";
	const inner = await make("inner");
	for (const name of ["between", "outer", "later"]) await make(name);
	const put = (GroupId: string, MemberId: string) =>
		w.api("AssociateMemberToGroup", { OrganizationId: org, GroupId, MemberId });
	await put("between", "inner");
	await put("outer", "between");
	const page = await w.signedIn(`${w.at(`groups/${inner}`)}?tab=members`);
	await page.getByRole("button", { name: "Add members" }).click();
	const dialog = page.getByRole("dialog", { name: "Add members to inner" });
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await dialog.getByText("Choose at least one user or group").waitFor();
	// Another adds somebody meanwhile: nobody of those chosen is added unseen, and the next try is about what is then there.
	const { UserId: extra = "" } = await w.api("CreateUser", {
		OrganizationId: org,
		Name: "extra",
		DisplayName: "Extra",
	});
	await choose(page, "bob");
	await put("inner", extra);
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await dialog.getByText("Someone else has changed this in the meantime", { exact: false }).waitFor();
	const membersOf = async () => (await w.api("ListGroupMembers", { OrganizationId: org, GroupId: inner })).Members;
	expect((await membersOf())?.map((m) => m.Id)).toEqual([extra]);
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await notice(page, "1 member was added to inner.");
	expect(await membersOf()).toHaveLength(2);
	await page.getByRole("button", { name: "Add members" }).click();
	// What contains the group, also through another, is greyed; what does so only meanwhile is refused.
	await dialog.getByRole("searchbox", { name: "Find users and groups" }).fill("outer");
	await dialog.getByRole("row", { name: /outer/ }).getByText("contains inner").waitFor();
	await expect.poll(() => dialog.getByRole("checkbox", { name: "Choose outer", exact: true }).isDisabled()).toBe(true);
	await axe(page);
	await shot(page, "groups-members-contains");
	await choose(page, "alice", "later");
	await put("later", "inner");
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await dialog.getByText("1 failed").waitFor();
	await dialog.getByText("The group later contains inner already, so it cannot become its member.").waitFor();
	await notice(page, "1 member was added to inner.");
	await dialog.getByText("Chosen: 1 of at most 100").waitFor();
	await axe(page);
	await shot(page, "groups-members-refused");

	// The session ends: it says so, and the choice waits for a new sign-in.
	await page.context().clearCookies();
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	const again = page.getByRole("dialog", { name: "Sign in again" });
	await again.waitFor();
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await again.waitFor({ state: "detached" });
	await dialog.getByText("Your session had ended.", { exact: false }).waitFor();
	await dialog.getByText("Chosen: 1 of at most 100").waitFor();

	// The server goes away: nothing chosen is lost, and it says so.
	await w.stop();
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await dialog.getByText("The server cannot be reached.", { exact: false }).first().waitFor();
	await dialog.getByText("Chosen: 1 of at most 100").waitFor();
	await w.restart();
});

test("groups: who may only look changes nothing, and a page of nothing says so", async () => {
	const password = "Look-only-4-now";
	await w.api("CreateAdministrator", { Name: "looker", Password: password, Role: "READ_ONLY", AllOrganizations: true });
	const page = await (await w.context()).newPage();
	await page.goto(w.at("groups"));
	await signIn(page, "looker", password);
	await page.getByText("You may look at everything here and change nothing.").waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Create group" }).count()).toBe(0);
	await expect.poll(() => page.getByRole("checkbox").count()).toBe(0);
	await shot(page, "groups-read-only");
	await page.getByRole("link", { name: "desk", exact: true }).click();
	await page.getByRole("heading", { name: "desk" }).waitFor();
	for (const name of ["Edit", "Disable", "Delete", "Add email address"])
		await expect.poll(() => page.getByRole("button", { name, exact: true }).count()).toBe(0);
	await page.getByRole("tab", { name: "Members" }).click();
	await page.getByText("Nobody is in this group").waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Add members" }).count()).toBe(0);
	await axe(page);
	await page.goto(w.at("groups/no-such-group-here"));
	await page.getByRole("heading", { name: "There is no such group" }).waitFor();
	await axe(page);
	// The bare addresses of what he may not do show no form, and no command for it.
	const bare = ["groups/new", "resources/new", "users/new", "users/import"].map((path) => w.at(path));
	for (const address of [...bare, `${w.endpoints.console}${w.endpoints.region}/organizations/new`]) {
		await page.goto(address);
		await page.getByRole("heading", { name: "Your role does not reach this page", level: 1 }).waitFor();
		await expect.poll(() => page.locator("main form").count()).toBe(0);
		await expect.poll(() => page.getByText("The same with the AWS CLI").count()).toBe(0);
	}
	await axe(page);
});

test("groups: the tree opens three levels deep, members are removed, and a new sign-in loses nothing", async () => {
	const { id: org } = w.endpoints.organization;
	const names = ["deep-1", "deep-2", "deep-3", "deep-4"];
	const ids: string[] = [];
	for (const name of names) ids.push((await w.api("CreateGroup", { OrganizationId: org, Name: name })).GroupId ?? "");
	for (const [i, name] of names.slice(1).entries())
		await w.api("AssociateMemberToGroup", { OrganizationId: org, GroupId: names[i] ?? "", MemberId: name });
	await w.api("AssociateMemberToGroup", { OrganizationId: org, GroupId: "deep-4", MemberId: "bob" });
	for (const name of ["alice", "bob"])
		await w.api("AssociateMemberToGroup", { OrganizationId: org, GroupId: "deep-1", MemberId: name });
	const page = await w.signedIn(`${w.at(`groups/${ids[0]}`)}?tab=members`);
	await page.getByRole("button", { name: "Show the members of deep-2" }).click();
	await page.getByRole("button", { name: "Show the members of deep-3" }).click();
	await page.getByText("Group: open it to see further").waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Show the members of deep-4" }).count()).toBe(0);
	await axe(page);
	// On a phone the third level keeps most of the room that the first has.
	const size = page.viewportSize() ?? { width: 1400, height: 900 };
	await page.setViewportSize({ width: 360, height: 740 });
	const room = async (name: string) => {
		const text = page.getByRole("row", { name: new RegExp(name) }).locator(".postroom-stacked");
		await text.waitFor();
		return (await text.boundingBox())?.width ?? 0;
	};
	await expect.poll(async () => (await room("deep-4")) / (await room("deep-2"))).toBeGreaterThan(0.85);
	await axe(page);
	await shot(page, "groups-members-deep");
	await page.setViewportSize(size);
	await page.getByRole("checkbox", { name: "Select alice" }).check();
	await page.getByRole("checkbox", { name: "Select deep-2" }).check();
	await page.getByRole("button", { name: "Remove", exact: true }).click();
	const dialog = page.getByRole("dialog", { name: "Remove 2 members from deep-1?" });
	await dialog.getByText(/alice, deep-2|deep-2, alice/).waitFor();
	await axe(page);
	await dialog.getByRole("button", { name: "Remove", exact: true }).click();
	await notice(page, "2 members were removed from deep-1.");
	const left = await w.api("ListGroupMembers", { OrganizationId: org, GroupId: "deep-1" });
	expect(left.Members?.map((m) => m.Name)).toEqual(["bob"]);

	// The session ends while a group is typed.
	await page.goto(w.at("groups/new"));
	await page.getByRole("button", { name: "Primary address domain" }).getByText("@").waitFor();
	await page.getByLabel("Group name").fill("after all");
	await page.getByText("This address is free").waitFor();
	await page.context().clearCookies();
	await page.getByRole("button", { name: "Create group" }).click();
	await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await page.getByRole("dialog", { name: "Sign in again" }).waitFor({ state: "detached" });
	await expect.poll(() => page.getByLabel("Group name").inputValue()).toBe("after all");
	await expect.poll(() => page.title()).toContain("Create group");
	await page.getByRole("button", { name: "Create group" }).click();
	await page.getByRole("heading", { name: "after all" }).waitFor();
});

test("groups: what another changed meanwhile is said at its row, and then done", async () => {
	const { domain, id: org } = w.endpoints.organization;
	for (const name of ["race-one", "race-two"]) {
		await w.api("CreateGroup", { OrganizationId: org, Name: name });
		await w.api("RegisterToWorkMail", { OrganizationId: org, EntityId: name, Email: `${name}@${domain}` });
	}
	const stateOf = async (name: string) => (await w.api("DescribeGroup", { OrganizationId: org, GroupId: name })).State;
	const page = await w.signedIn(`${w.at("groups")}?q=race-`);
	for (const name of ["race-one", "race-two"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
	/** Another administrator's change. */
	const change = (GroupId: string, HiddenFromGlobalAddressList: boolean) =>
		w.api("UpdateGroup", { OrganizationId: org, GroupId, HiddenFromGlobalAddressList });
	await change("race-two", true);
	await page.getByRole("button", { name: "Disable", exact: true }).click();
	const disable = page.getByRole("dialog", { name: "Disable 2 groups?" });
	await disable.getByRole("button", { name: "Disable", exact: true }).click();
	const refused = disable.getByRole("row", { name: /race-two.*Someone else has changed this in the meantime/ });
	await refused.waitFor();
	expect([await stateOf("race-one"), await stateOf("race-two")]).toEqual(["DISABLED", "ENABLED"]);
	await axe(page);
	await shot(page, "groups-disable-conflict");
	await disable.getByRole("button", { name: "Disable", exact: true }).click();
	await notice(page, "2 groups: disabled.");
	expect(await stateOf("race-two")).toBe("DISABLED");

	await page.getByText("Disabled", { exact: true }).nth(1).waitFor();
	await change("race-two", false);
	await page.getByRole("button", { name: "Enable", exact: true }).click();
	const enable = page.getByRole("dialog", { name: "Enable 2 groups" });
	await enable.getByRole("textbox", { name: "Primary address of race-two" }).waitFor();
	await enable.getByRole("button", { name: "Enable", exact: true }).click();
	await enable
		.getByRole("row", { name: /race-two/ })
		.getByText("Someone else has changed this", { exact: false })
		.waitFor();
	await enable.getByText("1 of 2 were enabled.", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "groups-enable-conflict");
	await enable.getByRole("button", { name: "Enable", exact: true }).click();
	await notice(page, "2 groups: enabled.");
	expect(await stateOf("race-two")).toBe("ENABLED");

	await page.getByRole("button", { name: "Disable", exact: true }).click();
	await disable.getByRole("button", { name: "Disable", exact: true }).click();
	await disable.waitFor({ state: "detached" });
	await change("race-one", true);
	await page.getByRole("button", { name: "Delete", exact: true }).click();
	const gone = page.getByRole("dialog", { name: "Delete 2 groups" });
	await gone.getByText("addresses").first().waitFor();
	await gone.getByRole("textbox").fill("delete 2");
	await gone.getByRole("button", { name: "Delete", exact: true }).click();
	await gone.getByRole("row", { name: /race-one.*Someone else has changed this/ }).waitFor();
	await gone.getByText("1 could not be deleted. The reason is below.").waitFor();
	await axe(page);
	await shot(page, "groups-delete-conflict");
	await gone.getByRole("button", { name: "Delete", exact: true }).click();
	await notice(page, "2 groups: deleted.");
	await page.getByText("No matches").waitFor();
});

test("groups: more than a hundred members, also of a group in the group, are found and shown on", async () => {
	const { id: org } = w.endpoints.organization;
	for (const name of ["crowd", "around"]) await w.api("CreateGroup", { OrganizationId: org, Name: name });
	const { GroupId: id = "" } = await w.api("DescribeGroup", { OrganizationId: org, GroupId: "around" });
	const add = (GroupId: string, MemberId: string) =>
		w.api("AssociateMemberToGroup", { OrganizationId: org, GroupId, MemberId });
	await add("around", "crowd");
	for (let i = 100; i <= 203; i++) {
		const { UserId = "" } = await w.api("CreateUserWithMailbox", {
			OrganizationId: org,
			Name: `crowd-${i}`,
			DisplayName: `Crowd ${i}`,
			Role: "REMOTE_USER",
		});
		await add("crowd", UserId);
		await add("around", UserId);
	}
	const page = await w.signedIn(`${w.at(`groups/${id}`)}?tab=members`);
	await page.getByText("(105)").waitFor();
	await page.getByRole("button", { name: "Show the members of crowd" }).click();
	const more = page.getByRole("button", { name: "Show more members of crowd" });
	await more.waitFor();
	await expect.poll(() => page.getByRole("link", { name: /crowd-202/ }).count()).toBe(0);
	await more.click();
	await page.getByRole("link", { name: /crowd-203/ }).waitFor();
	await page.getByRole("button", { name: "Show more", exact: true }).click();
	await expect.poll(() => page.getByRole("link", { name: /crowd-203/ }).count()).toBe(2);
	await axe(page);
	await page.getByRole("searchbox", { name: "Find Members" }).fill("Crowd 20");
	await page.getByText("4 matches").first().waitFor();
	await axe(page);
	await shot(page, "groups-members-found");
	await page.reload();
	await page.getByText("4 matches").first().waitFor();
	await page.getByRole("checkbox", { name: "Select crowd-203" }).check();
	await page.getByRole("button", { name: "Remove", exact: true }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
	await notice(page, "1 member was removed from around.");
	await page.getByText("3 matches").first().waitFor();
	await page.getByRole("searchbox", { name: "Find Members" }).fill("nobody like that");
	await page.getByText("No matches.").waitFor();
});
