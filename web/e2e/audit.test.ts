import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { axe, shot, signIn, world } from "./harness.ts";

const w = world();

test("the audit log of an organization is filtered, paged, opened by its address and exported", async () => {
	const OrganizationId = w.endpoints.organization.id;
	for (let i = 0; i < 60; i++) await w.api("CreateGroup", { OrganizationId, Name: `team-${i}` });
	await w.api("CreateGroup", { OrganizationId, Name: "team-0" }).catch(() => undefined);
	await w.api("AssociateMemberToGroup", { OrganizationId, GroupId: "team-1", MemberId: "alice" });
	const page = await w.signedIn(w.at("audit?reads=shown"), { acceptDownloads: true });
	const table = page.getByRole("table", { name: "Audit log" });
	await table.getByRole("cell", { name: "CreateGroup" }).first().waitFor();
	// Reads are left out at first, and a change of members says who.
	await page.goto(w.at("audit"));
	await table.getByText("member", { exact: false }).first().waitFor();
	await expect.poll(() => table.getByRole("cell", { name: /^(List|Describe|Find)/ }).count()).toBe(0);
	await table.getByText("Refused: NameAvailabilityException").waitFor();
	await axe(page);
	await shot(page, "audit");
	await page.getByRole("checkbox", { name: "Leave out reads" }).uncheck();
	await page.waitForURL(/reads=shown/);

	const operation = page.getByLabel("Operation", { exact: true });
	await operation.fill("CreateGroup");
	await page.keyboard.press("Escape");
	await page.keyboard.press("Enter");
	await page.waitForURL(/operation=CreateGroup/);
	await table.getByText("Refused: NameAvailabilityException").waitFor();
	await page.getByText("50 records shown").waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Previous page" }).isDisabled()).toBe(true);
	await page.getByRole("button", { name: "Next page" }).click();
	await page.getByText("11 records shown").waitFor();
	await page.reload();
	await page.getByText("11 records shown").waitFor();
	await page.getByRole("button", { name: "Previous page" }).click();
	await page.getByText("50 records shown").waitFor();

	// A record has an address of its own, also where the list does not show it.
	await table
		.getByRole("link", { name: /^Details of CreateGroup/ })
		.first()
		.click();
	const dialog = page.getByRole("dialog", { name: "CreateGroup" });
	await dialog.getByText("WorkMailService.CreateGroup").waitFor();
	await axe(page);
	await shot(page, "audit-record");
	const record = new URL(page.url()).searchParams.get("record");
	await page.goto(`${w.at("audit")}?record=${record}&operation=CreateResource`);
	await page.getByRole("dialog", { name: "CreateGroup" }).getByText("WorkMailService.CreateGroup").waitFor();
	await page.keyboard.press("Escape");
	await page.getByText("No record fits the filter.").waitFor();
	await page.goto(`${w.at("audit")}?record=00000000000000000000000000000000`);
	await page.getByText("There is no such record, or you may not see it.").waitFor();

	// Filters by who and about what, by keyboard alone.
	await page.goto(w.at("audit"));
	await page.getByLabel("Who", { exact: true }).fill("nobody");
	await page.keyboard.press("Enter");
	await page.getByText("No record fits the filter.").waitFor();
	await page.getByRole("button", { name: "Clear filters" }).last().click();
	await page.getByLabel("About", { exact: true }).fill("team-7");
	await page.keyboard.press("Enter");
	await page.getByText("1 record shown").waitFor();
	// A name that no operation of the API has is one to look for; what can be none is told, and changes nothing.
	await page.goto(w.at("audit"));
	await operation.fill("CheckMailDomain");
	await page.keyboard.press("Enter");
	await page.waitForURL(/operation=CheckMailDomain/);
	await page.getByText("No record fits the filter.").waitFor();
	await operation.fill("Create User");
	await page.keyboard.press("Escape");
	await page.keyboard.press("Tab");
	await page.getByText("The name of an operation has up to 64 letters and digits").waitFor();
	await expect.poll(() => page.url()).toContain("operation=CheckMailDomain");
	await page.goto(`${w.at("audit")}?operation=CreateGroup`);
	await page.getByRole("button", { name: "Next page" }).click();
	await page.waitForURL(/from=/);
	await operation.fill("Create Group");
	await page.keyboard.press("Escape");
	await page.getByLabel("Who", { exact: true }).click();
	await page.getByText("11 records shown").waitFor();
	await expect.poll(() => page.url()).toContain("from=");
	// A proposal is taken as it is, not as far as it was typed.
	await page.goto(w.at("audit"));
	await operation.pressSequentially("AssociateMemberToG");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await page.waitForURL(/operation=AssociateMemberToGroup/);
	await page.getByText("1 record shown").waitFor();
	await page.goto(`${w.at("audit")}?time=1-hour&actor=${w.endpoints.admin.username}&operation=CreateGroup`);
	await page.getByText("50 records shown").waitFor();
	await page.goto(`${w.at("audit")}?time=2020-01-01T00:00:00Z/2020-01-02T00:00:00Z`);
	await page.getByText("No record fits the filter.").waitFor();

	// What table programs would take for a formula is harmless in the file.
	await w.api("CreateGroup", { OrganizationId, Name: "=1+1" });
	await page.goto(`${w.at("audit")}?target=${encodeURIComponent("=1+1")}`);
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		(async () => {
			await page.getByText("1 record shown").waitFor();
			await page.getByRole("button", { name: "Export CSV" }).click();
		})(),
	]);
	expect(download.suggestedFilename()).toMatch(/^audit-log-\d{4}-\d\d-\d\d\.csv$/);
	const csv = readFileSync(await download.path(), "utf8");
	expect(csv).toContain("time,actor,operation,target,target_name,outcome");
	expect(csv).toContain(",'=1+1,");
	expect(csv).not.toContain(",=1+1");
});

test("changes alone, and all pages of a filter in one file", async () => {
	const OrganizationId = w.endpoints.organization.id;
	const page = await w.signedIn(`${w.at("audit")}?operation=ListAuditRecords&reads=shown`, { acceptDownloads: true });
	const table = page.getByRole("table", { name: "Audit log" });
	await expect
		.poll(async () => {
			await page.getByRole("button", { name: "Refresh" }).click();
			return table.getByRole("cell", { name: "ListAuditRecords" }).count();
		})
		.toBeGreaterThan(0);
	await page.getByRole("checkbox", { name: "Leave out reads" }).check();
	await page.waitForURL((url) => !url.searchParams.has("reads"));
	await page.getByText("No record fits the filter.").waitFor();
	await axe(page);
	await page.reload();
	await page.getByText("No record fits the filter.").waitFor();
	await expect.poll(() => page.getByRole("checkbox", { name: "Leave out reads" }).isChecked()).toBe(true);

	// Sixty groups were made above, and one was refused: that belongs to what was done too.
	await page.goto(`${w.at("audit")}?operation=CreateGroup`);
	await page.getByText("50 records shown").waitFor();
	await shot(page, "audit-changes");
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Export CSV" }).click(),
	]);
	const lines = readFileSync(await download.path(), "utf8")
		.trim()
		.split(/\r?\n/);
	expect(lines.length).toBe(63);
	expect(lines.slice(1).every((l) => l.includes("WorkMailService.CreateGroup"))).toBe(true);
	expect(lines.filter((l) => l.includes("REFUSED,NameAvailabilityException")).length).toBe(1);
	await page.getByText("62 records were exported.").waitFor();

	// An export that takes long says how far it is, and is stopped; the list goes on.
	for (let i = 0; i < 50; i++) await w.api("CreateGroup", { OrganizationId, Name: `more-${i}` });
	await page.goto(w.at("audit"));
	await page.getByText("50 records shown").waitFor();
	let second: (() => void) | undefined;
	await page.route("**/", async (route) => {
		const body = route.request().postData() ?? "";
		if (body.includes('"MaxResults":100') && body.includes("NextToken"))
			await new Promise<void>((go) => {
				second = go;
			});
		await route.continue().catch(() => undefined);
	});
	await page.getByRole("button", { name: "Export CSV" }).click();
	await page.getByText("100 records read").waitFor();
	await axe(page);
	await shot(page, "audit-export");
	await page.getByRole("button", { name: "Stop the export" }).click();
	await page.getByText("The export was stopped. No file was made.").waitFor();
	second?.();
	await page.unroute("**/");
	await expect.poll(() => page.getByRole("button", { name: "Export CSV" }).isEnabled()).toBe(true);
});

test("a session that ends during an export leads to the sign-in", async () => {
	const page = await w.signedIn(w.at("audit"));
	await page.getByText(/records? shown/).waitFor();
	await page.context().clearCookies();
	await page.getByRole("button", { name: "Export CSV" }).click();
	await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
});

test("on a phone the filters are folded, and say how many there are", async () => {
	const page = await w.signedIn(w.at("audit"));
	await page.setViewportSize({ width: 360, height: 740 });
	const folded = page.getByRole("button", { name: "Filters", exact: true });
	await folded.waitFor();
	await expect.poll(() => page.getByLabel("Who", { exact: true }).isVisible()).toBe(false);
	await axe(page);
	await folded.click();
	await page.getByLabel("Who", { exact: true }).fill("nobody");
	await page.keyboard.press("Enter");
	await page.getByRole("button", { name: "Filters (1)" }).waitFor();
	await page.getByText("No record fits the filter.").waitFor();
	await axe(page);
});

test("the deployment has a log of its own", async () => {
	const page = await w.signedIn(`${w.endpoints.region}/audit`);
	const table = page.getByRole("table", { name: "Audit log of the deployment" });
	await table.getByRole("cell", { name: "SignIn" }).first().waitFor();
	// A sign-in that failed is there without a question for it.
	const { username } = w.endpoints.admin;
	await w.api("SignIn", { Username: username, Password: "not this" }).catch(() => undefined);
	await expect
		.poll(async () => {
			await page.getByRole("button", { name: "Refresh" }).click();
			return table.getByText("Refused", { exact: false }).count();
		})
		.toBeGreaterThan(0);
	await axe(page);
	await shot(page, "audit-deployment");
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/audit?from=nonsense`); // no page of this list: the newest
	await table.getByRole("cell", { name: "SignIn" }).first().waitFor();
});

test("who has chosen organizations only is not led to the log of the deployment", async () => {
	const password = "Only-some-of-it-1";
	const made = await w.api("CreateAdministrator", {
		Name: "chosen",
		Password: password,
		Role: "READ_ONLY",
		Organizations: [w.endpoints.organization.id],
	});
	expect(made.AdministratorId).toBeTruthy();
	const page = await (await w.context()).newPage();
	await page.goto(w.at("audit"));
	await signIn(page, "chosen", password);
	await page.getByRole("table", { name: "Audit log" }).waitFor();
	await expect.poll(() => page.getByRole("link", { name: "Audit log of the deployment" }).count()).toBe(0);
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/audit`);
	await page
		.getByRole("heading", { name: "The audit log of the deployment is for administrators of all organizations" })
		.waitFor();
	await axe(page);
});
