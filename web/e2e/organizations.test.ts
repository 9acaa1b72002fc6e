import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, leaving, shot, signIn, world } from "./harness.ts";
import { deliver, inbox } from "./mail.ts";

const w = world();

const create = (page: Page) => page.getByRole("button", { name: "Create organization" }).last().click();

test("an organization is created, leads to its first steps, and lives in its region only", async () => {
	const page = await w.signedIn();
	await page.getByRole("link", { name: "example", exact: true }).waitFor();
	await axe(page);
	await shot(page, "organizations");
	await page.getByRole("button", { name: "Create organization" }).click();
	await page.getByRole("heading", { name: "Create organization" }).waitFor();
	await axe(page);

	const alias = page.getByLabel("Alias");
	await create(page);
	await page.getByText("Enter an alias").waitFor();
	for (const [typed, said] of [
		["a".repeat(63), "At most 62 characters; these are 63"],
		["my_org", "“_” is none of them"],
		["my org", "a space is none of them"],
		["<script>", "“<” is none of them"],
		["bücher", "“ü” is none of them"],
		["🦉", "“🦉” is none of them"],
		["a--b", "Hyphens stand alone"],
		["-a", "Hyphens stand alone"],
		["d-north", "does not begin with d-"],
	] as const) {
		await alias.fill(typed);
		await page.getByText(said, { exact: false }).first().waitFor();
	}
	// What only the server knows comes back to the field, and what was typed stays.
	for (const [typed, said] of [
		["mail", "The alias mail is not available."],
		["Example", "example"],
	] as const) {
		await alias.fill(typed);
		await create(page);
		await page.getByRole("main").locator("[class*=error]").getByText(said, { exact: false }).first().waitFor();
		await expect.poll(() => alias.inputValue()).toBe(typed);
		await expect.poll(() => alias.getAttribute("aria-invalid")).toBe("true");
	}

	await alias.fill("Story");
	await page.getByText("Gives the test domain story.postroom.test").waitFor();
	const first = page.getByLabel("Domain 1");
	for (const [typed, said] of [
		["nonsense", "This is no domain name"],
		["a b.example", "This is no domain name"],
		["10.0.0.1", "This is no domain name"],
		["x.postroom.test", "this server's own"],
	] as const) {
		await first.fill(typed);
		await page.getByText(said, { exact: false }).first().waitFor();
	}
	await first.fill("Bücher.example");
	await page.getByRole("button", { name: "Add domain" }).click();
	await page.getByLabel("Domain 2", { exact: true }).fill("bücher.example");
	await page.getByText("This domain is there already").waitFor();
	await page.getByRole("button", { name: "Remove domain 2" }).click();
	await shot(page, "organization-create");

	// A double click is one organization.
	await page.getByRole("button", { name: "Create organization" }).last().dblclick();
	await page.getByText("The organization Story was created.").waitFor();
	await page.getByRole("heading", { name: "Story", exact: true }).waitFor();
	await page.getByRole("heading", { name: "First steps" }).waitFor();
	await page.getByRole("link", { name: "Prove that xn--bcher-kva.example is yours" }).waitFor();
	await page.getByRole("link", { name: "Create the first user" }).waitFor();
	await axe(page);
	await shot(page, "overview-first-steps");
	expect((await w.api("ListOrganizations", {})).OrganizationSummaries?.filter((o) => o.Alias === "Story")).toHaveLength(
		1,
	);

	// The other region has its own organizations, and the address says which is looked at.
	await page.getByRole("button", { name: "us-east-1" }).first().click();
	await page.getByRole("menuitem", { name: "eu-west-1" }).click();
	await page.getByText("Nothing here yet").waitFor();
	expect(page.url()).toContain("/console/eu-west-1/organizations");
	await page.getByRole("link", { name: /^The region us-east-1 has [2-9] organizations$/ }).waitFor();
	await expect.poll(() => page.getByRole("link", { name: "Story", exact: true }).count()).toBe(0);
	await page.reload();
	await page.getByText("Nothing here yet").waitFor();
	// The alias is taken there as well.
	await page.getByRole("button", { name: "Create organization" }).first().click();
	await page.getByLabel("Alias").fill("story");
	await create(page);
	await page.getByText("The alias story is not available.", { exact: true }).waitFor();
	await page.getByLabel("Alias").fill("elsewhere");
	await create(page);
	await page.getByText("The organization elsewhere was created.").waitFor();
	await page.getByRole("link", { name: "Organizations" }).first().click();
	await page.getByRole("link", { name: "elsewhere", exact: true }).waitFor();
	await page.getByRole("button", { name: "eu-west-1" }).first().click();
	await page.getByRole("menuitem", { name: "us-east-1" }).click();
	await page.getByRole("link", { name: "Story", exact: true }).waitFor();
	await expect.poll(() => page.getByRole("link", { name: "elsewhere", exact: true }).count()).toBe(0);
});

test("leaving the form asks before what was typed is lost, and the back button too", async () => {
	const page = await w.signedIn();
	await page.getByRole("button", { name: "Create organization" }).first().click();
	await page.getByLabel("Alias").fill("unsaved");
	await page.evaluate(() => window.history.back());
	await leaving(page, false);
	await page.getByRole("heading", { name: "Create organization" }).waitFor();
	await expect.poll(() => page.getByLabel("Alias").inputValue()).toBe("unsaved");
	await page.getByRole("button", { name: "Cancel" }).click();
	await leaving(page, false);
	await expect.poll(() => page.getByLabel("Alias").inputValue()).toBe("unsaved");
	await page.evaluate(() => window.history.back());
	await leaving(page, true);
	await page.getByRole("link", { name: "example", exact: true }).waitFor();
	expect(new URL(page.url()).pathname).toMatch(/organizations$/);
});

test("a server that cannot be reached loses nothing that was typed, and a second try makes one organization", async () => {
	const page = await w.signedIn(`${w.endpoints.region}/organizations/new`);
	await page.getByLabel("Alias").fill("patient");
	// The call arrives, its answer does not.
	await page.route("**/", async (route) => {
		if (!route.request().headers()["x-amz-target"]?.endsWith("CreateOrganization")) return route.continue();
		await route.fetch();
		await route.abort();
	});
	await create(page);
	await page.getByText("The server cannot be reached.", { exact: false }).first().waitFor();
	await expect.poll(() => page.getByLabel("Alias").inputValue()).toBe("patient");
	await page.unroute("**/");
	await create(page);
	await page.getByText("The organization patient was created.").waitFor();
});

test("deleting says in numbers what goes, and asks for the alias", async () => {
	const { OrganizationId: org = "" } = await w.api("CreateOrganization", { Alias: "goner", ClientToken: "t-goner" });
	await w.api("CreateUserWithMailbox", {
		OrganizationId: org,
		Name: "una",
		DisplayName: "Una",
		Password: "Aa1-Bb2-Cc3",
		Email: "una@goner.postroom.test",
	});
	await w.api("CreateUser", { OrganizationId: org, Name: "duo", DisplayName: "Duo", Password: "Aa1-Bb2-Cc3" });
	// One whose mailbox is kept for 30 days, and one who is enabled and never had any.
	const { UserId: tria = "" } = await w.api("CreateUserWithMailbox", {
		OrganizationId: org,
		Name: "tria",
		DisplayName: "Tria",
		Password: "Aa1-Bb2-Cc3",
		Email: "tria@goner.postroom.test",
	});
	await deliver(w.endpoints.smtp, ["una@goner.postroom.test", "tria@goner.postroom.test"], "to be lost");
	await w.api("CreateUserWithMailbox", { OrganizationId: org, Name: "far", DisplayName: "Far", Role: "REMOTE_USER" });
	await w.api("CreateGroup", { OrganizationId: org, Name: "all" });
	await w.api("CreateResource", { OrganizationId: org, Name: "room", Type: "ROOM" });
	await expect
		.poll(async () => (await w.api("DescribeOrganizationContents", { OrganizationId: org })).Messages)
		.toBe(2);
	await w.api("DeregisterFromWorkMail", { OrganizationId: org, EntityId: tria });
	const page = await w.signedIn(`${w.endpoints.region}/organizations?q=goner`);
	// What cannot be counted is not destroyed.
	await page.route("**/", async (route) => {
		if (!route.request().headers()["x-amz-target"]?.endsWith("DescribeOrganizationContents")) return route.continue();
		await route.abort();
	});
	await page.getByRole("checkbox", { name: "Select goner" }).check();
	await page.getByRole("button", { name: "Delete", exact: true }).click();
	const dialog = page.getByRole("dialog", { name: "Delete goner" });
	await dialog.getByText("What will be lost could not be counted").waitFor();
	await dialog.getByLabel("To confirm, type goner").fill("goner");
	await expect.poll(() => dialog.getByRole("button", { name: "Delete for good" }).isDisabled()).toBe(true);
	await page.keyboard.press("Enter");
	await axe(page);
	await shot(page, "organization-delete-uncounted");
	await page.unroute("**/");
	await dialog.getByRole("button", { name: "Try again" }).click();
	for (const said of [
		"4 users",
		"1 group",
		"1 resource",
		/^2 mailboxes with 2 messages, \d+ bytes|^2 mailboxes with 2 messages, .* kB/,
		"among them 1 mailbox that is kept",
		"1 domain",
	])
		await dialog.getByText(said, { exact: false }).first().waitFor();
	expect((await w.api("DescribeOrganization", { OrganizationId: org })).State).toBe("Active");
	await axe(page);
	await shot(page, "organization-delete");
	await dialog.getByLabel("To confirm, type goner").fill("Goner");
	await dialog.getByRole("button", { name: "Delete for good" }).click();
	await dialog.getByText("This is not goner").waitFor();
	expect((await w.api("DescribeOrganization", { OrganizationId: org })).State).toBe("Active");
	// What came meanwhile was not shown, so it is shown first.
	await w.api("CreateUser", { OrganizationId: org, Name: "late", DisplayName: "Late", Password: "Aa1-Bb2-Cc3" });
	await dialog.getByLabel("To confirm, type goner").fill("goner");
	await page.keyboard.press("Enter");
	await dialog.getByText("The numbers changed meanwhile", { exact: false }).waitFor();
	await dialog.getByText("5 users").waitFor();
	expect((await w.api("DescribeOrganization", { OrganizationId: org })).State).toBe("Active");
	await axe(page);
	await shot(page, "organization-delete-changed");
	await dialog.getByRole("button", { name: "Delete for good" }).click();
	await page.getByText("The organization goner is being deleted.", { exact: false }).waitFor();
	await page.getByText("No matches").waitFor();
	expect(["Deleting", "Deleted"]).toContain((await w.api("DescribeOrganization", { OrganizationId: org })).State);
});

test("the overview tells what the organization is, hands over client settings and finds addresses", async () => {
	const page = await w.signedIn(w.at(""));
	await page.getByRole("heading", { name: "example", exact: true, level: 1 }).waitFor();
	await page.getByText(w.endpoints.organization.id, { exact: true }).waitFor();
	const settings = page.getByRole("table", { name: "Client settings" });
	await settings.getByRole("row", { name: new RegExp(`IMAP.*${w.endpoints.imaps.split(":")[1]}.*SSL/TLS`) }).waitFor();

	const address = page.getByLabel("Email address");
	const find = page.getByRole("button", { name: "Look it up" });
	await address.fill("nobody");
	await find.click();
	await page.getByText("Enter a whole address").waitFor();
	await address.fill("nobody@example.postroom.test");
	await find.click();
	const none = page.getByText("No user, group or resource of this organization has nobody@example.postroom.test.");
	await none.waitFor();
	await address.fill("nobody");
	await find.click();
	await page.getByText("Enter a whole address").waitFor();
	await expect.poll(() => none.count()).toBe(0);
	await address.fill("alice@example.postroom.test");
	await find.click();
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	await axe(page);
	await shot(page, "overview");

	// What the server counted: the sign-ins of a mail user, the users, in the period that the address has.
	const alice = w.endpoints.users[0];
	await deliver(w.endpoints.smtp, [alice?.email ?? ""], "for the pictures");
	if (alice) await inbox(w.endpoints, alice, "for the pictures");
	await expect
		.poll(
			async () => {
				const { Series } = await w.api("GetStatistics", { OrganizationId: w.endpoints.organization.id, Period: "DAY" });
				const sum = (name: string) =>
					Series?.find((s) => s.Name === name)?.Points?.reduce((n, p) => n + (p.Value ?? 0), 0) ?? 0;
				return sum("MAIL_IN") > 0 && sum("SIGN_INS") > 0;
			},
			{ timeout: 90_000, interval: 500 },
		)
		.toBe(true);
	await page.goto(`${w.at("")}?period=DAY`);
	await page
		.getByText(/In \([1-9]/)
		.first()
		.waitFor();
	await page
		.getByText(/Succeeded \([1-9]/)
		.first()
		.waitFor();
	await page.getByRole("button", { name: "30 days" }).click();
	await page.waitForURL(/period=MONTH/);
	await axe(page);
	await page.getByText("Over time").scrollIntoViewIfNeeded();
	await shot(page, "overview-pictures");
	// An address in that of the page is asked for at once.
	await page.goto(`${w.at("")}?address=alice@example.postroom.test`);
	await page.getByRole("link", { name: "alice", exact: true }).click();
	expect(page.url()).toContain(`/users/${w.endpoints.users[0]?.id}`);
});

test("a day of the pictures is the server's, west of it too", async () => {
	const page = await (await w.context({ timezoneId: "America/Los_Angeles" })).newPage();
	await page.route("**/", async (route) => {
		if (!route.request().headers()["x-amz-target"]?.endsWith("GetStatistics")) return route.continue();
		const days = [1, 2, 3].map((day) => ({ Time: Date.UTC(2026, 0, day) / 1000, Value: day }));
		await route.fulfill({ json: { Series: ["SIGN_INS", "STORAGE_USED"].map((Name) => ({ Name, Points: days })) } });
	});
	await page.goto(`${w.at("")}?period=MONTH`);
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	for (const day of ["Jan 1", "Jan 2", "Jan 3"])
		await expect.poll(() => page.getByText(day, { exact: true }).count()).toBeGreaterThan(0);
	await expect.poll(() => page.getByText("Dec 31", { exact: true }).count()).toBe(0);
});

test("tags are added, changed and removed, within their limits", async () => {
	const page = await w.signedIn(w.at("tags"));
	await page.getByRole("button", { name: "Add new tag" }).click();
	await page.getByLabel(/^Key/).last().fill("aws:owner");
	await page.getByText("aws:", { exact: false }).nth(1).waitFor();
	await page.getByLabel(/^Key/).last().fill("k".repeat(129));
	await page.getByText("maximum number of characters", { exact: false }).waitFor();
	await page.getByLabel(/^Key/).last().fill("team <b>");
	await page
		.getByLabel(/^Value/)
		.last()
		.fill("Süd 🦉");
	await page.getByRole("button", { name: "Save changes" }).click();
	await page.getByText("The tags were saved.").waitFor();
	const { ARN = "" } = await w.api("DescribeOrganization", { OrganizationId: w.endpoints.organization.id });
	expect((await w.api("ListTagsForResource", { ResourceARN: ARN })).Tags).toEqual([
		{ Key: "team <b>", Value: "Süd 🦉" },
	]);
	await page.reload();
	await page
		.getByLabel(/^Value/)
		.last()
		.fill("Nord");
	await axe(page);
	await shot(page, "tags");
	await page.getByRole("button", { name: "Save changes" }).click();
	await page.getByRole("button", { name: "Save changes" }).and(page.locator(":disabled")).waitFor();
	expect((await w.api("ListTagsForResource", { ResourceARN: ARN })).Tags).toEqual([{ Key: "team <b>", Value: "Nord" }]);

	// Another administrator filled it up meanwhile: it is told, then the server refuses, and the row stays.
	await page.getByRole("button", { name: "Add new tag" }).click();
	await page.getByLabel(/^Key/).last().fill("one-too-many");
	await w.api("TagResource", {
		ResourceARN: ARN,
		Tags: Array.from({ length: 49 }, (_, i) => ({ Key: `t${i}`, Value: "" })),
	});
	await page.getByRole("button", { name: "Save changes" }).click();
	await page.getByText("Someone else has changed the tags in the meantime").first().waitFor();
	await expect.poll(() => page.getByLabel(/^Key/).last().inputValue()).toBe("one-too-many");
	await page.getByRole("button", { name: "Save changes" }).click();
	await page.getByText("An organization has at most 50 tags.", { exact: true }).waitFor();
	await expect.poll(() => page.getByLabel(/^Key/).last().inputValue()).toBe("one-too-many");
	page.once("dialog", (dialog) => void dialog.accept());
	await page.reload();
	await page.getByText("You have reached the limit of 50 tags.").first().waitFor();
	await page.getByRole("button", { name: "Remove" }).first().click();
	await page.getByRole("button", { name: "Save changes" }).click();
	await page.getByText("The tags were saved.").waitFor();
	expect((await w.api("ListTagsForResource", { ResourceARN: ARN })).Tags).toHaveLength(49);
});

test("two administrators change tags at once, and neither overwrites the other unseen", async () => {
	const { OrganizationId: org = "" } = await w.api("CreateOrganization", { Alias: "labels", ClientToken: "t-labels" });
	const { ARN = "" } = await w.api("DescribeOrganization", { OrganizationId: org });
	const put = (Tags: { Key: string; Value: string }[]) => w.api("UpdateTags", { OrganizationId: org, Tags });
	const tags = async () =>
		Object.fromEntries(
			(await w.api("ListTagsForResource", { ResourceARN: ARN })).Tags?.map((g) => [g.Key, g.Value]) ?? [],
		);
	await put(["keep", "mine", "owner", "theirs"].map((Key) => ({ Key, Value: "1" })));
	const page = await w.signedIn(`${w.endpoints.region}/o/${org}/tags`);
	const inputOf = async (key: string) => {
		const input = (label: RegExp) => page.getByLabel(label).and(page.locator("input"));
		const keys = await input(/^Key/).evaluateAll((all) => all.map((e) => (e as HTMLInputElement).value));
		return input(/^Value/).nth(keys.indexOf(key));
	};
	const save = () => page.getByRole("button", { name: "Save changes" }).click();
	await page.getByRole("button", { name: "Add new tag" }).waitFor();
	await (await inputOf("mine")).fill("typed here");
	await (await inputOf("owner")).fill("typed here");
	await page.getByRole("button", { name: "Add new tag" }).click();
	await page.getByLabel(/^Key/).last().fill("fresh");
	await put([
		{ Key: "owner", Value: "saved there" },
		{ Key: "theirs", Value: "2" },
	]);
	const before = await tags();
	await save();
	await page.getByText("Someone else has changed the tags in the meantime").first().waitFor();
	await page.getByText("owner: saved there").waitFor();
	expect(await tags()).toEqual(before); // nothing of it, or all
	for (const [key, value] of [
		["mine", "typed here"],
		["owner", "typed here"],
		["theirs", "2"],
		["keep", "1"],
	] as const)
		await expect.poll(async () => (await inputOf(key)).inputValue()).toBe(value);
	await axe(page);
	await shot(page, "tags-conflict");
	await save();
	await page.getByText("The tags were saved.").waitFor();
	expect(await tags()).toEqual({ fresh: "", keep: "1", mine: "typed here", owner: "typed here", theirs: "2" });

	// What another changed of the organization beside its tags is no conflict.
	await (await inputOf("keep")).fill("3");
	await put([{ Key: "passing", Value: "" }]);
	await w.api("UntagResource", { ResourceARN: ARN, TagKeys: ["passing"] });
	await save();
	await expect.poll(tags).toMatchObject({ keep: "3" });
});

test("tags are asked for once, without a question before", async () => {
	const page = await w.signedIn(w.at("tags"));
	await page.getByRole("button", { name: "Save changes" }).waitFor();
	// Until the tags are there, no answer about the organization is.
	await page.route("**/", async (route) => {
		if (route.request().headers()["x-amz-target"]?.endsWith("DescribeOrganization")) return;
		await route.continue();
	});
	await page.reload();
	await page.getByRole("button", { name: "Save changes" }).waitFor();
	await page.unroute("**/");
});

test("while an organization is made it is said how far it is; what was not made, and why", async () => {
	const page = await w.signedIn(`${w.endpoints.region}/organizations/new`);
	let answer: object | undefined = { State: "Requested" };
	await page.route("**/", async (route) => {
		if (!answer || !route.request().headers()["x-amz-target"]?.endsWith("DescribeOrganization"))
			return route.continue();
		const response = await route.fetch();
		await route.fulfill({ response, json: { ...(await response.json()), ...answer } });
	});
	await page.getByLabel("Alias").fill("slow");
	await create(page);
	await page.getByRole("heading", { name: "Creating slow" }).waitFor();
	const bar = page.getByRole("progressbar");
	await bar.waitFor();
	await page.getByText("Its directory, keys and test domain are being made.", { exact: false }).waitFor();
	await page.getByText("Requested", { exact: true }).waitFor();
	answer = { State: "Creating" };
	await page.getByText("Creating", { exact: true }).waitFor();
	await expect.poll(() => bar.getAttribute("value")).toBe("60");
	await axe(page);
	await shot(page, "organization-making");
	// An answer that does not come leaves a way on.
	answer = { State: "Failed", ErrorMessage: "" };
	await page.getByText("The organization slow could not be created").waitFor();
	await page.getByText("The server did not say why", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "organization-failed");
	answer = undefined;
	await page.getByRole("button", { name: "To the organizations" }).click();
	await page.getByRole("link", { name: "slow", exact: true }).waitFor();

	await page.goto(`${w.endpoints.console}${w.endpoints.region}/organizations/new`);
	answer = { State: "Creating" };
	await page.getByLabel("Alias").fill("steady");
	await create(page);
	await page.getByText("Creating", { exact: true }).waitFor();
	// A reload goes on with it.
	await page.reload();
	await page.getByRole("heading", { name: "Creating steady" }).waitFor();
	await page.getByText("Creating", { exact: true }).waitFor();
	answer = undefined;
	await page.getByText("The organization steady was created.").waitFor();
	await page.getByRole("heading", { name: "steady", exact: true, level: 1 }).waitFor();
});

test("who may only read sees everything and changes nothing", async () => {
	await w.api("CreateAdministrator", {
		Name: "reader",
		Password: "Reading-is-1-pleasure",
		Role: "READ_ONLY",
		AllOrganizations: true,
	});
	const page = await (await w.context()).newPage();
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/organizations`);
	await signIn(page, "reader", "Reading-is-1-pleasure");
	await page.getByRole("link", { name: "example", exact: true }).waitFor();
	await page.getByText("You may look at everything here and change nothing.").waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Create organization" }).count()).toBe(0);
	await expect.poll(() => page.getByRole("button", { name: "Delete" }).count()).toBe(0);
	await page.goto(w.at("tags"));
	await page.getByText("You may look at the tags and not change them.").waitFor();
	await page.goto(w.at("domains"));
	await page.getByRole("link", { name: "example.postroom.test" }).waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Add domain" }).count()).toBe(0);
	await axe(page);
	await shot(page, "domains-read-only");
});

test("the frame: the first visit finds the region in use, the keyboard skips the bar, and a mistyped address is told", async () => {
	const page = await (await w.context()).newPage();
	await page.goto(w.endpoints.console);
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await page.getByRole("link", { name: "example", exact: true }).waitFor();
	expect(page.url()).toContain(`/console/${w.endpoints.region}/organizations`);
	await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
	await page.keyboard.press("Tab");
	await page.getByRole("button", { name: "Skip to the content" }).and(page.locator(":focus")).waitFor();
	await page.keyboard.press("Enter");
	await page.keyboard.press("Tab");
	await expect.poll(() => page.evaluate(() => document.activeElement?.closest("#content") !== null)).toBe(true);

	await page.goto(`${w.endpoints.console}${w.endpoints.region}/o/%E0%A4/tags`);
	await page.getByRole("heading", { name: "There is no such page" }).waitFor();
	await axe(page);
	await shot(page, "no-such-page");
	// An organization of another region is none here.
	await page.goto(w.at("").replace("us-east-1", "eu-west-1"));
	await page.getByRole("heading", { name: "This organization does not exist here" }).waitFor();
	await page.getByRole("button", { name: "eu-west-1" }).first().focus();
	await page.keyboard.press("Enter");
	await page.getByRole("menuitem", { name: "us-east-1" }).waitFor();
	// The menu has the focus, and arrows move in it.
	const menu = page.getByRole("menuitem", { name: "us-east-1" });
	for (let i = 0; i < w.endpoints.regions.length && !(await menu.evaluate((e) => e === document.activeElement)); i++)
		await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await page.getByRole("link", { name: "example", exact: true }).waitFor();
	expect(page.url()).toContain("/console/us-east-1/organizations");
});
