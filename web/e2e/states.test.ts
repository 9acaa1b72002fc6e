/** Every list in each of its states, and pages of what failed. */
import type { BrowserContext, Page } from "playwright-core";
import { beforeAll, test } from "vitest";
import { axe, shot, watch, world } from "./harness.ts";

const w = world();
const nothing = "no such thing";
let session: BrowserContext;
let fresh = ""; // an organization with nothing in it

const region = (path: string, name = w.endpoints.region) => `${w.endpoints.console}${name}/${path}`;
const without = (path: string) => w.at(path).replace(w.endpoints.organization.id, fresh);

beforeAll(async () => {
	const OrganizationId = w.endpoints.organization.id;
	for (const Name of ["desk", "Größe & Maß <b>"]) await w.api("CreateGroup", { OrganizationId, Name });
	await w.api("RegisterToWorkMail", {
		OrganizationId,
		EntityId: "desk",
		Email: `desk@${w.endpoints.organization.domain}`,
	});
	await w.api("CreateResource", { OrganizationId, Name: "hall", Type: "ROOM" });
	await w.api("RegisterMailDomain", { OrganizationId, DomainName: "unproven.example" });
	await w.api("RegisterDirectory", {
		Alias: "spare",
		Kind: "LDAP",
		Servers: ["ldap.spare.test"],
		Account: "cn=reader,dc=spare,dc=test",
		Secret: "Some-Secret-1",
		BaseDn: "dc=spare,dc=test",
		ReadOnly: true,
	});
	fresh = (await w.api("CreateOrganization", { Alias: "fresh", ClientToken: "t-fresh" })).OrganizationId ?? "";
	session = (await w.signedIn()).context();
});

async function opened(): Promise<Page> {
	const page = await session.newPage();
	watch(page);
	return page;
}

/** Decides what becomes of the calls of an operation: held back until it is decided anew, refused, or answered. */
async function fateOf(page: Page, operation: string) {
	let fate: "held" | "refused" | "answered" = "answered";
	let go = () => {};
	let gone = Promise.resolve();
	await page.route("**/", async (route) => {
		if (!route.request().headers()["x-amz-target"]?.endsWith(`.${operation}`)) return route.continue();
		await gone;
		if (fate === "answered") return route.continue();
		await route.fulfill({ status: 400, json: { __type: "ThrottlingException", Message: "Too many calls just now." } });
	});
	return (next: typeof fate) => {
		fate = next;
		go();
		if (next !== "held") return;
		gone = new Promise((done) => {
			go = done;
		});
	};
}

const lists: {
	name: string;
	operation: string;
	at: () => string;
	/** What its row is told by. */
	row: string;
	/** What fits nothing. */
	filter?: string;
	/** Where there is nothing; some lists are never empty. */
	empty?: () => string;
}[] = [
	{
		name: "organizations",
		operation: "FindOrganizations",
		at: () => region("organizations"),
		row: "example",
		empty: () => region("organizations", "eu-west-1"),
	},
	{
		name: "users",
		operation: "FindUsers",
		at: () => w.at("users"),
		row: "alice",
		empty: () => without("users"),
	},
	{
		name: "groups",
		operation: "FindGroups",
		at: () => w.at("groups"),
		row: "desk",
		empty: () => without("groups"),
	},
	{
		name: "resources",
		operation: "FindResources",
		at: () => w.at("resources"),
		row: "hall",
		empty: () => without("resources"),
	},
	{ name: "domains", operation: "FindMailDomains", at: () => w.at("domains"), row: "unproven.example" },
	{
		name: "directories",
		operation: "ListDirectories",
		at: () => region("directories"),
		row: "spare",
		empty: () => region("directories", "eu-west-1"),
	},
	{ name: "administrators", operation: "ListAdministrators", at: () => region("administrators"), row: "admin" },
	{
		name: "audit",
		operation: "ListAuditRecords",
		at: () => w.at("audit"),
		row: "RegisterMailDomain",
		filter: "actor=nobody",
	},
];

test.each(lists)("$name: loading, refused, as it was, no match, empty", async ({ name, operation, at, row, ...of }) => {
	const page = await opened();
	const decide = await fateOf(page, operation);
	const shown = page.getByRole("row").filter({ hasText: row }).first();
	const again = page.getByRole("button", { name: "Try again" });
	// One list of each kind stands for the pictures of all.
	const seen = async (state: string) => {
		await axe(page);
		if (["groups", "domains"].includes(name)) await shot(page, `${name}-${state}`);
	};

	decide("held");
	await page.goto(at());
	await page.getByText("Loading", { exact: true }).filter({ visible: true }).first().waitFor();
	await seen("loading");
	decide("answered");
	await shown.waitFor();
	await seen("list");

	// What is shown stays, with how old it is.
	decide("refused");
	const stale = page.getByText("could not be refreshed", { exact: false });
	await page.getByRole("button", { name: "Refresh" }).first().click();
	await stale.first().waitFor();
	await shown.waitFor();
	decide("answered");
	await again.click();
	await stale.waitFor({ state: "detached" });

	// Where nothing is shown yet, why stands in its place.
	decide("refused");
	await page.reload();
	await page.getByText("Too many calls just now.").waitFor();
	await seen("refused");
	decide("answered");
	await again.click();
	await shown.waitFor();

	await page.goto(`${at()}?${of.filter ?? `q=${encodeURIComponent(nothing)}`}`);
	await page.getByText("No matches", { exact: true }).waitFor();
	await seen("no-match");
	await page
		.getByRole("button", { name: /^Clear filter/ })
		.last()
		.click();
	await shown.waitFor();
	if (of.empty) {
		await page.goto(of.empty());
		await page.getByText("Nothing here yet").waitFor();
		await seen("empty");
	}
	await page.close();
});

test("a browser without a network keeps what it shows, and says so until it is back", async () => {
	const page = await opened();
	await page.goto(w.at("users"));
	const alice = page.getByRole("link", { name: "alice", exact: true });
	await alice.waitFor();
	await session.setOffline(true);
	await page.getByRole("button", { name: "Refresh" }).click();
	const stale = page.getByText("could not be refreshed", { exact: false });
	await stale.first().waitFor();
	await page.getByText("The server cannot be reached.", { exact: false }).first().waitFor();
	await alice.waitFor();
	await axe(page);
	await shot(page, "offline");
	await session.setOffline(false);
	await page.getByRole("button", { name: "Try again" }).click();
	await stale.waitFor({ state: "detached" });
	await alice.waitFor();
	await page.close();
});

test("an organization that could not be made is told so in the list, and why on its page", async () => {
	const why = "The directory d-0123456789 <b>does not answer</b>.";
	const page = await opened();
	// No directory of a test lets the making fail; what the server then would say is put into its answers.
	await page.route("**/", async (route) => {
		if (!/\.(Describe|Find)Organizations?$/.test(route.request().headers()["x-amz-target"] ?? ""))
			return route.continue();
		const response = await route.fetch();
		const json = await response.json();
		for (const o of json.Organizations ?? [json])
			if (o.OrganizationId === fresh) Object.assign(o, { State: "Failed", ErrorMessage: why });
		await route.fulfill({ response, json });
	});
	await page.goto(region("organizations"));
	await page.getByRole("row", { name: /fresh/ }).getByText("Failed").waitFor();
	await page.getByRole("link", { name: "fresh" }).click();
	await page.getByText("This organization could not be created").waitFor();
	await page.getByText(why).waitFor();
	await axe(page);
	await shot(page, "overview-failed");
	await page.close();
});
