import { readFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { request as secureRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { operationNames, targetOf } from "@postroom/api";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axe, leaving, shot, signIn, watch, world } from "./harness.ts";

const w = world();
const password = "four plain words here";
const json = "application/x-amz-json-1.1";

/** A site of somebody else, on this machine: another port, and so another origin. */
let evil: Server;
let evilPage = "";
beforeAll(async () => {
	evil = createServer((_, answer) => {
		answer.setHeader("Content-Type", "text/html");
		answer.end(evilPage);
	});
	await new Promise<void>((done) => evil.listen(0, "127.0.0.1", done));
});
afterAll(() => {
	evil.close();
});
/** "localhost" is the same site as the console's, and its cookies go along; "127.0.0.1" is another site. */
const evilAt = (host: string) => `http://${host}:${(evil.address() as AddressInfo).port}/`;

const origin = () => new URL(w.endpoints.console).origin;

interface Raw {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	text: string;
}

/** A request as no browser sends it: the path as it is, any header. */
function raw(url: string, path: string, o: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
	const { protocol, hostname, port } = new URL(url);
	const send = protocol === "https:" ? secureRequest : request;
	const ca = protocol === "https:" ? { ca: readFileSync(w.endpoints.ca_file) } : {};
	return new Promise<Raw>((done, fail) => {
		const out = send({ hostname, port, path, method: o.method ?? "GET", headers: o.headers ?? {}, ...ca }, (answer) => {
			let text = "";
			answer.setEncoding("utf8");
			answer.on("data", (chunk: string) => {
				text += chunk;
			});
			answer.on("end", () => done({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
		});
		out.on("error", fail);
		out.end(o.body);
	});
}

const credentials = () =>
	JSON.stringify({ Username: w.endpoints.admin.username, Password: w.endpoints.admin.password });

async function rawSignIn(url = w.endpoints.api, headers: Record<string, string> = {}): Promise<Raw> {
	return raw(url, "/", {
		method: "POST",
		headers: { "Content-Type": json, "X-Amz-Target": "Postroom.SignIn", ...headers },
		body: credentials(),
	});
}

const cookieOf = (answer: Raw): string => String(answer.headers["set-cookie"] ?? "");
const codeOf = (answer: Raw): string => String((JSON.parse(answer.text) as { __type?: string }).__type);

async function whoAmI(cookie: string, headers: Record<string, string> = {}): Promise<Raw> {
	return raw(w.endpoints.api, "/", {
		method: "POST",
		headers: { "Content-Type": json, "X-Amz-Target": "Postroom.WhoAmI", Cookie: cookie, ...headers },
		body: "{}",
	});
}

async function make(name: string, role: "FULL" | "READ_ONLY" = "FULL"): Promise<string> {
	const out = await w.api("CreateAdministrator", {
		Name: name,
		Password: password,
		Role: role,
		AllOrganizations: true,
	});
	return out.AdministratorId ?? "";
}

async function as(name: string, at: string): Promise<Page> {
	const page = await (await w.context()).newPage();
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/${at}`);
	await signIn(page, name, password);
	return page;
}

const nobody = "/administrators/new";

async function fillIn(page: Page, name: string): Promise<void> {
	await page.getByLabel("Name", { exact: true }).fill(name);
	await page.getByLabel("Password", { exact: true }).fill(password);
	await page.getByLabel("Repeat password").fill(password);
}

/** Waits for a text that is shown; beside it there may be one for screen readers alone. */
const seen = (page: Page, text: string) => page.getByText(text).filter({ visible: true }).first().waitFor();

const send = (page: Page) => page.locator("form").getByRole("button", { name: "Create administrator" });

const names = async () => ((await w.api("ListAdministrators", {})).Administrators ?? []).map((a) => a.Name);

test("CSRF: no operation is called for another site's page", async () => {
	const cookie = cookieOf(await rawSignIn()).split(";")[0] ?? "";
	expect((await whoAmI(cookie)).status).toBe(200);
	const from: Record<string, string>[] = [
		{ "Sec-Fetch-Site": "cross-site", Origin: evilAt("127.0.0.1").slice(0, -1) },
		{ "Sec-Fetch-Site": "same-site", Origin: evilAt("localhost").slice(0, -1) },
		{ Origin: "https://evil.example" },
		{ "Sec-Fetch-Site": "cross-site", Origin: "null" },
	];
	const answers: string[] = [];
	for (const headers of from)
		for (const name of operationNames) {
			const answer = await raw(w.endpoints.api, "/", {
				method: "POST",
				headers: {
					"Content-Type": json,
					"X-Amz-Target": targetOf(name),
					"X-Postroom-Region": w.endpoints.region,
					Cookie: cookie,
					...headers,
				},
				body: name === "SignIn" ? credentials() : "{}",
			});
			if (codeOf(answer) !== "AccessDeniedException" || answer.headers["set-cookie"])
				answers.push(`${name} ${answer.status} ${answer.text}`);
		}
	expect(answers).toEqual([]);
	// The types that a form can send are none of the API's.
	for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]) {
		const answer = await raw(w.endpoints.api, "/", {
			method: "POST",
			headers: { "Content-Type": type, "X-Amz-Target": "Postroom.SignOut", Cookie: cookie },
			body: "{}",
		});
		expect([type, answer.status >= 400]).toEqual([type, true]);
	}
	for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
		const answer = await raw(w.endpoints.api, "/?X-Amz-Target=Postroom.SignOut", {
			method,
			headers: { Cookie: cookie },
		});
		expect([method, answer.status === 200]).toEqual([method, false]);
	}
	expect((await whoAmI(cookie)).status).toBe(200);
});

test("CSRF: a page of another origin posts, in the browser, and nothing happens", async () => {
	const context = await w.context();
	const page = await context.newPage();
	await page.goto(w.endpoints.console);
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	const body = JSON.stringify({ Name: "mallory", Password: password, Role: "FULL", AllOrganizations: true });
	for (const host of ["localhost", "127.0.0.1"]) {
		evilPage = `<!doctype html><iframe name="sink"></iframe>
			<form id="plain" method="post" enctype="text/plain" action="${origin()}/" target="sink"><input name='${body.slice(0, -1)},"x":"' value='"}'></form>
			<form id="multi" method="post" enctype="multipart/form-data" action="${origin()}/" target="sink"><input name="a" value="b"></form>`;
		const other = await context.newPage();
		await other.goto(evilAt(host));
		const tried = await other.evaluate(
			async ([target, text, type]) => {
				const headers = { "Content-Type": type, "X-Amz-Target": "Postroom.CreateAdministrator" };
				const how = (mode: RequestMode, h: Record<string, string>) =>
					fetch(`${target}/`, { method: "POST", mode, credentials: "include", headers: h, body: text }).then(
						(r) => `${r.type} ${r.status}`,
						() => "failed",
					);
				const outcomes = [await how("cors", headers), await how("no-cors", headers)];
				for (const id of ["plain", "multi"]) (document.getElementById(id) as HTMLFormElement).submit();
				return outcomes;
			},
			[origin(), body, json] as const,
		);
		// The first is stopped by its preflight; of the second the browser drops the header that names the operation.
		expect(tried).toEqual(["failed", expect.stringMatching(/^(failed|opaque 0)$/)]);
		// Another window's script is not let near the console.
		const popup = context.waitForEvent("page");
		await other.evaluate((target) => {
			(window as unknown as { opened: Window | null }).opened = window.open(`${target}/console/`);
		}, origin());
		await (await popup).getByRole("heading", { name: "Organizations" }).waitFor();
		expect(await other.evaluate(() => (window as unknown as { opened: Window | null }).opened?.closed)).toBe(true);
		await (await popup).close();
		await other.close();
	}
	expect(await names()).not.toContain("mallory");
	await page.reload();
	await page.getByRole("heading", { name: "Organizations" }).waitFor();
});

test("clickjacking: every answer forbids frames, and the browser shows none", async () => {
	const html = await raw(w.endpoints.api, "/console/");
	const asset = /\/console\/assets\/[^"]+\.js/.exec(html.text)?.[0] ?? "";
	expect(asset).not.toBe("");
	const api = await whoAmI("");
	const all: [string, Raw][] = [["POST /", api]];
	for (const path of [
		"/",
		"/console",
		"/console/",
		"/console/us-east-1/administrators/new",
		"/console/none.js",
		asset,
		"/none",
	])
		all.push([path, await raw(w.endpoints.api, path)]);
	for (const [path, answer] of all) {
		const h = answer.headers;
		expect([path, h["x-frame-options"], h["x-content-type-options"]]).toEqual([path, "DENY", "nosniff"]);
		expect([path, String(h["content-security-policy"]).includes("frame-ancestors 'none'")]).toEqual([path, true]);
		expect([path, h["access-control-allow-origin"], h["service-worker-allowed"]]).toEqual([path, undefined, undefined]);
		expect([path, h["cross-origin-opener-policy"]]).toEqual([path, "same-origin"]);
	}
	// What one administrator saw is kept by no cache.
	expect(api.headers["cache-control"]).toBe("no-store");
	expect(html.headers["cache-control"]).toBe("no-cache");

	const context = await w.context();
	for (const host of ["localhost", "127.0.0.1"]) {
		evilPage = `<!doctype html><iframe id="f" src="${w.endpoints.console}"></iframe>`;
		const page = await context.newPage();
		const said: string[] = [];
		page.on("console", (m) => said.push(m.text()));
		await page.goto(evilAt(host));
		await expect.poll(() => said.join("\n")).toMatch(/frame-ancestors|X-Frame-Options/);
		expect(page.frames()[1]?.url()).not.toContain("/console/");
		await page.close();
	}
});

test("open redirect: no address of ours leads elsewhere", async () => {
	const paths = [
		"//evil.example/",
		"//evil.example/console",
		"/\\evil.example/",
		"/console//evil.example/",
		"/console/..//evil.example",
		"/console?next=https://evil.example/",
		"/?return=//evil.example",
		"/%2f%2fevil.example",
		"/console/%0d%0aLocation:%20https://evil.example/",
		"//evil.example/..;/console",
	];
	for (const path of paths)
		for (const headers of [{}, { Host: "evil.example" }, { "X-Forwarded-Host": "evil.example" }] as Record<
			string,
			string
		>[]) {
			const answer = await raw(w.endpoints.api, path, { headers });
			const to: string | undefined = [answer.headers.location].flat()[0];
			if (to === undefined) continue;
			expect([path, new URL(to, "http://here.test/").host]).toEqual([path, "here.test"]);
			expect([path, to.startsWith("//"), to.includes("\\")]).toEqual([path, false, false]);
		}
	// Also by the console's own script: places in the address stay places of the console.
	const page = await w.signedIn();
	await page.goto(`${origin()}/console//evil.example/organizations`);
	await seen(page, "There is no region evil.example here");
	expect(new URL(page.url()).origin).toBe(origin());
	await page.goto(`${origin()}/console/javascript:alert(1)/organizations`);
	await page.getByRole("link", { name: "My account" }).click();
	await page.getByRole("heading", { name: "My account" }).waitFor();
	expect(new URL(page.url()).origin).toBe(origin());
});

test("the session's cookie: flags, and a new one at each sign-in", async () => {
	const plain = cookieOf(await rawSignIn());
	expect(plain).toMatch(/^postroom_session=[\w-]{43};/);
	for (const flag of ["Path=/", "HttpOnly", "SameSite=Strict"]) expect(plain).toContain(flag);
	expect(plain).not.toContain("Domain");
	const https = (w.endpoints as unknown as { https: string }).https;
	const secure = cookieOf(await rawSignIn(https));
	for (const flag of ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"]) expect(secure).toContain(flag);

	// Fixation: a cookie that somebody planted never becomes a session.
	const planted = `postroom_session=${"A".repeat(43)}`;
	const fresh = cookieOf(await rawSignIn(w.endpoints.api, { Cookie: planted })).split(";")[0] ?? "";
	expect(fresh).not.toBe(planted);
	expect(codeOf(await whoAmI(planted))).toBe("ExpiredTokenException");
	const second = cookieOf(await rawSignIn(w.endpoints.api, { Cookie: fresh })).split(";")[0] ?? "";
	expect(second).not.toBe(fresh);

	// In the browser too; and after signing out the old one is worth nothing.
	const context = await w.context();
	await context.addCookies([{ name: "postroom_session", value: "A".repeat(43), url: origin() }]);
	const page = await context.newPage();
	await page.goto(w.endpoints.console);
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	const [cookie] = await context.cookies();
	expect(cookie?.value).not.toBe("A".repeat(43));
	const stolen = `postroom_session=${cookie?.value}`;
	expect((await whoAmI(stolen)).status).toBe(200);
	await page.getByRole("button", { name: w.endpoints.admin.username }).first().click();
	await page.getByRole("menuitem", { name: "Sign out" }).click();
	await page.getByText("You have signed out.").waitFor();
	expect(codeOf(await whoAmI(stolen))).toBe("ExpiredTokenException");
	expect(await context.cookies()).toEqual([]);
});

test("the console over TLS: a browser speaks HTTP/2 there", async () => {
	const https = (w.endpoints as unknown as { https: string }).https.replace("127.0.0.1", "localhost");
	const page = await (await w.context({ ignoreHTTPSErrors: true })).newPage();
	watch(page);
	await page.goto(`${https}console/`);
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await page.getByRole("heading", { name: "Organizations" }).waitFor();
	expect(
		await page.evaluate(() => performance.getEntriesByType("navigation").map((e) => e.toJSON().nextHopProtocol)),
	).toEqual(["h2"]);
});

test("the page's policy is in force: nothing inline runs, nothing goes elsewhere", async () => {
	const page = await (await w.context()).newPage();
	await page.goto(w.endpoints.console);
	await page.getByRole("heading", { name: "Sign in to Postroom" }).waitFor();
	const blocked: string[] = await page.evaluate(async (elsewhere) => {
		const seen: string[] = [];
		document.addEventListener("securitypolicyviolation", (e) => seen.push(e.effectiveDirective));
		const script = document.createElement("script");
		script.textContent = "window.pwned = 'inline'";
		document.body.append(script);
		const image = document.createElement("img");
		image.setAttribute("onerror", "window.pwned = 'handler'");
		image.src = "data:,";
		document.body.append(image);
		const remote = document.createElement("script");
		remote.src = `${elsewhere}x.js`;
		document.body.append(remote);
		const frame = document.createElement("iframe");
		frame.src = elsewhere;
		document.body.append(frame);
		await fetch(elsewhere).catch(() => undefined);
		// In a turn of its own: what the test's own call runs may eval.
		setTimeout(() => {
			try {
				new Function("window.pwned = 'eval'")();
			} catch {
				seen.push("eval");
			}
		});
		const link = document.createElement("a");
		link.href = "javascript:window.pwned='link'";
		document.body.append(link);
		link.click();
		await new Promise((done) => setTimeout(done, 300));
		return seen;
	}, evilAt("127.0.0.1"));
	await expect.poll(() => page.evaluate(() => (window as unknown as { pwned?: string }).pwned)).toBeUndefined();
	for (const directive of ["script-src-elem", "script-src-attr", "connect-src", "frame-src", "eval"])
		expect(blocked).toContain(directive);
});

test("rights taken away in the middle of work: what was typed stays, and the change is refused", async () => {
	const id = await make("demoted");
	const page = await as("demoted", nobody.slice(1));
	await fillIn(page, "never-made");
	await w.api("UpdateAdministrator", { AdministratorId: id, Role: "READ_ONLY" });
	await send(page).click();
	const dialog = page.getByRole("dialog", { name: "Sign in again" });
	await dialog.waitFor();
	await axe(page);
	await shot(page, "sign-in-again");
	await dialog.getByLabel("Password", { exact: true }).fill(password);
	await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
	await dialog.waitFor({ state: "detached" });
	await page.getByText("You may look at everything here and change nothing.").first().waitFor();
	await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("never-made");
	await expect.poll(() => send(page).isDisabled()).toBe(true);
	expect(await names()).not.toContain("never-made");
});

test("the organization, then the account itself, taken away in the middle of work: what was typed stays", async () => {
	const id = await make("narrowed");
	const { OrganizationId: other = "" } = await w.api("CreateOrganization", { Alias: "left", ClientToken: "t-left" });
	const page = await as("narrowed", `o/${w.endpoints.organization.id}/users/new`);
	const name = page.getByLabel("User name");
	await name.fill("half-made");
	await page.getByLabel("Display name").fill("Half Made");
	const next = page.getByRole("button", { name: "Next" });
	const dialog = page.getByRole("dialog", { name: "Sign in again" });
	const again = async () => {
		await dialog.getByLabel("Password", { exact: true }).fill(password);
		await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
	};

	await w.api("UpdateAdministrator", { AdministratorId: id, AllOrganizations: false, Organizations: [other] });
	await next.click();
	await dialog.waitFor();
	await again();
	await seen(page, "This organization does not exist here");
	await axe(page);

	await w.api("UpdateAdministrator", { AdministratorId: id, AllOrganizations: true, Organizations: [] });
	await page.reload();
	await signIn(page, "narrowed", password);
	await expect.poll(() => name.inputValue()).toBe("half-made");

	await w.api("DeleteAdministrator", { AdministratorId: id });
	await next.click();
	await dialog.waitFor();
	await again();
	await seen(page, "The name or the password is wrong");
	await expect.poll(() => name.inputValue()).toBe("half-made");
});

test("a session that is revoked elsewhere: the dialog comes over the page, and the work goes on", async () => {
	await make("twice");
	const page = await as("twice", nobody.slice(1));
	await fillIn(page, "made-later");
	const other = await as("twice", "account?tab=sessions");
	await other.getByText("This one").waitFor();
	await axe(other);
	await shot(other, "account-sessions");
	await other.getByRole("button", { name: /^End session from/ }).click();
	await other.getByText("The session was ended.").waitFor();

	await send(page).click();
	const dialog = page.getByRole("dialog", { name: "Sign in again" });
	await dialog.waitFor();
	await expect.poll(() => dialog.getByLabel("Administrator name").inputValue()).toBe("twice");
	// It can be put aside to look at the work; the next call brings it back.
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "hidden" });
	await send(page).click();
	await dialog.waitFor();
	await dialog.getByLabel("Password", { exact: true }).fill(password);
	await page.keyboard.press("Enter");
	await dialog.waitFor({ state: "detached" });
	await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("made-later");
	await send(page).click();
	await page.getByRole("heading", { name: "Administrator made-later was created" }).waitFor();
});

test("a session whose time is over is noticed without a call of the reader's", async () => {
	await make("sleeper");
	const context = await w.context();
	const page = await context.newPage();
	await page.clock.install();
	await page.goto(`${w.endpoints.console}${w.endpoints.region}${nobody}`);
	await signIn(page, "sleeper", password);
	await fillIn(page, "kept-overnight");
	await context.clearCookies();
	await page.clock.fastForward("12:00:05");
	await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
	await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("kept-overnight");
	// Somebody else may sign in instead; then nothing of the first is left.
	await page.getByRole("button", { name: /I am someone else/ }).click();
	await page.getByRole("heading", { name: "Sign in to Postroom" }).waitFor();
	await signIn(page, w.endpoints.admin.username, w.endpoints.admin.password);
	await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("");
});

test("a session unused for an hour is noticed by the page itself; use in any tab starts the hour anew", async () => {
	await make("idler");
	const context = await w.context();
	const page = await context.newPage();
	await page.clock.install();
	await page.goto(`${w.endpoints.console}${w.endpoints.region}${nobody}`);
	await signIn(page, "idler", password);
	await fillIn(page, "kept-idle");
	const asked: string[] = [];
	page.on("request", (r) => {
		const target = r.headers()["x-amz-target"];
		if (target) asked.push(target);
	});
	await page.clock.fastForward("59:00");
	// As another tab notes it.
	await page.evaluate(() => localStorage.setItem("postroom-session-used", String(Date.now())));
	await page.clock.fastForward("59:00");
	expect(asked).toEqual([]); // a question would be a use
	await context.clearCookies();
	await page.clock.fastForward("01:05");
	const dialog = page.getByRole("dialog", { name: "Sign in again" });
	await dialog.waitFor();
	expect(asked).toEqual(["Postroom.WhoAmI"]);
	await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("kept-idle");
	await dialog.getByLabel("Password", { exact: true }).fill(password);
	await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
	await dialog.waitFor({ state: "detached" });
	await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("kept-idle");
});

test("what a page asks again by itself is no use of the session; what somebody does there is", async () => {
	await make("watcher");
	const page = await (await w.context()).newPage();
	await page.clock.install();
	await page.goto(w.at(""));
	await signIn(page, "watcher", password);
	await page.getByRole("heading", { name: "Mail", exact: true }).first().waitFor();
	await page.waitForLoadState("networkidle");
	const used = () => page.evaluate(() => Number(localStorage.getItem("postroom-session-used")));
	const minute = async () => {
		const polled = page.waitForResponse((r) => r.request().headers()["x-amz-target"] === "Postroom.GetStatistics");
		await page.clock.fastForward("01:05");
		const answer = await polled;
		expect(answer.status()).toBe(200);
		await answer.finished();
		return answer.request().headers()["x-postroom-polled"];
	};
	const before = await used();
	expect(await minute()).toBe("true");
	expect(await minute()).toBe("true");
	await expect.poll(used).toBe(before);
	await page.keyboard.press("Shift");
	expect(await minute()).toBeUndefined();
	await expect.poll(used).toBeGreaterThan(before);
	expect(await minute()).toBe("true");
});

test("a double click is one call", async () => {
	const page = await w.signedIn(`${w.endpoints.region}${nobody}`);
	const calls: string[] = [];
	page.on("request", (r) => calls.push(r.headers()["x-amz-target"] ?? ""));
	await fillIn(page, "only-once");
	await send(page).dblclick();
	await page.getByRole("heading", { name: "Administrator only-once was created" }).waitFor();
	expect(calls.filter((c) => c === "Postroom.CreateAdministrator")).toEqual(["Postroom.CreateAdministrator"]);
});

test("a slow and a dead server: it says that it works, and nothing typed is lost", async () => {
	const page = await w.signedIn(`${w.endpoints.region}${nobody}`);
	await fillIn(page, "patient");
	let go = () => {};
	const gate = new Promise<void>((open) => {
		go = open;
	});
	await page.route("**/", async (route) => {
		await gate;
		await route.continue();
	});
	await send(page).click();
	await expect.poll(() => send(page).getAttribute("aria-disabled")).toBe("true");
	await shot(page, "slow");
	go();
	await page.getByRole("heading", { name: "Administrator patient was created" }).waitFor();

	await page.unroute("**/");
	await page.goto(`${w.endpoints.console}${w.endpoints.region}${nobody}`);
	await fillIn(page, "stubborn");
	await page.route("**/", (route) => route.abort());
	await send(page).click();
	await seen(page, "The server cannot be reached. Nothing that you typed is lost");
	await axe(page);
	await shot(page, "server-gone");
	await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("stubborn");
	await page.unroute("**/");
	// An answer that is none of the API's, such as a proxy's.
	await page.route("**/", (route) => route.fulfill({ status: 502, body: "<html>Bad Gateway</html>" }));
	await send(page).click();
	await seen(page, "The server's answer could not be read");
	await page.unroute("**/");
	await send(page).click();
	await page.getByRole("heading", { name: "Administrator stubborn was created" }).waitFor();
});

test("the real server dies: what was typed stays", async () => {
	const page = await w.signedIn(`${w.endpoints.region}${nobody}`);
	await fillIn(page, "survivor");
	await w.stop();
	await send(page).click();
	await seen(page, "The server cannot be reached");
	await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("survivor");
	await w.restart();
});

test("the back button asks before typed work is left", async () => {
	const page = await w.signedIn(`${w.endpoints.region}/administrators`);
	await page.getByRole("button", { name: "Create administrator" }).click();
	await fillIn(page, "half-typed");
	await page.goBack({ waitUntil: "commit" }).catch(() => undefined);
	expect(await leaving(page, false)).toContain("is not saved");
	await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("half-typed");
	expect(page.url()).toContain("/administrators/new");
	// So does signing out.
	await page.getByRole("button", { name: "admin", exact: true }).click();
	await page.getByRole("menuitem", { name: "Sign out" }).click();
	expect(await leaving(page, false)).toContain("is not saved");
	await expect.poll(() => page.getByLabel("Name", { exact: true }).inputValue()).toBe("half-typed");
});

test("the back button asks before what was typed in a dialog is left", async () => {
	const page = await w.signedIn(w.at(""));
	await page.getByRole("link", { name: "Users", exact: true }).first().click();
	await page.getByRole("checkbox", { name: "Select alice" }).check();
	await page.getByRole("button", { name: "Reset password" }).click();
	const dialog = page.getByRole("dialog", { name: /password/ });
	await dialog.getByLabel("New password").fill("Half-typed-1");
	await page.goBack({ waitUntil: "commit" }).catch(() => undefined);
	expect(await leaving(page, false)).toContain("is not saved");
	await expect.poll(() => dialog.getByLabel("New password").inputValue()).toBe("Half-typed-1");
	await page.goBack({ waitUntil: "commit" }).catch(() => undefined);
	await leaving(page, true);
	await dialog.waitFor({ state: "hidden" });
});

test("names that are markup show as text", async () => {
	const nasty = `<script>window.pwned=1</script><img src=x onerror=window.pwned=1>`;
	await w.signedIn(undefined, { userAgent: nasty });
	const page = await w.signedIn(`${w.endpoints.region}/account?tab=sessions`);
	await page.getByText(nasty).first().waitFor();
	await axe(page);
	// In places of the address, and in what the server says back.
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/administrators/${encodeURIComponent(nasty)}`);
	await seen(page, "The administrator id has too many characters");
	await page.goto(`${w.endpoints.console}${w.endpoints.region}/administrators?q=${encodeURIComponent(nasty)}`);
	await page.getByText("No matches", { exact: true }).waitFor();
	await page.goto(`${w.endpoints.console}${encodeURIComponent(nasty)}/organizations`);
	await seen(page, `There is no region ${nasty} here`);
	await expect.poll(() => page.evaluate(() => (window as unknown as { pwned?: number }).pwned)).toBeUndefined();
});
