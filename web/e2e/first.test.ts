/** What is asked before the app is there: web/apps/console/app/first.ts. */
import type { Page, Request } from "playwright-core";
import { expect, test } from "vitest";
import { world } from "./harness.ts";

const w = world();

/** The operations that a page asks, in order. */
function asked(page: Page): string[] {
	const list: string[] = [];
	page.on("request", (r) => {
		const target = r.headers()["x-amz-target"];
		if (target) list.push(target.replace(/^.*\./, ""));
	});
	return list;
}

/** Keeps back what a page asks for until it is let go. */
async function hold(page: Page, what: (r: Request) => boolean): Promise<() => void> {
	let go = () => {};
	const gone = new Promise<void>((done) => {
		go = done;
	});
	await page.route("**", async (route) => {
		if (what(route.request())) await gone;
		await route.continue();
	});
	return go;
}

const finds = (r: Request): boolean => r.headers()["x-amz-target"] === "Postroom.FindUsers";

const list = "users?q=a&sort=-NAME&state=ENABLED";

test("a list is asked for once, before the app is there, with what its address says", async () => {
	const page = await w.signedIn();
	const go = await hold(page, (r) => /\/assets\/app-[^/]*\.js$/.test(r.url()));
	const operations = asked(page);
	const found = page.waitForResponse((r) => finds(r.request()));
	await page.goto(w.at(list), { waitUntil: "commit" });
	const request = (await found).request();
	expect(request.headers()["x-postroom-region"]).toBe(w.endpoints.region);
	expect(request.postDataJSON()).toEqual({
		OrganizationId: w.endpoints.organization.id,
		Query: "a",
		States: ["ENABLED"],
		SortBy: "NAME",
		Descending: true,
		MaxResults: 25,
	});
	await page.getByRole("progressbar", { name: "Loading" }).waitFor();
	go();
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	expect(operations.toSorted()).toEqual(["DescribeOrganization", "FindUsers", "ListRegions", "WhoAmI"]);
});

test("pages of all kinds are asked for once, before the app is there", async () => {
	const { id: OrganizationId } = w.endpoints.organization;
	const { GroupId = "" } = await w.api("CreateGroup", { OrganizationId, Name: "first-group" });
	const { ResourceId = "" } = await w.api("CreateResource", { OrganizationId, Name: "first-room", Type: "ROOM" });
	const page = await w.signedIn();
	const operations = asked(page);
	const heading = (name: string) => page.getByRole("heading", { level: 1, name }).waitFor();
	for (const [path, operation, name] of [
		["users/alice", "DescribeUser", "alice"],
		["groups", "FindGroups", "Groups"],
		[`groups/${GroupId}`, "DescribeGroup", "first-group"],
		["resources", "FindResources", "Resources"],
		[`resources/${ResourceId}`, "DescribeResource", "first-room"],
		["tags", "ListTagsForResource", "Tags"],
	] as const) {
		operations.length = 0;
		const go = await hold(page, (r) => /\/assets\/app-[^/]*\.js$/.test(r.url()));
		const question = page.waitForRequest((r) => r.headers()["x-amz-target"]?.endsWith(`.${operation}`) === true);
		await page.goto(w.at(path), { waitUntil: "commit" });
		await question;
		go();
		await heading(name);
		await page.unroute("**");
		expect(operations.filter((o) => o === operation)).toEqual([operation]);
	}
});

test("who is not signed in is asked for nothing but that", async () => {
	const page = await (await w.context()).newPage();
	const operations = asked(page);
	await page.goto(w.at(list));
	await page.getByLabel("Administrator name").waitFor();
	expect(operations).toEqual(["WhoAmI"]);
});

test("a session that has ended meanwhile leads to the sign-in, and then to the page", async () => {
	const page = await w.signedIn();
	await page.context().clearCookies();
	await page.goto(w.at(list));
	await page.getByLabel("Administrator name").fill(w.endpoints.admin.username);
	await page.getByLabel("Password", { exact: true }).fill(w.endpoints.admin.password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	// It is known to have ended: nothing is asked in vain again.
	await page.context().clearCookies();
	await page.evaluate(() => localStorage.removeItem("postroom-session-used"));
	const operations = asked(page);
	await page.reload();
	await page.getByLabel("Administrator name").waitFor();
	expect(operations).toEqual(["WhoAmI"]);
});

test("an answer that is late is not waited for with a blank page, nor asked for twice", async () => {
	const page = await w.signedIn();
	const go = await hold(page, finds);
	const operations = asked(page);
	await page.goto(w.at(list));
	await page.getByRole("navigation", { name: "Navigation" }).waitFor();
	go();
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
	expect(operations.filter((name) => name === "FindUsers")).toHaveLength(1);
});

test("an app that does not arrive is told, and loaded anew", async () => {
	const page = await w.signedIn();
	const app = /\/assets\/app-[^/]*\.js$/;
	await page.route(app, (route) => route.abort());
	await page.goto(w.at(list), { waitUntil: "commit" });
	const again = page.getByRole("button", { name: "Reload" });
	await again.waitFor();
	await page.getByText("This page failed").waitFor();
	await page.unroute(app);
	await again.click();
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
});

test("a first script that does not arrive is told too, without a script", async () => {
	const page = await w.signedIn();
	const first = /\/assets\/index-[^/]*\.js$/;
	await page.route(first, (route) => route.abort());
	await page.goto(w.at(list));
	const again = page.getByRole("link", { name: "Load the page anew" });
	await expect.poll(() => again.count()).toBe(0);
	await page.evaluate(() => document.querySelector("svg")?.setCurrentTime(10));
	await again.waitFor();
	await page.unroute(first);
	await again.click();
	await page.getByRole("link", { name: "alice", exact: true }).waitFor();
});
