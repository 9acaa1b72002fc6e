import { expect, test } from "vitest";
import { axe, shot, world } from "./harness.ts";

const w = world();

test("a domain is added, its records copied, checked, and removed", async () => {
	const page = await w.signedIn(w.at("domains"), { permissions: ["clipboard-read", "clipboard-write"] });
	const row = page.getByRole("row", { name: /example\.postroom\.test/ });
	await row.getByText("Verified").waitFor();
	await row.getByText("Default").waitFor();
	await row.getByText("Test domain").waitFor();
	await axe(page);
	await page.getByRole("button", { name: "Add domain" }).first().click();
	const dialog = page.getByRole("dialog", { name: "Add domain" });
	const name = dialog.getByLabel("Domain name");
	await dialog.getByRole("button", { name: "Add domain" }).click();
	await dialog.getByText("Enter a domain name").waitFor();
	for (const [typed, said] of [
		["example", "This is no domain name"],
		["exa mple.com", "This is no domain name"],
		["-a.example", "This is no domain name"],
		[`${"a".repeat(64)}.example`, "This is no domain name"],
		["<b>.example", "This is no domain name"],
		["192.0.2.1", "This is no domain name"],
		["other.postroom.test", "this server's own"],
	] as const) {
		await name.fill(typed);
		await dialog.getByText(said, { exact: false }).waitFor();
	}
	await axe(page);
	await shot(page, "domain-add");
	// A reload keeps the dialog.
	await page.reload();
	await page.getByRole("dialog", { name: "Add domain" }).getByLabel("Domain name").fill("Company.Example");
	await page.keyboard.press("Enter");
	await page.getByText("company.example was added.", { exact: false }).waitFor();
	await page.getByRole("heading", { name: "company.example", exact: true }).waitFor();

	const ownership = page.getByRole("table", { name: "Domain ownership" });
	const proof = ownership.getByRole("row", { name: /TXT.*_postroom\.company\.example.*postroom-verification=/ });
	await proof.waitFor();
	for (const group of ["Mail to this server", "Improved security"])
		await page.getByRole("table", { name: group }).waitFor();
	await axe(page);
	await shot(page, "domain");

	const copied = () => page.evaluate(() => navigator.clipboard.readText());
	await proof.getByRole("button", { name: "Copy: the value of the record _postroom.company.example" }).click();
	await expect.poll(copied).toMatch(/^postroom-verification=[\w=-]+$/);
	await page.getByRole("button", { name: "Copy all as zone file" }).click();
	await expect
		.poll(copied)
		.toMatch(
			/^_postroom\.company\.example\.\t3600\tIN\tTXT\t"postroom-verification=[\w=-]+"\n[\s\S]*IN\tMX\t10 localhost\.\n.*IN\tCNAME\tlocalhost\.\n.*IN\tTXT\t"v=spf1 mx ~all"\n.*"v=DMARC1;/,
		);

	await page.getByRole("button", { name: "Check again" }).click();
	await page
		.getByText(/DNS does not show the ownership record|DNS did not answer/)
		.first()
		.waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Set as default" }).isDisabled()).toBe(true);

	await page.getByRole("button", { name: "Remove", exact: true }).click();
	const remove = page.getByRole("dialog", { name: "Remove company.example" });
	await remove.getByLabel("To confirm, type company.example").fill("company");
	await remove.getByRole("button", { name: "Remove domain" }).click();
	await remove.getByText("This is not company.example").waitFor();
	await axe(page);
	await shot(page, "domain-remove");
	await remove.getByLabel("To confirm, type company.example").fill("company.example");
	await page.keyboard.press("Enter");
	await page.getByText("company.example was removed.").waitFor();
	await page.getByRole("link", { name: "example.postroom.test" }).waitFor();
	await expect.poll(() => page.getByRole("link", { name: "company.example" }).count()).toBe(0);
});

test("a proven domain becomes the default, and is not removed while it is used", async () => {
	const OrganizationId = w.endpoints.organization.id;
	await w.api("RegisterMailDomain", { OrganizationId, DomainName: "proven.example" });
	await w.api("ForceVerifyMailDomain", { OrganizationId, DomainName: "proven.example" });
	const page = await w.signedIn(w.at("domains/proven.example"));
	await page.getByRole("button", { name: "Set as default" }).click();
	await page.getByText("proven.example is the default domain now.").waitFor();
	expect((await w.api("DescribeOrganization", { OrganizationId })).DefaultMailDomain).toBe("proven.example");
	await expect.poll(() => page.getByRole("button", { name: "Remove", exact: true }).isDisabled()).toBe(true);
	await page.getByRole("button", { name: "Remove", exact: true }).hover();
	await page
		.getByText("This is the default domain: set another one as default first.")
		.filter({ visible: true })
		.waitFor();

	await page.goto(w.at("domains"));
	await page.getByRole("checkbox", { name: "Select example.postroom.test" }).check();
	await page.getByRole("button", { name: "Set as default" }).and(page.locator(":enabled")).click();
	await page.getByText("example.postroom.test is the default domain now.").waitFor();

	await w.api("CreateUserWithMailbox", {
		OrganizationId,
		Name: "una",
		DisplayName: "Una",
		Password: "Aa1-Bb2-Cc3",
		Email: "una@proven.example",
	});
	await page.getByRole("checkbox", { name: "Select example.postroom.test" }).uncheck();
	await page.getByRole("checkbox", { name: "Select proven.example" }).check();
	await page.getByRole("button", { name: "Remove", exact: true }).and(page.locator(":enabled")).click();
	const remove = page.getByRole("dialog", { name: "Remove proven.example" });
	await remove.getByLabel("To confirm, type proven.example").fill("proven.example");
	await remove.getByRole("button", { name: "Remove domain" }).click();
	await remove
		.getByText(/una|use/i)
		.last()
		.waitFor();
	await remove.locator("[class*=alert]").first().waitFor();
	await expect.poll(() => remove.getByLabel("To confirm, type proven.example").inputValue()).toBe("proven.example");
	await shot(page, "domain-remove-refused");
});

test("two administrators do not overwrite each other, and what another organization has is refused at the field", async () => {
	const OrganizationId = w.endpoints.organization.id;
	for (const DomainName of ["one.example"]) {
		await w.api("RegisterMailDomain", { OrganizationId, DomainName });
		await w.api("ForceVerifyMailDomain", { OrganizationId, DomainName });
	}
	const { OrganizationId: other = "" } = await w.api("CreateOrganization", { Alias: "other", ClientToken: "t-other" });
	const page = await w.signedIn(`${w.endpoints.region}/o/${other}/domains?add=1`);
	const dialog = page.getByRole("dialog", { name: "Add domain" });
	await dialog.getByLabel("Domain name").fill("one.example");
	await page.keyboard.press("Enter");
	await dialog.getByText("The mail domain one.example belongs to another organization.").waitFor();
	await expect.poll(() => dialog.getByLabel("Domain name").getAttribute("aria-invalid")).toBe("true");

	// While this page lies open, the domain is removed and made anew: another revision.
	await page.goto(w.at("domains/one.example"));
	await page.getByRole("button", { name: "Set as default" }).and(page.locator(":enabled")).waitFor();
	await w.api("DeregisterMailDomain", { OrganizationId, DomainName: "one.example" });
	await w.api("RegisterMailDomain", { OrganizationId, DomainName: "one.example" });
	await page.getByRole("button", { name: "Set as default" }).click();
	await page
		.getByText(/is not verified|has changed one\.example/)
		.first()
		.waitFor();
	await page.getByText("Not verified yet").first().waitFor();

	// The same behind the question whether to remove it: that is said, and the next try is about what is there now.
	await page.getByRole("button", { name: "Remove", exact: true }).click();
	const remove = page.getByRole("dialog", { name: "Remove one.example" });
	await remove.getByLabel("To confirm, type one.example").fill("one.example");
	await w.api("ForceVerifyMailDomain", { OrganizationId, DomainName: "one.example" });
	await remove.getByRole("button", { name: "Remove domain" }).click();
	await remove.getByText("Someone else has changed this in the meantime", { exact: false }).waitFor();
	await page.getByText("Verified", { exact: true }).first().waitFor();
	await remove.getByRole("button", { name: "Remove domain" }).click();
	await page.getByText("one.example was removed.").waitFor();

	await w.api("RegisterMailDomain", { OrganizationId, DomainName: "one.example" });
	await page.goto(w.at("domains/no.such.example"));
	await page.getByRole("heading", { name: "The domain no.such.example does not exist here" }).waitFor();
	await page.getByRole("button", { name: "To the domains" }).click();
	await page.getByRole("heading", { name: /^Domains/ }).waitFor();

	// What was removed is not chosen any more.
	const chosen = page.getByRole("heading", { name: /^Domains \(1\// }).first();
	await page.getByRole("checkbox", { name: "Select one.example" }).check();
	await chosen.waitFor();
	await page.getByRole("button", { name: "Remove", exact: true }).and(page.locator(":enabled")).click();
	await remove.getByLabel("To confirm, type one.example").fill("one.example");
	await remove.getByRole("button", { name: "Remove domain" }).click();
	await page.getByText("one.example was removed", { exact: false }).first().waitFor();
	await chosen.waitFor({ state: "detached" });
});

test("thirty domains are one call, filtered and turned around by the server", async () => {
	const OrganizationId = w.endpoints.organization.id;
	for (let i = 10; i < 40; i++) await w.api("RegisterMailDomain", { OrganizationId, DomainName: `many-${i}.example` });
	const page = await w.signedIn();
	const asked: string[] = [];
	page.on("request", (r) => {
		const target = r.headers()["x-amz-target"] ?? "";
		if (/MailDomain/.test(target)) asked.push(target);
	});
	await page.goto(`${w.at("domains")}?q=many-`);
	await page.getByRole("link", { name: "many-10.example" }).waitFor();
	await page.getByText("Not verified yet").first().waitFor();
	expect(asked).toEqual(["Postroom.FindMailDomains"]);
	await page.goto(`${w.at("domains")}?q=many-&sort=-DomainName`);
	await page.getByRole("link", { name: "many-39.example" }).waitFor();
	await expect.poll(() => page.getByRole("link", { name: "many-10.example" }).count()).toBe(0);
});
