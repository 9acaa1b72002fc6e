import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, selectAll, shot, signIn, world } from "./harness.ts";

const w = world();

const notice = (page: Page, text: string) => page.getByText(text, { exact: false }).first().waitFor();

/** In a dialog: finds each one and chooses it. */
async function choose(page: Page, ...names: string[]): Promise<void> {
	const find = page.getByRole("searchbox", { name: "Find users and groups" });
	for (const name of names) {
		await find.fill(name);
		await page.getByRole("checkbox", { name: `Choose ${name}`, exact: true }).check();
	}
}

/** A resource, enabled with its address. */
async function made(name: string): Promise<string> {
	const { domain, id: org } = w.endpoints.organization;
	const { ResourceId = "" } = await w.api("CreateResource", { OrganizationId: org, Name: name, Type: "ROOM" });
	await w.api("RegisterToWorkMail", { OrganizationId: org, EntityId: ResourceId, Email: `${name}@${domain}` });
	return ResourceId;
}

test("resources: a room is added, and its delegates answer for it", async () => {
	const { domain, id: org } = w.endpoints.organization;
	const page = await w.signedIn(w.at("resources"));
	await page.getByText("Nothing here yet").waitFor();
	await axe(page);
	await shot(page, "resources-empty");
	await page.getByRole("button", { name: "Add resource" }).first().click();
	await page.getByRole("heading", { name: "Add resource" }).waitFor();
	await page.getByLabel("Resource name").fill("Room.A");
	await expect.poll(() => page.getByRole("textbox", { name: "Primary address" }).inputValue()).toBe("room.a");
	await page.getByLabel("Description").fill("مرحبا 🎉 <b>first</b> floor");
	await axe(page);
	await shot(page, "resources-create");
	await page.getByRole("button", { name: "Add resource" }).click();
	await notice(page, `Its address is room.a@${domain}.`);
	await page.getByRole("heading", { name: "Room.A" }).waitFor();
	await page.getByText("مرحبا 🎉 <b>first</b> floor").waitFor();
	await axe(page);
	await shot(page, "resources-general");

	// Nobody would answer: it says so before it refuses.
	await page.getByRole("tab", { name: "Booking options" }).click();
	const accept = page.getByRole("checkbox", { name: "Automatically accept all resource requests" });
	await expect.poll(() => accept.isChecked()).toBe(true);
	await expect
		.poll(() => page.getByRole("checkbox", { name: "Automatically decline recurring requests" }).isChecked())
		.toBe(false);
	await expect
		.poll(() => page.getByRole("checkbox", { name: "Automatically decline conflicting requests" }).isChecked())
		.toBe(true);
	await accept.uncheck();
	await page.getByText("Room.A has no delegate, so nobody would answer its requests.", { exact: false }).waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
	await axe(page);
	await shot(page, "resources-booking-refused");
	// The delegates are added there and then: what was chosen stays, and can be saved.
	await page.getByRole("checkbox", { name: "Automatically decline recurring requests" }).check();
	await page.getByRole("button", { name: "Add a delegate" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
	await page.getByText("Choose at least one user or group").waitFor();
	await choose(page, "alice", "bob");
	await axe(page);
	await shot(page, "resources-delegates-add");
	await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
	await notice(page, "2 delegates of Room.A were added.");
	await page.getByText("Room.A has no delegate", { exact: false }).waitFor({ state: "detached" });
	await expect.poll(() => accept.isChecked()).toBe(false);
	await page.getByRole("button", { name: "Save" }).click();
	await notice(page, "The booking options of Room.A were saved.");
	await axe(page);
	await shot(page, "resources-booking");
	const seen = await w.api("DescribeResource", { OrganizationId: org, ResourceId: `room.a@${domain}` });
	expect(seen.BookingOptions).toEqual({
		AutoAcceptRequests: false,
		AutoDeclineRecurringRequests: true,
		AutoDeclineConflictingRequests: true,
	});

	// One may go; the last may not.
	await page.getByRole("tab", { name: "Delegates" }).click();
	await page.getByRole("link", { name: /alice/ }).waitFor();
	await axe(page);
	await shot(page, "resources-delegates");
	await selectAll(page);
	await page.getByRole("button", { name: "Remove", exact: true }).click();
	await page.getByText("at least one delegate must stay", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "resources-delegates-last");
	await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
	await page.getByRole("checkbox", { name: "Select bob" }).uncheck();
	await page.getByRole("button", { name: "Remove", exact: true }).click();
	// Another administrator takes bob away meanwhile: that is said, and that alice is then the last one.
	await w.api("DisassociateDelegateFromResource", {
		OrganizationId: org,
		ResourceId: `room.a@${domain}`,
		EntityId: "bob",
	});
	await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
	await page.getByText("Someone else has changed this in the meantime", { exact: false }).waitFor();
	await page.getByText("at least one delegate must stay", { exact: false }).waitFor();
	await axe(page);
	await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
	await page.getByRole("tab", { name: "Booking options" }).click();
	await accept.check();
	const saved = "The booking options of Room.A were saved.";
	await page.getByText(saved, { exact: false }).waitFor({ state: "detached" }); // of the first time
	await page.getByRole("button", { name: "Save" }).click();
	await notice(page, saved);
	await page.getByRole("tab", { name: "Delegates" }).click();
	await page.getByText("Room.A is set to accept all requests automatically.", { exact: false }).waitFor();
});

test("resources: what cannot be is refused at its field", async () => {
	const { domain, id: org } = w.endpoints.organization;
	const page = await w.signedIn(w.at("resources/new"));
	const name = page.getByLabel("Resource name");
	const local = page.getByRole("textbox", { name: "Primary address" });
	const add = page.getByRole("button", { name: "Add resource" });
	await page.getByRole("button", { name: "Primary address domain" }).getByText(domain).waitFor();
	await add.click();
	await page.getByText("Give the resource a name").waitFor();
	await page.getByText("The part before @ is missing").waitFor();
	await name.fill("x".repeat(21));
	await page.getByText("At most 20 characters", { exact: true }).waitFor();
	for (const wrong of ["two words", "<script>", "Raum-Ü", "مكتب"]) {
		await name.fill(wrong);
		await page.getByText("Letters, digits, - _ and . only", { exact: true }).waitFor();
	}
	await page.getByLabel("Description").fill("x".repeat(65));
	await page.getByText("At most 64 characters", { exact: true }).waitFor();
	await page.getByLabel("Description").fill("x".repeat(64));
	await local.fill("beamer@elsewhere.test");
	await page.getByText("elsewhere.test is no verified domain of this organization", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "resources-create-refused");
	await name.fill("alice");
	await local.fill("beamer");
	await add.click();
	await page.getByText("The name alice is taken", { exact: false }).waitFor();
	await name.fill("krbtgt");
	await add.click();
	await page.getByText("The name krbtgt is reserved", { exact: false }).waitFor();
	await name.fill("beamer");
	await local.fill("bob");
	await add.click();
	await page
		.getByText(/bob@.* (belongs to|is)/)
		.first()
		.waitFor();
	expect((await w.api("FindResources", { OrganizationId: org, Query: "beamer" })).Total).toBe(0);

	// The address is gone between the two calls; then it is finished with another.
	await local.fill("beamer");
	await page.getByRole("radio", { name: "Equipment" }).check();
	let between = true;
	await page.route(
		(url) => url.pathname === "/",
		async (route) => {
			if (between && route.request().headers()["x-amz-target"]?.endsWith(".RegisterToWorkMail")) {
				between = false;
				await w.api("CreateAlias", {
					OrganizationId: org,
					EntityId: w.endpoints.users[0]?.id ?? "",
					Alias: `beamer@${domain}`,
				});
			}
			await route.continue();
		},
	);
	await add.click();
	await page.getByText("The resource is there, but not enabled").waitFor();
	await axe(page);
	await local.fill("beamer2");
	await page.getByRole("button", { name: "Enable it now" }).click();
	await notice(page, `Its address is beamer2@${domain}.`);
	const seen = await w.api("DescribeResource", { OrganizationId: org, ResourceId: `beamer2@${domain}` });
	expect([seen.Name, seen.Type, seen.State]).toEqual(["beamer", "EQUIPMENT", "ENABLED"]);
});

test("resources: edited by two administrators, disabled, enabled and deleted", async () => {
	const { domain, id: org } = w.endpoints.organization;
	const id = await made("hall");
	const page = await w.signedIn(w.at(`resources/${id}`));
	await page.getByRole("button", { name: "Edit", exact: true }).click();
	await page.getByLabel("Resource name").fill("hall-2");
	await page.getByLabel("Description").fill("mine");
	await w.api("UpdateResource", { OrganizationId: org, ResourceId: id, Description: "theirs", Type: "EQUIPMENT" });
	await page.getByRole("button", { name: "Save" }).click();
	await page.getByText("Someone else has changed this in the meantime", { exact: false }).first().waitFor();
	await page.getByText("Saved by someone else meanwhile: theirs").waitFor();
	await expect.poll(() => page.getByLabel("Description").inputValue()).toBe("mine");
	await expect.poll(() => page.getByRole("radio", { name: "Equipment" }).isChecked()).toBe(true);
	await axe(page);
	await shot(page, "resources-edit-conflict");
	await page.getByRole("button", { name: "Save" }).click();
	await notice(page, "The resource hall-2 was saved.");
	const seen = await w.api("DescribeResource", { OrganizationId: org, ResourceId: id });
	expect([seen.Name, seen.Description, seen.Type]).toEqual(["hall-2", "mine", "EQUIPMENT"]);

	await page.getByRole("button", { name: "Add email address" }).click();
	await page.getByRole("textbox", { name: "New address" }).fill("auditorium");
	await page.getByRole("button", { name: "Add", exact: true }).click();
	await notice(page, `auditorium@${domain} was added.`);
	await page.getByRole("button", { name: `Set as default: auditorium@${domain}` }).click();
	await notice(page, `auditorium@${domain} is the default address now.`);

	await page.getByRole("button", { name: "Disable", exact: true }).click();
	const disable = page.getByRole("dialog", { name: "Disable hall-2?" });
	await disable.getByText("are kept for 30 days", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "resources-disable");
	await disable.getByRole("button", { name: "Disable", exact: true }).click();
	await notice(page, "hall-2: disabled.");
	await page.getByRole("button", { name: "Enable", exact: true }).click();
	const enable = page.getByRole("dialog", { name: "Enable hall-2" });
	await expect.poll(() => enable.getByRole("textbox").inputValue()).toBe("auditorium");
	await enable.getByRole("button", { name: "Enable", exact: true }).click();
	await notice(page, "hall-2: enabled.");
	await w.api("PutMailboxPermissions", {
		OrganizationId: org,
		EntityId: id,
		GranteeId: "alice",
		PermissionValues: ["FULL_ACCESS"],
	});
	await page.reload();
	await page.getByRole("button", { name: "Disable", exact: true }).click();
	await disable.getByRole("button", { name: "Disable", exact: true }).click();
	await disable.waitFor({ state: "detached" });
	// What is not counted is not deleted.
	await page.route("**/", (route) =>
		route.request().headers()["x-amz-target"]?.endsWith("ListMailboxPermissions") ? route.abort() : route.continue(),
	);
	await page.getByRole("button", { name: "Delete", exact: true }).click();
	const gone = page.getByRole("dialog", { name: "Delete hall-2" });
	await gone.getByText("What will be lost could not be counted").waitFor();
	await expect.poll(() => gone.getByRole("button", { name: "Delete", exact: true }).isDisabled()).toBe(true);
	await page.unroute("**/");
	await gone.getByRole("button", { name: "Try again" }).click();
	await gone.getByText("2 addresses").waitFor();
	await gone.getByText("1 permission on it").waitFor();
	await axe(page);
	await shot(page, "resources-delete");
	await gone.getByRole("textbox").fill("hall-2");
	// The page is left before it reads that what it is about is gone.
	await page.evaluate(() => {
		const look = () => {
			if (document.body.textContent.includes("There is no such")) document.body.setAttribute("data-gone", "seen");
		};
		new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
	});
	await gone.getByRole("button", { name: "Delete", exact: true }).click();
	await notice(page, "hall-2: deleted.");
	await page.getByRole("heading", { name: "Resources" }).first().waitFor();
	await expect.poll(() => page.evaluate(() => document.body.getAttribute("data-gone"))).toBe(null);
	await page.goto(w.at(`resources/${id}`));
	await page.getByRole("heading", { name: "There is no such resource" }).waitFor();
	await axe(page);
});

test("resources: found by state and name; who may only look changes nothing", async () => {
	const { id: org } = w.endpoints.organization;
	const id = await made("list-a");
	await w.api("CreateResource", { OrganizationId: org, Name: "list-b", Type: "EQUIPMENT", Description: "spare" });
	const password = "Look-only-4-now";
	await w.api("CreateAdministrator", { Name: "looker", Password: password, Role: "READ_ONLY", AllOrganizations: true });
	const page = await (await w.context()).newPage();
	await page.goto(`${w.at("resources")}?q=list-&state=DISABLED`);
	await signIn(page, "looker", password);
	await page.getByText("1 match").first().waitFor();
	await page.getByRole("link", { name: "list-b" }).waitFor();
	await page.getByText("spare").waitFor();
	await page.getByText("You may look at everything here and change nothing.").waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Add resource" }).count()).toBe(0);
	await axe(page);
	await shot(page, "resources");
	await page.goto(`${w.at(`resources/${id}`)}?tab=booking`);
	await page.getByRole("checkbox", { name: "Automatically accept all resource requests" }).waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Save" }).count()).toBe(0);
	await page.getByRole("tab", { name: "Delegates" }).click();
	await page.getByText("Nobody answers for this resource.").waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Add delegates" }).count()).toBe(0);
	await page.getByRole("tab", { name: "Audit" }).click();
	await page.getByText("RegisterToWorkMail").first().waitFor();
	await axe(page);
	await shot(page, "resources-audit");
	await page.goto(w.at("resources/new"));
	await page.getByRole("heading", { name: "Your role does not reach this page", level: 1 }).waitFor();
});

test("resources: who may open the mailbox of a resource or write in its name", async () => {
	const { id: org } = w.endpoints.organization;
	const id = await made("studio");
	const page = await w.signedIn(`${w.at(`resources/${id}`)}?tab=permissions`);
	await page.getByText("Nobody else has a permission here").waitFor();
	await axe(page);
	await page.getByRole("button", { name: "Add permissions" }).click();
	const dialog = page.getByRole("dialog", { name: "Add permissions on studio" });
	await choose(page, "alice", "bob");
	await dialog.getByRole("checkbox", { name: "Full access" }).check();
	await dialog.getByRole("checkbox", { name: "Send as" }).check();
	await axe(page);
	await shot(page, "resources-permissions-add");
	await dialog.getByRole("button", { name: "Add permissions" }).click();
	await notice(page, "2 were given permissions on studio.");
	await page.getByText("Full access, Send as").nth(1).waitFor();
	await axe(page);
	await shot(page, "resources-permissions");

	// Others' permissions change meanwhile: that is no conflict. The same one's: it is said.
	const put = (GranteeId: string, PermissionValues: ("SEND_AS" | "SEND_ON_BEHALF")[]) =>
		w.api("PutMailboxPermissions", { OrganizationId: org, EntityId: id, GranteeId, PermissionValues });
	await put("bob", ["SEND_AS"]);
	await page.getByRole("button", { name: "Edit the permissions of alice" }).click();
	await page.getByRole("checkbox", { name: "Send on behalf" }).check();
	await page.getByRole("button", { name: "Save" }).click();
	await notice(page, "The permissions of alice on studio were saved.");
	await page.getByRole("button", { name: "Edit the permissions of bob" }).click();
	await put("bob", ["SEND_ON_BEHALF"]);
	await page.getByRole("checkbox", { name: "Full access" }).check();
	await page.getByRole("button", { name: "Save" }).click();
	await page.getByText("Now there is: Send on behalf.", { exact: false }).waitFor();
	await axe(page);
	await page.getByRole("button", { name: "Save" }).click();
	await notice(page, "The permissions of bob on studio were saved.");
	const { Permissions = [] } = await w.api("ListMailboxPermissions", { OrganizationId: org, EntityId: id });
	expect(Permissions.map((p) => p.PermissionValues.toSorted()).toSorted()).toEqual([
		["FULL_ACCESS", "SEND_AS"],
		["FULL_ACCESS", "SEND_AS", "SEND_ON_BEHALF"],
	]);
	await page.getByRole("button", { name: "Remove the permissions of alice" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
	await notice(page, "alice has no permission on studio any more.");
});
