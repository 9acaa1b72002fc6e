import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe, shot, world } from "./harness.ts";
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

	await page.getByRole("button", { name: "Add group" }).first().click();
	await page.getByRole("heading", { name: "Add group" }).waitFor();
	await page.getByLabel("Group name").fill("Sales Team");
	expect(await page.getByRole("textbox", { name: "Primary address" }).inputValue()).toBe("sales.team");
	await axe(page);
	await shot(page, "groups-create");
	await page.getByRole("button", { name: "Add group" }).click();
	await notice(page, `Mail to sales.team@${domain} goes to its members.`);
	expect(page.url()).toContain("?tab=members");
	await page.getByText("Nobody is in this group").waitFor();

	// A group in the group, with bob in it.
	await w.api("CreateGroup", { OrganizationId: org, Name: "field" });
	await w.api("RegisterToWorkMail", { OrganizationId: org, EntityId: "field", Email: `field@${domain}` });
	await w.api("AssociateMemberToGroup", { OrganizationId: org, GroupId: "field", MemberId: "bob" });
	await page.getByRole("button", { name: "Add members" }).click();
	await page.getByRole("dialog", { name: "Add members to Sales Team" }).waitFor();
	await choose(page, "alice", "field");
	await axe(page);
	await shot(page, "groups-add-members");
	await page.getByRole("button", { name: "Add", exact: true }).click();
	await notice(page, "2 members were added to Sales Team.");
	await page.getByRole("button", { name: "Show the members of field" }).click();
	await page.getByRole("link", { name: "bob", exact: true }).waitFor();
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
