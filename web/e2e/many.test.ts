import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, selectAll, shot, signIn, watch, world } from "./harness.ts";
import { signsIn } from "./mail.ts";

// The organization of test/fixture/many.go: 20,000 users of all states and roles,
// some system users, a group of 3,000 members with a group in a group in it.
const w = world({ many: true });
const all = 20_000;

const org = () => w.endpoints.organization.id;
const domain = () => w.endpoints.organization.domain;
const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });
const row = (page: Page, name: string) => page.getByRole("row").filter({ has: link(page, name) });
const names = (page: Page) => page.getByRole("row").getByRole("rowheader").allInnerTexts();
/** A new window of the one session of this file: what is tested here is not the sign-in. */
async function opened(path: string): Promise<Page> {
	const context = session ?? (await w.signedIn()).context();
	session = context;
	const page = await context.newPage();
	watch(page);
	await page.goto(w.at(path), { waitUntil: "commit" });
	return page;
}
let session: BrowserContext | undefined;

const heading = (page: Page, count: string) =>
	page.getByRole("heading", { name: new RegExp(`^Users \\(${count}( of [\\d,]+)?\\)$`) }).filter({ visible: true });

/** How many users fit, as the server says. */
async function count(filter: {
	Query?: string;
	States?: ("ENABLED" | "DISABLED")[];
	Roles?: ("USER" | "SYSTEM_USER" | "REMOTE_USER")[];
}) {
	const { Total } = await w.api("FindUsers", { OrganizationId: org(), MaxResults: 1, ...filter });
	return (Total ?? 0).toLocaleString("en");
}

test("the first view of 20,000 users, wide and narrow", async () => {
	session = (await w.signedIn()).context();
	const cookies = await session.cookies();
	const context = await w.context();
	await context.addCookies(cookies);
	const page = await context.newPage();
	watch(page);
	const asked: string[] = [];
	page.on("request", (r) => {
		const target = r.headers()["x-amz-target"];
		if (target) asked.push(target);
	});
	const start = performance.now();
	await page.goto(w.at("users"), { waitUntil: "commit" });
	await link(page, "alice").waitFor();
	console.log(`first view of ${all} users on a cold cache: ${Math.round(performance.now() - start)} ms`);
	await heading(page, "20,000").waitFor();
	// What is on the page is asked for once, and nothing else is.
	expect(asked.sort()).toEqual([
		"Postroom.FindUsers",
		"Postroom.ListRegions",
		"Postroom.WhoAmI",
		"WorkMailService.DescribeOrganization",
	]);
	await axe(page);
	await shot(page, "many-users");
	await page.setViewportSize({ width: 1600, height: 900 });
	await page.screenshot({ path: "shots/many-users.1600.png" });
	await page.setViewportSize({ width: 360, height: 740 });
	await axe(page);
	// Nothing but the table scrolls sideways.
	await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test("filters, sorting and pages of 20,000, which a link and a reload keep", async () => {
	const page = await opened("users");
	await link(page, "alice").waitFor();
	for (const [filter, item, value] of [
		["Any state", "Enabled", { States: ["ENABLED"] }],
		["Any state", "Disabled", { States: ["DISABLED"] }],
		["Any role", "System user", { Roles: ["SYSTEM_USER"] }],
		["Any role", "Remote user", { Roles: ["REMOTE_USER"] }],
	] as const) {
		await page.getByRole("button", { name: filter }).click();
		await page.getByRole("menuitemcheckbox", { name: item, exact: true }).click();
		await page.keyboard.press("Escape");
		await heading(page, await count(value as never)).waitFor();
		expect(new URL(page.url()).search).toMatch(/^\?(state|role)=[A-Z_]+$/);
		await page.getByRole("button", { name: `${filter === "Any state" ? "State" : "Role"}: ${item}` }).click();
		await page.getByRole("menuitemcheckbox", { name: item, exact: true }).click();
		await page.keyboard.press("Escape");
		await heading(page, "20,000").waitFor();
	}

	// Each order, upwards from its first page and downwards to its last: the same user.
	for (const [column, sort] of [
		["User name", "NAME"],
		["Display name", "DISPLAY_NAME"],
		["Primary email address", "EMAIL"],
		["State", "STATE"],
	] as const) {
		const header = page.getByRole("button", { name: column, exact: true });
		if (sort !== "NAME") await header.press("Enter");
		await expect.poll(() => new URL(page.url()).searchParams.get("sort") ?? "NAME").toBe(sort);
		const upwards = await w.api("FindUsers", { OrganizationId: org(), SortBy: sort, MaxResults: 25 });
		const top = upwards.Users?.[0]?.Name ?? "";
		await expect.poll(() => names(page)).toEqual(upwards.Users?.map((u) => u.Name));
		await header.press("Enter");
		await expect.poll(() => new URL(page.url()).searchParams.get("sort") ?? "").toBe(`-${sort}`);
		await expect.poll(async () => (await names(page))[0]).not.toBe(top);
		await page.getByRole("button", { name: "Page 800" }).click();
		await expect.poll(async () => (await names(page)).at(-1)).toBe(top);
		await expect.poll(() => names(page)).toHaveLength(25);
	}
	await page.goto(w.at("users?sort=ENABLED_DATE&page=800"));
	await expect.poll(() => page.getByRole("row").count()).toBe(26);

	// Words of a name or of a display name, of a display name, of an alias; then the link of it in a new window.
	const search = page.getByRole("main").getByPlaceholder("Start of a name or address");
	await page.goto(w.at("users"));
	await search.fill("sales.001");
	await page
		.getByText(`${await count({ Query: "sales.001" })} matches`)
		.first()
		.waitFor();
	expect((await names(page)).filter((name) => name?.startsWith("sales.001"))).toHaveLength(10);
	await search.fill("newcomer 11");
	await page.getByText("10 matches").first().waitFor();
	await link(page, "new110").waitFor();
	await search.fill("alias.00014");
	await row(page, "lab.00014").or(row(page, "north.00014")).first().waitFor();
	await expect.poll(() => names(page)).toHaveLength(1);
	await page.goto(w.at("users?q=east&state=ENABLED&role=USER&sort=-EMAIL&page=3"));
	await page
		.getByText(/1,[0-9]{3} matches/)
		.first()
		.waitFor();
	const third = await names(page);
	expect(third).toHaveLength(25);
	expect(third).toEqual([...third].sort().reverse());
	await page.reload();
	await expect.poll(() => names(page)).toEqual(third);

	// The size of a page is kept, and the last page then is another.
	await page.goto(w.at("users"));
	await page.getByRole("button", { name: "Preferences" }).click();
	const preferences = page.getByRole("dialog", { name: "Preferences" });
	await preferences.getByText("100 rows").click();
	await preferences.getByRole("button", { name: "Confirm" }).click();
	await expect.poll(() => page.getByRole("row").count()).toBe(101);
	await page.goto(w.at("users?page=200"));
	await expect.poll(() => page.getByRole("row").count()).toBe(101);
	await axe(page);
	await page.evaluate(() => localStorage.clear());
});

test("the directory's own accounts are shown, and nothing of them changes", async () => {
	const page = await opened("users?role=SYSTEM_USER");
	await row(page, "Administrator").getByText("System user").waitFor();
	await expect
		.poll(() => names(page))
		.toEqual(expect.arrayContaining(["Administrator", "Guest", "krbtgt", "svc-sql$"]));
	await page.getByRole("checkbox", { name: "Select krbtgt" }).check();
	const fixed = "A system user is an account of the directory itself: change it in the directory";
	const greyed = async (name: string, why: string) => {
		const button = page.getByRole("button", { name, exact: true });
		await expect.poll(() => button.getAttribute("aria-disabled")).toBe("true");
		await button.focus();
		await page.getByText(why).filter({ visible: true }).first().waitFor();
	};
	for (const name of ["Enable user", "Disable user", "Reset password"]) await greyed(name, fixed);
	await page.getByRole("heading", { level: 1 }).first().click(); // takes the reason away
	await axe(page);
	await page.getByRole("button", { name: "Actions" }).click();
	const remove = page.getByRole("menuitem", { name: "Delete user" });
	await expect.poll(() => remove.getAttribute("aria-disabled")).toBe("true");
	await shot(page, "many-system-users");
	await page.keyboard.press("Escape");

	await link(page, "krbtgt").click();
	await page.getByRole("heading", { name: "krbtgt" }).first().waitFor();
	await page.getByText("System user", { exact: true }).first().waitFor();
	for (const name of ["Enable", "Disable", "Reset password", "Delete", "Edit"])
		await greyed(name, "An account of the directory itself: it cannot be changed here.");
	await page.getByRole("heading", { level: 1 }).first().click();
	await axe(page);
	await shot(page, "many-system-user");
	// Nor by an address that asks for it.
	for (const query of ["edit=details", "do=delete"]) {
		await page.goto(`${page.url().split("?")[0]}?${query}`);
		await page.getByRole("heading", { name: "krbtgt" }).first().waitFor();
		await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
		await expect.poll(() => page.getByRole("dialog").filter({ visible: true }).count()).toBe(0);
	}

	const OrganizationId = org();
	const { UserId = "" } = await w.api("DescribeUser", { OrganizationId, UserId: "krbtgt" });
	for (const change of [
		() => w.api("RegisterToWorkMail", { OrganizationId, EntityId: UserId, Email: `krbtgt@${domain()}` }),
		() => w.api("UpdateUser", { OrganizationId, UserId, DisplayName: "x" }),
		() => w.api("ResetPassword", { OrganizationId, UserId, Password: "Correct-Horse-7" }),
		() => w.api("DeleteUser", { OrganizationId, UserId }),
	])
		await expect(change()).rejects.toThrow("krbtgt is an account of the directory itself and cannot be changed here");
});

test("100 users at once are enabled with proposed addresses and disabled", async () => {
	const page = await opened("users?q=newcomer");
	await page.getByText("120 matches").first().waitFor();
	await page.evaluate(() => {
		const who = localStorage.getItem("postroom-administrator");
		localStorage.setItem(`postroom.${who}.list.users`, JSON.stringify({ size: 100, wrap: false }));
	});
	await page.reload();
	await page.getByText("120 matches").first().waitFor();
	await selectAll(page);
	await page.getByRole("heading", { name: "Users (100/20,000)" }).filter({ visible: true }).waitFor();
	await page.getByRole("button", { name: "Enable user" }).click();
	const dialog = page.getByRole("dialog", { name: "Enable 100 users" });
	// Every tenth address is an alias of somebody else, which is told before anything is done.
	await dialog.getByText(/The address new007@.* belongs to the user holder007/).waitFor();
	await expect.poll(() => dialog.getByText(/belongs to the user holder/).count()).toBe(10);
	const go = dialog.getByRole("button", { name: "Enable", exact: true });
	await expect.poll(() => go.isDisabled()).toBe(true);
	await page.screenshot({ path: "shots/many-enable.png" });
	for (let i = 7; i < 100; i += 10) {
		const name = `new${String(i).padStart(3, "0")}`;
		await dialog.getByRole("textbox", { name: `Primary address of ${name}` }).fill(`other.${name}`);
	}
	await expect.poll(() => go.isEnabled()).toBe(true);
	await go.click();
	await page.getByText("100 users were enabled", { exact: false }).waitFor({ timeout: 60_000 });
	await dialog.waitFor({ state: "detached" });
	await row(page, "new007").getByText(`other.new007@${domain()}`).waitFor();
	await row(page, "new099").getByText("Enabled").waitFor();

	await selectAll(page);
	await page.getByRole("button", { name: "Disable user" }).click();
	const disable = page.getByRole("dialog", { name: "Disable 100 users" });
	await disable.getByText("100 users are locked out at once", { exact: false }).waitFor();
	await disable.getByRole("button", { name: "Disable", exact: true }).click();
	await page.getByText("100 users were disabled", { exact: false }).waitFor({ timeout: 60_000 });
	await row(page, "new099").getByText("Disabled").waitFor();
	await page.evaluate(() => localStorage.clear());
});

test("what fits the filter is exported, with how far it is", async () => {
	const page = await opened("users?role=USER");
	const fits = await count({ Roles: ["USER"] });
	await heading(page, fits).waitFor();
	await page.getByRole("button", { name: "Actions" }).click();
	const [download] = await Promise.all([
		page.waitForEvent("download", { timeout: 60_000 }),
		(async () => {
			await page.getByRole("menuitem", { name: "Export to CSV" }).click();
			await page
				.getByText(/Exporting users: [\d,]+ of 1\d,?\d{3}/)
				.first()
				.waitFor();
		})(),
	]);
	const text = await readFile(await download.path(), "utf8");
	await page.getByText(`${fits} users were exported`, { exact: false }).waitFor();
	const lines = text.replace("\ufeff", "").trimEnd().split("\r\n");
	expect(lines).toHaveLength(Number(fits.replaceAll(",", "")) + 1);
	expect(new Set(lines).size).toBe(lines.length);
	expect(text).toContain("'=1+1");
	expect(text).not.toMatch(/SYSTEM_USER|REMOTE_USER/);
});

test("strange names are text wherever they are shown", async () => {
	const OrganizationId = org();
	// Markup, right to left, letters and faces beyond the first plane, and the longest there can be.
	const people = await Promise.all(
		["00", "02", "04", "07", "09"].map((n) => w.api("DescribeUser", { OrganizationId, UserId: `strange${n}` })),
	);
	const shown = people.map((p) => p.DisplayName ?? "");
	const group = "<b>Größe</b> & Maß";
	const owner = people[0]?.UserId ?? "";
	const { GroupId = "" } = await w.api("CreateGroup", { OrganizationId, Name: group });
	for (const { UserId = "" } of people) {
		await w.api("AssociateMemberToGroup", { OrganizationId, GroupId, MemberId: UserId });
		if (UserId !== owner)
			await w.api("PutMailboxPermissions", {
				OrganizationId,
				EntityId: owner,
				GranteeId: UserId,
				PermissionValues: ["SEND_AS"],
			});
	}
	const page = await opened(`users/${owner}`);
	await page.getByRole("heading", { name: "<script>alert(1)</script>" }).first().waitFor();
	await expect.poll(() => page.title()).toContain("<script>alert(1)</script>");
	for (const [path, names] of [
		[`users/${owner}?tab=permissions`, shown.slice(1)],
		[`users/${owner}?tab=groups`, [group]],
		[`groups/${GroupId}?tab=members`, shown],
		[`audit?target=${GroupId}`, [group]],
		[`users/${people[3]?.UserId}`, ["W".repeat(256)]],
	] as const) {
		await page.goto(w.at(path));
		for (const name of names) await page.getByText(name).filter({ visible: true }).first().waitFor();
		await axe(page);
	}
	await page.setViewportSize({ width: 360, height: 740 });
	await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
	await page.screenshot({ path: "shots/many-strange-user.360.png" });
	await page.setViewportSize({ width: 1400, height: 900 });
	const search = page.getByRole("combobox", { name: /^Find users/ });
	for (const { Name = "", DisplayName = "" } of people) {
		await search.fill(Name);
		await page.getByRole("option", { name: DisplayName }).waitFor();
	}
});

test("a group of 3,000 members opens at once, further members come when asked for", async () => {
	const { Groups = [] } = await w.api("FindGroups", { OrganizationId: org(), Query: "big" });
	const page = await opened(`groups/${Groups[0]?.Id}?tab=members`);
	await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(100);
	await page.getByRole("heading", { name: /^Members \(3,?000\)$/ }).waitFor();
	await axe(page);
	await shot(page, "many-members");
	await page
		.getByRole("button", { name: /^Show more/ })
		.last()
		.click();
	await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(200);
	// All of them, as the API pages them.
	const seen = new Set<string>();
	for (let NextToken: string | undefined; ; ) {
		const part = await w.api("ListGroupMembers", {
			OrganizationId: org(),
			GroupId: Groups[0]?.Id ?? "",
			MaxResults: 100,
			NextToken,
		});
		for (const m of part.Members ?? []) seen.add(m.Id ?? "");
		NextToken = part.NextToken;
		if (!NextToken) break;
	}
	expect(seen.size).toBe(3000);
});

test("anything among 20,000 is found from the bar", async () => {
	const page = await opened("users");
	const search = page.getByRole("combobox", { name: /^Find users/ });
	for (const [typed, option] of [
		["south.1234", /south\.1234/],
		["room399", /room399/],
		["innermost", /innermost/],
		["alias.00014", /@/],
	] as const) {
		await search.fill(typed);
		await page.getByRole("option", { name: option }).first().waitFor();
	}
});

test("one user among 20,000: created, edited, given an address and a password, disabled, deleted", async () => {
	const page = await opened("users");
	const button = (name: string) => page.getByRole("button", { name, exact: true });
	const said = (text: string | RegExp) => page.getByText(text).first().waitFor();
	const dialog = page.getByRole("dialog");
	const confirm = (name: string) => dialog.getByRole("button", { name, exact: true }).click();
	await button("Create user").click();
	await page.getByLabel("User name").fill("zoe.last");
	await page.getByLabel("Display name").fill("Zoe Last");
	await button("Next").click();
	await page.getByText("This address is free").waitFor();
	await page.getByLabel("Password", { exact: true }).fill("Correct-Horse-7");
	await page.getByLabel("Repeat password").fill("Correct-Horse-7");
	await button("Add user").click();
	await page.getByRole("heading", { name: "zoe.last was created" }).waitFor();
	await button("Open the user").click();

	await button("Edit").click();
	await page.getByLabel("City").fill("Linz");
	await button("Save").click();
	await said("The details of Zoe Last are saved");
	await button("Add email address").click();
	const address = page.getByRole("textbox", { name: "New address", exact: true });
	await address.fill("alias.00014");
	await said(/belongs to the user/);
	await address.fill("zoe");
	await button("Add").click();
	await said(`zoe@${domain()} was added.`);
	await button("Reset password").click();
	await dialog.getByLabel("New password", { exact: true }).fill("Another-Horse-8");
	await dialog.getByLabel("Repeat password").fill("Another-Horse-8");
	await confirm("Reset");
	await dialog.getByText("The password of Zoe Last is reset.").waitFor();
	await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
	expect(await signsIn(w.endpoints, `zoe@${domain()}`, "Another-Horse-8")).toBe(true);

	await button("Disable").click();
	await confirm("Disable");
	await said("Zoe Last is disabled and locked out.");
	await button("Delete").click();
	await page.getByLabel("To confirm, type zoe.last").fill("zoe.last");
	await confirm("Delete");
	await said("Zoe Last is deleted.");
	await heading(page, "20,000").waitFor();
});

test("groups, resources, the audit log, the overview, and what would be lost with 20,000 users", async () => {
	const { UserId = "" } = await w.api("DescribeUser", { OrganizationId: org(), UserId: "south.01237" });
	await w.api("UpdateUser", { OrganizationId: org(), UserId, City: "Linz" });
	const page = await opened("groups");
	await page
		.getByRole("heading", { name: /^Groups \(30[01]\)$/ })
		.filter({ visible: true })
		.waitFor();
	await page.goto(w.at("groups?q=team2&page=4"));
	await link(page, "team295").waitFor();
	await page.goto(w.at("resources?sort=-NAME&page=16"));
	await page.getByRole("heading", { name: "Resources (400)" }).filter({ visible: true }).waitFor();
	await link(page, "room000").waitFor();
	await page.goto(w.at(`audit?operation=UpdateUser&target=${UserId}`));
	await page.getByText("south.01237").first().waitFor();
	await axe(page);

	await page.goto(w.at(""));
	await page.getByRole("heading", { name: "Over time" }).waitFor();
	await axe(page);
	await shot(page, "many-overview");
	await page.getByRole("button", { name: "Delete organization" }).click();
	const dialog = page.getByRole("dialog", { name: `Delete ${w.endpoints.organization.alias}` });
	for (const said of ["20,000 users", /^30[01] groups/, "400 resources"]) await dialog.getByText(said).waitFor();
	await dialog.getByText(/^[\d,]+ mailboxes with/).waitFor();
	await axe(page);
	await shot(page, "many-delete");
	await dialog.getByRole("button", { name: "Cancel" }).click();
	await dialog.waitFor({ state: "detached" });
	await row(page, w.endpoints.organization.alias)
		.getByText(/1\d,\d{3}/)
		.waitFor();
});

test("300 users are imported to 20,000, with how far it is", async () => {
	const page = await opened("users/import");
	// Remote users have no password, which would cost the server time on purpose.
	const lines = ["user_name,display_name,email,password,role"];
	for (let i = 100; i < 395; i++) lines.push(`far${i},Far ${i},far${i}@${domain()},,REMOTE_USER`);
	for (let i = 395; i < 400; i++) lines.push(`far${i},Far ${i},far${i}@${domain()},Correct-Horse-7,USER`);
	lines.push("south.01237,Taken,,,REMOTE_USER");
	await page
		.locator('input[type="file"]')
		.setInputFiles({ name: "far.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\r\n")) });
	await page.getByText("300 users can be imported.", { exact: false }).waitFor();
	await page.getByText("The name south.01237 is taken", { exact: false }).first().waitFor();
	await page.getByRole("button", { name: "Import 300 users" }).click();
	await page.getByText(/^[1-9]\d{1,2} of 300$/).waitFor();
	await page.getByRole("heading", { name: "far.csv was imported" }).waitFor();
	await page.getByText("300 users were created.", { exact: false }).first().waitFor();
	expect(await signsIn(w.endpoints, `far399@${domain()}`, "Correct-Horse-7")).toBe(true);
	await page.goto(w.at("users?q=far"));
	await page.getByText("300 matches").first().waitFor();
	await page.goto(w.at("users"));
	await heading(page, "20,300").waitFor();
});

test("by the keyboard alone: from the list to a user and back to the same place", async () => {
	const page = await (await w.context()).newPage();
	await page.goto(w.at("users?q=west"));
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await page
		.getByText(/matches/)
		.first()
		.waitFor();
	const focus = () =>
		page.evaluate(() => {
			const e = document.activeElement as HTMLElement | null;
			return e?.getAttribute("aria-label") || e?.textContent || "";
		});
	const tabTo = async (name: RegExp, most = 80) => {
		for (let i = 0; i < most; i++) {
			await page.keyboard.press("Tab");
			if (name.test(await focus())) return;
		}
		throw new Error(`Tab does not lead to ${name}`);
	};
	await page.evaluate(() => document.body.focus());
	await tabTo(/^Skip/);
	await page.keyboard.press("Enter");
	await tabTo(/^Next page of Users$/);
	const before = (await names(page))[0];
	await page.keyboard.press("Enter");
	await expect.poll(() => new URL(page.url()).searchParams.get("page")).toBe("2");
	await expect.poll(async () => (await names(page))[0]).not.toBe(before);
	const place = page.url();
	const first = (await names(page))[0] ?? "";
	await tabTo(new RegExp(`^${first.replace(".", "\\.")}$`));
	await page.keyboard.press("Enter");
	await page.getByRole("tab", { name: "General" }).waitFor();
	await page.goBack();
	await expect.poll(() => page.url()).toBe(place);
	await link(page, first).waitFor();
});
