import { expect, test } from "vitest";
import { axe, shot, world } from "./harness.ts";

const w = world();

test("anything is found from the top bar, by the keyboard alone", async () => {
	const alice = w.endpoints.users.find((u) => u.username === "alice");
	const page = await w.signedIn();
	const search = page.getByRole("combobox", { name: /^Find users/ });
	await search.waitFor();
	await search.focus();
	await page.keyboard.type("ali");
	const option = page.getByRole("option", { name: /alice@/ });
	await option.waitFor();
	await expect.poll(() => option.textContent()).toContain("User");
	await axe(page);
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await expect.poll(() => page.url()).toBe(w.at(`users/${alice?.id}`));

	// By address, and Enter at once, before the matches are shown.
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/organizations`);
	await search.fill(alice?.email ?? "");
	await page.keyboard.press("Enter");
	await expect.poll(() => page.url()).toBe(w.at(`users/${alice?.id}`));
	await expect.poll(() => search.inputValue()).toBe("");

	await search.fill("a");
	await page.getByRole("option").first().waitFor();
	await shot(page, "find");

	// By id, and by an organization's alias.
	await search.fill(alice?.id ?? "");
	await page.getByRole("option", { name: /alice@/ }).click();
	await expect.poll(() => page.url()).toBe(w.at(`users/${alice?.id}`));
	await search.fill(w.endpoints.organization.alias);
	await page
		.getByRole("option", { name: /Organization/ })
		.first()
		.click();
	await expect.poll(() => page.url()).toBe(w.at(""));

	// A mail domain, and a foreign directory by its alias.
	await search.fill(w.endpoints.organization.domain.toUpperCase());
	await page
		.getByRole("option", { name: /Domain/ })
		.first()
		.click();
	await expect.poll(() => page.url()).toBe(w.at(`domains/${w.endpoints.organization.domain}`));
	const { DirectoryId = "" } = await w.api("RegisterDirectory", {
		Alias: "zz-spare",
		Kind: "LDAP",
		Servers: ["ldap.spare.test"],
		Account: "cn=reader,dc=spare,dc=test",
		Secret: "Some-Secret-1",
		BaseDn: "dc=spare,dc=test",
		ReadOnly: true,
	});
	await search.fill("zz-sp");
	await page.getByRole("option", { name: /zz-spare.*Directory/ }).waitFor();
	await axe(page);
	await shot(page, "find-directory");
	await search.fill("zz-spa"); // a picture at another width closes the list
	await page.getByRole("option", { name: /zz-spare/ }).click();
	await expect.poll(() => page.url()).toBe(`${w.endpoints.console}${w.endpoints.region}/directories/${DirectoryId}`);

	for (const nothing of ["no such name", "<script>alert(1)</script>", "'; DROP TABLE entry; --", "%", "_"]) {
		await search.fill(nothing);
		await page.getByText("Nothing found").filter({ visible: true }).first().waitFor();
	}
	await search.fill("x".repeat(300));
	await page.getByText("Nothing found").filter({ visible: true }).first().waitFor();
	await axe(page);
	await page.keyboard.press("Escape");

	// The server is gone: it says so, and what was typed stays.
	await page.route("**/", (route) => route.abort());
	await search.fill("bob");
	await page
		.getByText(/could not be looked up/)
		.filter({ visible: true })
		.first()
		.waitFor();
	await expect.poll(() => search.inputValue()).toBe("bob");
});

test("a last name finds", async () => {
	const OrganizationId = w.endpoints.organization.id;
	await w.api("CreateUser", { OrganizationId, Name: "zmueller", DisplayName: "Zoë Müller" });
	const page = await w.signedIn();
	const search = page.getByRole("combobox", { name: /^Find users/ });
	for (const text of ["müll", "MÜLLER Zo"]) {
		await search.fill(text);
		await page.getByRole("option", { name: /Zoë Müller/ }).waitFor();
	}
	await page.goto(w.at("users?q=müller"));
	await page.getByRole("link", { name: "zmueller", exact: true }).waitFor();
	await expect.poll(() => page.getByRole("link", { name: "alice", exact: true }).count()).toBe(0);
});
