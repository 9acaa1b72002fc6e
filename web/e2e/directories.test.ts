import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axe, shot, world } from "./harness.ts";
import { deliver, inbox } from "./mail.ts";
import { samba } from "./samba.ts";

/** What the Active Directory asks beyond length and kinds of characters. */
const scripts = mkdtempSync(join(tmpdir(), "postroom-policy-"));
const script = join(scripts, "check");
writeFileSync(script, '#!/bin/sh\nread -r p\ncase "$p" in *Forbidden*) exit 1 ;; esac\nexit 0\n');
chmodSync(script, 0o755);

const ad = samba(() => [`check password script=${script}`]);
const w = world();
const good = "Sesame-Mail-1";
const going = ["ada.grey", "ben.holt", "eva.moor", "paul.brook", "sara.lane", "tom.ford"];
const people = ["mia.stone", "noah.reed", "lena.hall", "omar.west", "ida.field", ...going];

const title = (name: string) =>
	name
		.split(".")
		.map((part) => part[0]?.toUpperCase() + part.slice(1))
		.join(" ");

beforeAll(async () => {
	for (const name of people) {
		const [first = "", last = ""] = title(name).split(" ");
		await ad.tool("user", "create", name, good, "--userou=OU=Mail", `--given-name=${first}`, `--surname=${last}`);
	}
	await ad.tool("group", "add", "staff", "--groupou=OU=Mail");
	await ad.tool("group", "addmembers", "staff", "mia.stone,noah.reed");
}, 120_000);
afterAll(() => rmSync(scripts, { recursive: true, force: true }));

const seen = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first().waitFor();
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).first().click();

/** That something is said of the directory that is chosen, at its field. */
async function saidOf(page: Page, directory: RegExp, says: RegExp): Promise<void> {
	await page.getByText(says).first().waitFor({ timeout: 60_000 });
	const ids = await page.getByRole("button", { name: directory }).first().getAttribute("aria-describedby");
	const texts = (ids ?? "").split(" ").map((id) => page.locator(`[id="${id}"]`).textContent());
	expect((await Promise.all(texts)).join(" ")).toMatch(says);
}

/** Fills in how the domain controller is reached. */
async function fillIn(page: Page, with_: { account: string; secret?: string; ca?: string }): Promise<void> {
	await field(page, "Servers").fill(ad.address);
	await page.getByRole("textbox", { name: "CA certificate – optional" }).fill(with_.ca ?? ad.ca);
	await field(page, "Service account").fill(with_.account);
	await field(page, "Password of the account").fill(with_.secret ?? ad.password);
	await field(page, "Base DN").fill(ad.ou);
}

let org = "";
let directory = "";
const orgAt = (path = "") => `${w.endpoints.console}${w.endpoints.region}/o/${org}${path ? `/${path}` : ""}`;
const at = (path: string) => `${w.endpoints.console}${w.endpoints.region}/${path}`;
const emailOf = (name: string) => `${name}@corp.${w.endpoints.organization.domain.replace(/^[^.]+\./, "")}`;

test("a directory is tested until it works, then registered", async () => {
	const page = await w.signedIn(`${w.endpoints.region}/directories`);
	await page.getByRole("link", { name: "Directories" }).first().waitFor();
	await press(page, "Register directory");

	// What is missing is said at its field, and nothing is asked.
	await press(page, "Test");
	await seen(page, "Enter a server");
	await seen(page, "Enter the password of the account");
	await axe(page);

	await fillIn(page, { account: ad.writer, ca: readFileSync(w.endpoints.ca_file, "utf8") });
	await field(page, "Alias").fill("corp");
	await press(page, "Test");
	await seen(page, "The directory cannot be used with these settings.");
	await seen(page, /Give the certificate of the CA that signed the server's/);

	// A reload keeps what was typed, but for the secret.
	page.once("dialog", (d) => void d.accept());
	await page.reload();
	await expect.poll(() => field(page, "Alias").inputValue()).toBe("corp");
	await expect.poll(() => field(page, "Base DN").inputValue()).toBe(ad.ou);
	await expect.poll(() => field(page, "Password of the account").inputValue()).toBe("");

	await fillIn(page, { account: ad.writer, secret: "Wrong-Password-1" });
	await press(page, "Test");
	await seen(page, /name or password is wrong/);
	await seen(page, /set its password again/);
	// What failed is registered only by who says so.
	await press(page, "Register directory");
	const asked = page.getByRole("dialog", { name: "Register corp all the same?" });
	await asked.getByText("The test failed at “Sign in”.", { exact: false }).waitFor();
	await axe(page);
	await shot(page, "directory-register-failed");
	await asked.getByRole("button", { name: "Cancel" }).click();
	await asked.waitFor({ state: "detached" });

	// All that is wrong is said at once, each at its field.
	await field(page, "Servers").fill("no server!");
	await field(page, "Base DN").fill("hello");
	await field(page, "Filter of users – optional").fill("(((");
	await press(page, "Test");
	for (const says of [/is no server/, /is no distinguished name/, /is no LDAP filter/]) {
		await seen(page, says);
		await expect.poll(() => page.getByText(says).filter({ visible: true }).count()).toBe(1);
	}
	await axe(page);
	await field(page, "Filter of users – optional").fill("");

	// StartTLS, and the CA's certificate from a file, as Windows saves it.
	await fillIn(page, { account: ad.writer, ca: "" });
	const der = Buffer.from(ad.ca.replace(/-----[^-]+-----/g, ""), "base64");
	await page.locator('input[type="file"]').setInputFiles({ name: "ca.cer", mimeType: "", buffer: der });
	const ca = page.getByRole("textbox", { name: "CA certificate – optional" });
	await expect.poll(() => ca.inputValue()).toContain("-----BEGIN CERTIFICATE-----");
	await page.getByRole("radio", { name: "StartTLS" }).check();
	await press(page, "Test");
	await seen(page, /All steps passed/);

	await page.getByRole("radio", { name: "LDAPS" }).check();
	await seen(page, "You have changed something since.");
	await press(page, "Test");
	await seen(page, /All steps passed/);
	await seen(page, "What would be seen");
	// Ten of them, in the directory's order.
	await page
		.getByRole("table", { name: "What would be seen" })
		.getByText(/^(mia\.stone|noah\.reed|lena\.hall|omar\.west|ida\.field)$/)
		.first()
		.waitFor();
	await expect.poll(() => page.getByText("Failed", { exact: true }).count()).toBe(0);
	await axe(page);
	await shot(page, "directory-register");

	// What is changed afterwards was not tested.
	await field(page, "Filter of users – optional").fill("(description=*)");
	await seen(page, "You have changed something since.");
	await field(page, "Filter of users – optional").fill("");

	await page.getByRole("button", { name: /^Attributes/ }).click();
	await field(page, "Attribute for Office").fill("roomNumber");
	await seen(page, "Preset: physicalDeliveryOfficeName");
	await press(page, "Take the preset for Office");
	await expect.poll(() => field(page, "Attribute for Office").inputValue()).toBe("physicalDeliveryOfficeName");

	await press(page, "Register directory");
	await seen(page, /The directory corp is registered, and its test passed/);
	await page.getByRole("heading", { name: "corp", level: 1 }).waitFor();
	directory = new URL(page.url()).pathname.split("/").pop() ?? "";
	await page.getByText("No organization has this directory yet").waitFor();
	await axe(page);
	await shot(page, "directory-page");
	await page.context().close();
}, 180_000);

test("what is saved is edited against the revision that was seen", async () => {
	const page = await w.signedIn(at(`directories/${directory}`));
	await press(page, "Edit");
	await field(page, "Filter of users – optional").fill("(objectClass=user)");
	const { DirectoryId: _, ...now } = await settings();
	await w.api("UpdateDirectory", { ...now, DirectoryId: directory, GroupFilter: "(objectClass=group)" });
	await press(page, "Save");
	await seen(page, /Someone else has changed this/);
	await expect.poll(() => field(page, "Filter of groups – optional").inputValue()).toBe("(objectClass=group)");
	await expect.poll(() => field(page, "Filter of users – optional").inputValue()).toBe("(objectClass=user)");
	await press(page, "Save");
	await seen(page, "The directory corp was saved.");
	await press(page, "Test");
	await seen(page, /All steps passed/);

	// A server that is new gets no password that was not given for it.
	await press(page, "Edit");
	await field(page, "Servers").fill("127.0.0.1");
	await press(page, "Save");
	await seen(page, /Give the service account's password again/);
	await page.context().close();
}, 120_000);

async function settings() {
	const d = await w.api("DescribeDirectory", { DirectoryId: directory });
	return {
		DirectoryId: directory,
		Servers: d.Servers ?? [],
		Account: d.Account ?? "",
		BaseDn: d.BaseDn ?? "",
		CertificateAuthority: d.CertificateAuthority ?? "",
		UserFilter: d.UserFilter ?? "",
	};
}

test("an organization gets the directory, and its users appear", async () => {
	const page = await w.signedIn(at("organizations/new"));
	await page.getByRole("button", { name: /Postroom's own directory/ }).click();
	await page.getByRole("option", { name: /^corp/ }).click();
	const alias = field(page, "Alias");
	await expect.poll(() => alias.inputValue()).toBe("corp");
	await expect.poll(() => alias.isDisabled()).toBe(true);
	await axe(page);
	await shot(page, "organization-create-directory");

	// That it refuses the account is said at the field, and so is that it does not answer.
	const refused = async (says: RegExp) => {
		await press(page, "Create organization");
		await saidOf(page, /corp/, says);
	};
	const kept = await settings();
	await w.api("UpdateDirectory", { ...kept, Secret: "Wrong-Password-1" });
	await refused(/refuses the service account/);
	await w.api("UpdateDirectory", { ...kept, Secret: ad.password });
	await ad.stop();
	await refused(/directory does not answer/i);
	await ad.start();
	// That it does not answer is remembered for a second.
	await expect
		.poll(
			async () => {
				const create = page.getByRole("button", { name: "Create organization", exact: true });
				if (await create.isVisible()) await create.click({ timeout: 2_000 }).catch(() => undefined);
				return page.getByRole("heading", { name: "corp", level: 1 }).count();
			},
			{ timeout: 60_000, interval: 1_000 },
		)
		.toBe(1);
	org = new URL(page.url()).pathname.split("/")[4] ?? "";
	await page.getByRole("link", { name: new RegExp(`Microsoft AD \\(${directory}\\)`) }).waitFor();
	await page.getByText("Following").waitFor({ timeout: 60_000 });
	await axe(page);
	await shot(page, "overview-directory");
	await page.goto(orgAt("users"));
	for (const name of people) await page.getByRole("link", { name, exact: true }).waitFor();
	await page.goto(at(`directories/${directory}?tab=sync`));
	await page.getByText("Everything was copied completely.").waitFor();
	await press(page, "Look now");
	await seen(page, /The whole directory is being compared/);
	await axe(page);
	await shot(page, "directory-sync");
	// It belongs to somebody now.
	await page.goto(at("directories"));
	await page.getByRole("link", { name: "corp", exact: true }).first().waitFor();
	await axe(page);
	await shot(page, "directories");
	await page.context().close();
}, 180_000);

test("three users are enabled with addresses from their UPN, and one reads mail with the password of the directory", async () => {
	const page = await w.signedIn(orgAt("users"));
	for (const name of people.slice(0, 3)) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
	await press(page, "Enable user");
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: /User name/ }).click();
	await page.getByRole("option", { name: /UPN/ }).click();
	const address = dialog.getByRole("textbox", { name: "Primary address of mia.stone" });
	await address.waitFor();
	await expect.poll(() => address.inputValue()).toBe("mia.stone");
	await axe(page);
	await shot(page, "directory-enable");
	await dialog.getByRole("button", { name: "Enable", exact: true }).click();
	await seen(page, "3 users were enabled.");
	expect(await deliver(w.endpoints.smtp, [emailOf("mia.stone")], "Welcome")).toEqual([expect.stringMatching(/^250/)]);
	expect(await inbox(w.endpoints, { email: emailOf("mia.stone"), password: good }, "Welcome")).toBe(1);
	await page.context().close();
}, 120_000);

test("the directory's rules are shown while a password is typed, and its refusal is said at the field", async () => {
	const page = await w.signedIn(orgAt("users"));
	await page.getByRole("link", { name: "mia.stone", exact: true }).click();
	await press(page, "Reset password");
	const dialog = page.getByRole("dialog");
	await dialog.getByText(/At least 7 characters/).waitFor();
	await dialog.getByLabel("New password", { exact: true }).fill("abc");
	await dialog.getByText("At least 7 characters", { exact: true }).waitFor();
	await dialog.getByLabel("New password", { exact: true }).fill("Forbidden-Word-1");
	await dialog.getByLabel("Repeat password").fill("Forbidden-Word-1");
	await dialog.getByRole("button", { name: "Reset", exact: true }).click();
	await dialog.locator('[aria-invalid="true"]').waitFor();
	await axe(page);
	await shot(page, "directory-password-refused");
	await dialog.getByLabel("New password", { exact: true }).fill("Sesame-Mail-22");
	await dialog.getByLabel("Repeat password").fill("Sesame-Mail-22");
	await dialog.getByRole("button", { name: "Reset", exact: true }).click();
	await dialog.getByText(/is reset/).waitFor();
	await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
	expect(await inbox(w.endpoints, { email: emailOf("mia.stone"), password: "Sesame-Mail-22" }, "Welcome")).toBe(1);

	// Details that are edited here are the directory's.
	await press(page, "Edit");
	await page.getByLabel("Phone", { exact: true }).fill("+49 30 123456");
	await page.getByLabel("Department", { exact: true }).fill("Research");
	await press(page, "Save");
	await seen(page, /The details of .* are saved/);
	const entry = await ad.tool("user", "show", "mia.stone");
	expect(entry).toContain("telephoneNumber: +49 30 123456");
	expect(entry).toContain("department: Research");

	// Disabled there, it is said here.
	await ad.tool("user", "disable", "mia.stone");
	await expect
		.poll(
			async () => {
				await page.reload();
				return page.getByText("This account is disabled in the directory").count();
			},
			{ timeout: 30_000 },
		)
		.toBe(1);
	await expect(
		inbox(w.endpoints, { email: emailOf("mia.stone"), password: "Sesame-Mail-22" }, "Welcome"),
	).rejects.toThrow(/no sign-in/);
	// Deleting is for those who are disabled here.
	await expect
		.poll(() => page.getByRole("button", { name: "Delete", exact: true }).getAttribute("aria-disabled"))
		.toBe("true");
	await axe(page);
	await shot(page, "directory-user-disabled");
	await ad.tool("user", "enable", "mia.stone");
	await page.context().close();
}, 180_000);

test("a new user is made in the directory by its rules", async () => {
	const page = await w.signedIn(orgAt("users/new"));
	await page.getByLabel("First name – optional").fill("Vera");
	await page.getByLabel("Last name – optional").fill("Moss");
	await press(page, "Next");
	await page.getByText(/These are the rules of the directory/).waitFor();
	await page.getByLabel("Password", { exact: true }).fill("Forbidden-Word-1");
	await page.getByLabel("Repeat password").fill("Forbidden-Word-1");
	await press(page, "Add user");
	await page
		.getByText(/password/i)
		.first()
		.waitFor();
	await expect.poll(() => page.locator('[aria-invalid="true"]').count()).toBeGreaterThan(0);
	await page.getByLabel("Password", { exact: true }).fill(good);
	await page.getByLabel("Repeat password").fill(good);
	await press(page, "Add user");
	await page.getByRole("heading", { name: /was created/ }).waitFor();
	expect(await ad.tool("user", "list")).toContain("vera.moss");
	await page.context().close();
}, 120_000);

test("before many users go, an administrator is asked", async () => {
	// All at once: while it does not run, nobody sees one after the other go.
	await ad.stop();
	for (const name of going) await ad.tool("user", "delete", name);
	await ad.start();
	const page = await w.signedIn(at(`directories/${directory}?tab=sync`));
	await page.getByText("6 users are missing in the directory. Let them go?").waitFor({ timeout: 60_000 });
	await seen(page, /Missing: .*tom\.ford/);
	await axe(page);
	await shot(page, "directory-held");
	await page.goto(orgAt());
	await page.getByText("The directory's changes wait for you").waitFor();
	await page.getByRole("link", { name: "See what to do" }).click();
	await press(page, "Let them go");
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("To confirm, type 6").fill("2");
	await dialog.getByRole("button", { name: "Let them go" }).click();
	await dialog.getByText("This is not 6").waitFor();
	await dialog.getByLabel("To confirm, type 6").fill("6");
	await axe(page);
	await dialog.getByRole("button", { name: "Let them go" }).click();
	await seen(page, "6 users and groups are being let go.");
	await page.getByText("Following").first().waitFor({ timeout: 60_000 });
	await page.context().close();
}, 180_000);

test("while the directory does not answer, it is said why and what to do", async () => {
	await ad.stop();
	const page = await w.signedIn(at(`directories/${directory}?tab=sync`));
	await page.getByText("The directory cannot be read").waitFor({ timeout: 60_000 });
	await axe(page);
	await shot(page, "directory-failing");
	await page.goto(orgAt());
	await page.getByRole("link", { name: "See what to do" }).first().waitFor({ timeout: 60_000 });
	await shot(page, "overview-impaired");
	// What was read is still there.
	await page.goto(orgAt("users"));
	await page.getByRole("link", { name: "mia.stone", exact: true }).waitFor();
	await ad.start();
	await page.goto(at(`directories/${directory}?tab=sync`));
	await page.getByText("Following").first().waitFor({ timeout: 90_000 });
	await page.context().close();
}, 240_000);

test("through AD Connector everything is read, and what is the directory's is greyed with the reason", async () => {
	const made = await w.api("RegisterDirectory", {
		Alias: "corp-read",
		Kind: "AD_CONNECTOR",
		Servers: [ad.address],
		CertificateAuthority: ad.ca,
		Account: ad.reader,
		Secret: ad.password,
		BaseDn: ad.ou,
	});
	// Another is faster with the same directory.
	const late = await w.signedIn(at(`organizations/new?directory=${made.DirectoryId}`));
	await late.getByRole("button", { name: /corp-read/ }).waitFor();
	const { OrganizationId = "" } = await w.api("CreateOrganization", {
		Alias: "corp-read",
		DirectoryId: made.DirectoryId ?? "",
	});
	org = OrganizationId;
	await press(late, "Create organization");
	await saidOf(late, /corp-read/, /The directory corp-read belongs to another organization/);
	await late.context().close();
	const why = "This organization's directory is read-only here. Make the change in Active Directory.";
	const page = await w.signedIn(orgAt("users"));
	await expect
		.poll(
			async () => {
				await page.reload();
				return page.getByRole("link", { name: "noah.reed", exact: true }).count();
			},
			{ timeout: 60_000 },
		)
		.toBe(1);
	const greyed = async (name: string) => {
		const button = page.getByRole("button", { name, exact: true }).first();
		await button.waitFor();
		await expect.poll(() => button.getAttribute("aria-disabled"), { message: name }).toBe("true");
		await button.hover();
		await seen(page, why);
		// The hint hangs outside of all landmarks: away with it.
		await page.mouse.move(0, 0);
		await expect.poll(() => page.getByText(why).filter({ visible: true }).count()).toBe(0);
	};
	await greyed("Create user");
	await greyed("Reset password");
	await axe(page);
	await shot(page, "read-only-users");

	// Enabling is ours.
	await page.getByRole("checkbox", { name: "Select noah.reed" }).check();
	await press(page, "Enable user");
	await page.getByRole("dialog").getByRole("textbox", { name: "Primary address of noah.reed" }).waitFor();
	await page.getByRole("dialog").getByRole("button", { name: "Enable", exact: true }).click();
	await seen(page, "noah.reed was enabled.");
	await page.getByRole("link", { name: "noah.reed", exact: true }).click();
	await greyed("Reset password");
	await greyed("Delete");
	await greyed("Edit");
	await axe(page);
	await shot(page, "read-only-user");
	// So are addresses, permissions and quota.
	await press(page, "Add email address");
	await page.getByRole("textbox", { name: "New address", exact: true }).fill("noah");
	await page.getByRole("button", { name: "Add", exact: true }).last().click();
	await page
		.getByText(/was added/)
		.first()
		.waitFor();
	await page.getByRole("tab", { name: "Groups" }).click();
	await greyed("Add to groups");
	await page.getByRole("tab", { name: "Quota" }).click();
	await press(page, "Edit");
	await page.getByRole("dialog").getByLabel("Quota in MB").fill("100");
	await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
	await seen(page, /may hold/);

	await page.goto(orgAt("groups"));
	await greyed("Create group");
	await page.getByRole("link", { name: "staff", exact: true }).click();
	await greyed("Edit");
	await page.getByRole("tab", { name: "Members" }).click();
	await greyed("Add members");
	await axe(page);
	await page.goto(orgAt("users/new"));
	await page.getByText(why).waitFor();
	await page.goto(orgAt("groups/new"));
	await page.getByText(why).waitFor();
	// Resources are ours with every directory.
	await page.goto(orgAt("resources"));
	await press(page, "Add resource");
	await page.getByRole("heading", { name: "Add resource" }).waitFor();
	await page.context().close();
}, 180_000);

test("a directory is deregistered only when no organization has it", async () => {
	const page = await w.signedIn(at(`directories/${directory}`));
	const button = page.getByRole("button", { name: "Deregister", exact: true });
	await button.waitFor();
	await expect.poll(() => button.getAttribute("aria-disabled")).toBe("true");
	const made = await w.api("RegisterDirectory", {
		Alias: "spare",
		Kind: "LDAP",
		Servers: ["ldap.spare.test"],
		Account: "cn=reader,dc=spare,dc=test",
		Secret: "Some-Secret-1",
		BaseDn: "dc=spare,dc=test",
		ReadOnly: true,
	});
	await page.goto(at(`directories/${made.DirectoryId}`));
	await press(page, "Test");
	await seen(page, /has no address/);
	await press(page, "Deregister");
	await page.getByLabel("To confirm, type spare").fill("spare");
	await axe(page);
	await page.getByRole("dialog").getByRole("button", { name: "Deregister" }).click();
	await seen(page, "The directory spare is deregistered.");
	await page.goto(at(`directories/${made.DirectoryId}`));
	await seen(page, "This directory does not exist here");
	await page.context().close();
}, 120_000);
