/**
 * The five flows of the administrator guide's chapter "Managing user accounts",
 * step by step, each from the console's front door to what the user notices.
 */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, shot, world } from "./harness.ts";
import { deliver, inbox, signsIn, submit } from "./mail.ts";

const w = world();
const good = "Correct-Horse-7";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });
const field = (page: Page, name: string) => page.getByLabel(new RegExp(`^${name}( – optional)?$`));
const row = (page: Page, name: string) => page.getByRole("row").filter({ has: link(page, name) });
const choose = (page: Page, name: string) =>
	page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();

const emailOf = (name: string) => `${name}@${w.endpoints.organization.domain}`;
const letsIn = (name: string, password = good) => signsIn(w.endpoints, emailOf(name), password);

/** Opens the console, signs in, changes the region, and chooses the organization and its users. */
async function users(): Promise<Page> {
	const { region, regions, organization } = w.endpoints;
	const other = regions.find((r) => r !== region) ?? "";
	const page = await w.signedIn(`${other}/organizations`);
	await button(page, other).first().click();
	await page.getByRole("menuitem", { name: region }).click();
	await link(page, organization.alias).click();
	await link(page, "Users").first().click();
	await link(page, "alice").waitFor();
	return page;
}

/** Creates a user by both screens, and goes back to the users. */
async function create(page: Page, first: string, last: string): Promise<string> {
	await button(page, "Create user").click();
	await field(page, "First name").fill(first);
	await field(page, "Last name").fill(last);
	const name = await field(page, "User name").inputValue();
	await button(page, "Next").click();
	await field(page, "Password").fill(good);
	await field(page, "Repeat password").fill(good);
	await button(page, "Add user").click();
	await page.getByRole("heading", { name: `${name} was created` }).waitFor();
	await button(page, "Back to users").click();
	await link(page, name).waitFor();
	return name;
}

/** Opens a user at the General tab, to edit. */
async function edit(page: Page, name: string): Promise<void> {
	await link(page, name).click();
	await page.getByRole("tab", { name: "General", selected: true }).waitFor();
	await button(page, "Edit").click();
}

test("Creating new users", async () => {
	const page = await users();
	await axe(page);
	await shot(page, "users");
	await button(page, "Create user").click();

	await page.getByRole("heading", { name: "Add the details for your new user" }).waitFor();
	await field(page, "First name").fill("Ada");
	await field(page, "Last name").fill("Byron");
	await expect.poll(() => field(page, "Display name").inputValue()).toBe("Ada Byron");
	await expect.poll(() => field(page, "User name").inputValue()).toBe("ada.byron");
	// The proposal has the letters that addresses have, and ends where a name is typed.
	await field(page, "Last name").fill("Łößér");
	await expect.poll(() => field(page, "User name").inputValue()).toBe("ada.losser");
	await field(page, "User name").fill("ada.b");
	await field(page, "Last name").fill("Byron");
	await expect.poll(() => field(page, "User name").inputValue()).toBe("ada.b");
	await field(page, "User name").fill("ada.byron");
	await axe(page);
	await shot(page, "users-new-details");
	await button(page, "Next").click();

	await page.getByRole("heading", { name: "Set up email address and password" }).waitFor();
	await expect.poll(() => page.getByRole("textbox", { name: "Email address" }).inputValue()).toBe("ada.byron");
	await page.getByText("This address is free").waitFor();
	await field(page, "Password").fill(good);
	await field(page, "Repeat password").fill(good);
	await axe(page);
	await shot(page, "users-new-address");
	await button(page, "Add user").dblclick();

	await page.getByRole("heading", { name: "ada.byron was created" }).waitFor();
	await page.locator("h1:focus").waitFor();
	await page.getByText("Incoming mail (IMAP)").first().waitFor();
	await button(page, "Copy the settings").waitFor();
	await axe(page);
	await shot(page, "users-new-result");
	// The password is there once, to be handed over, and nowhere in what stays.
	await page.getByText(good, { exact: true }).waitFor();
	await page.getByRole("button", { name: /copy.*password/i }).waitFor();
	expect(page.url()).not.toContain(good);
	await expect
		.poll(() => page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }])))
		.not.toContain(good);
	expect(await letsIn("ada.byron")).toBe(true);
	expect(await letsIn("ada.byron", `${good}x`)).toBe(false);

	// The settings stay over a reload, and no form is sent again by the back button.
	await page.reload();
	await page.getByRole("heading", { name: "ada.byron was created" }).waitFor();
	await page.getByText("The password was shown once", { exact: false }).waitFor();
	await expect.poll(() => page.getByText(good).count()).toBe(0);
	await button(page, "Open the user").click();
	await page.getByRole("heading", { name: "Ada Byron" }).first().waitFor();
	await page.goBack();
	await page.getByRole("heading", { name: "ada.byron was created" }).waitFor();
	await page.goBack();
	await page.goto(w.at("users?q=ada"));
	await row(page, "ada.byron").getByText("Enabled").waitFor();
	await expect.poll(() => page.getByRole("row").count()).toBe(2);
});

test("Enabling existing users", async () => {
	const page = await users();
	const names = [await create(page, "Ben", "Ames"), await create(page, "Bea", "Bond")];
	for (const name of names) await choose(page, name);
	await button(page, "Disable user").click();
	await page.getByRole("dialog").getByRole("button", { name: "Disable", exact: true }).click();
	await page.getByText("2 users were disabled", { exact: false }).waitFor();
	for (const name of names) expect(await letsIn(name)).toBe(false);

	await button(page, "Any state").click();
	await page.getByRole("menuitemcheckbox", { name: "Disabled" }).click();
	await page.keyboard.press("Escape");
	await link(page, "alice").waitFor({ state: "detached" });
	for (const name of names) await choose(page, name);
	await button(page, "Enable user").click();

	const dialog = page.getByRole("dialog", { name: "Enable 2 users" });
	const address = (name: string) => dialog.getByRole("textbox", { name: `Primary address of ${name}` });
	for (const name of names) await expect.poll(() => address(name).inputValue()).toBe(name);
	await address("bea.bond").fill("bea");
	await axe(page);
	await shot(page, "users-enable");
	await dialog.getByRole("button", { name: "Enable", exact: true }).and(page.locator(":enabled")).click();
	await dialog.waitFor({ state: "detached" });
	await page.getByText("2 users were enabled", { exact: false }).waitFor();
	for (const name of ["ben.ames", "bea"]) expect(await letsIn(name)).toBe(true);
});

test("Editing user email addresses", async () => {
	const page = await users();
	const name = await create(page, "Cleo", "Cole");
	await edit(page, name);
	await button(page, "Add email address").click();
	await page.getByRole("textbox", { name: "New address", exact: true }).fill("cleo");
	await page.getByText("This address is free").waitFor();
	await axe(page);
	await shot(page, "user-add-address");
	await button(page, "Add").click();
	await page.getByText(`${emailOf("cleo")} was added.`).waitFor();
	await button(page, `Set as default: ${emailOf("cleo")}`).click();
	await page.getByText(`${emailOf("cleo")} is the default address now.`).waitFor();

	const user = { email: emailOf("cleo"), password: good };
	const gets = (to: string) => deliver(w.endpoints.smtp, [emailOf(to)], `to ${to}`);
	const sends = (from: string) =>
		submit(w.endpoints, user, { from: emailOf(from), to: emailOf("alice"), subject: `from ${from}` });
	for (const address of ["cleo", name]) {
		expect(await gets(address)).toEqual([expect.stringMatching(/^250/)]);
		expect(await inbox(w.endpoints, user, `to ${address}`)).toBe(1);
		expect(await sends(address)).toMatch(/^250/);
	}

	await button(page, `Remove ${emailOf(name)}`).click();
	await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
	await page.getByText(`${emailOf(name)} was removed.`).waitFor();
	expect(await gets(name)).toEqual([expect.stringMatching(/^550/)]);
	expect(await sends(name)).toMatch(/^5/);
	expect(await letsIn("cleo")).toBe(true);
});

test("Editing user details", async () => {
	const page = await users();
	const name = await create(page, "Dora", "Dean");
	await link(page, name).click();
	await page.getByRole("heading", { name: "Dora Dean", level: 1 }).waitFor();
	await axe(page);
	await shot(page, "user-general");
	await button(page, "Edit").click();
	const typed = {
		"Display name": '<script>alert("x")</script> שלום 🦊',
		"First name": "Dorothea",
		"Last name": "D".repeat(256),
		Initials: "DD",
		Phone: "+43 1 234",
		Company: "Acme",
		Department: "Research",
		"Job title": "Engineer",
		Office: "2.14",
		Street: "High Street 1",
		City: "Vienna",
		"Zip code": "1010",
		Country: "Austria",
	};
	for (const [label, text] of Object.entries(typed)) await field(page, label).fill(text);
	await page.getByLabel("Show in the address list").uncheck();
	await axe(page);
	await shot(page, "user-edit");
	await button(page, "Save").click();
	await page.getByText(/The details of .* are saved/).waitFor();

	// A reload and a deep link show the same, and so does the API.
	await page.reload();
	await page.getByRole("heading", { name: typed["Display name"], level: 1 }).waitFor();
	await page.getByText("High Street 1").waitFor();
	const { id } = w.endpoints.organization;
	expect(await w.api("DescribeUser", { OrganizationId: id, UserId: name })).toMatchObject({
		DisplayName: typed["Display name"],
		FirstName: "Dorothea",
		LastName: "D".repeat(256),
		Initials: "DD",
		Telephone: "+43 1 234",
		Company: "Acme",
		Department: "Research",
		JobTitle: "Engineer",
		Office: "2.14",
		Street: "High Street 1",
		City: "Vienna",
		ZipCode: "1010",
		Country: "Austria",
		HiddenFromGlobalAddressList: true,
	});
	expect(await letsIn(name)).toBe(true);
});

test("Resetting user passwords", async () => {
	const page = await users();
	const name = await create(page, "Emil", "Egon");
	expect(await letsIn(name)).toBe(true);
	await choose(page, name);
	await button(page, "Reset password").click();
	const dialog = page.getByRole("dialog", { name: "Reset password" });
	const password = dialog.getByLabel("New password");
	const reset = dialog.getByRole("button", { name: "Reset", exact: true });
	await reset.click();
	await dialog.getByText("At least 8 characters").first().waitFor();
	await axe(page);
	await shot(page, "users-reset");

	// The directory's own words, where it refuses what the page let through: the call is made weaker on its way.
	await page.route("**/", (route) => {
		const body = route.request().postData() ?? "";
		void route.continue(
			body.includes("Passes-the-page-1") ? { postData: body.replace("Passes-the-page-1", "weak") } : {},
		);
	});
	await password.fill("Passes-the-page-1");
	await dialog.getByLabel("Repeat password").fill("Passes-the-page-1");
	await reset.click();
	await dialog.getByText("The directory refused: A password has at least 8 characters.").waitFor();
	await dialog.getByText("Check that the password meets the directory's policy", { exact: false }).waitFor();
	await expect.poll(() => password.inputValue()).toBe("Passes-the-page-1");
	await page.unroute("**/");

	await password.fill("Another-Horse-8");
	await dialog.getByLabel("Repeat password").fill("Another-Horse-8");
	await reset.click();
	await dialog.getByText(`The password of ${name} was reset.`).waitFor();
	await dialog.getByText("Another-Horse-8", { exact: true }).waitFor();
	await axe(page);
	await shot(page, "users-reset-done");
	await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
	await dialog.waitFor({ state: "detached" });
	expect(await letsIn(name, "Another-Horse-8")).toBe(true);
	expect(await letsIn(name)).toBe(false);
});
