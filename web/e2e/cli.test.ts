import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import type { OperationName } from "@postroom/api";
import { targetOf } from "@postroom/api";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { cliCommand, isOwn, learnCommand } from "../packages/ui/src/cli-command.ts";
import { aws } from "./aws.ts";

import { world } from "./harness.ts";

interface Shape {
	type: string;
	members?: Record<string, { shape: string }>;
	member?: { shape: string };
	key?: { shape: string };
	value?: { shape: string };
	enum?: string[];
	min?: number;
}
interface Model {
	operations: Record<string, { input?: { shape: string } }>;
	shapes: Record<string, Shape>;
}

const models = resolve(import.meta.dirname, "../../internal/serve/awsapi/model");
const model = JSON.parse(readFileSync(join(models, "postroom.json"), "utf8")) as Model;

const w = world();
const cli = aws();
/** A server that does nothing. */
let echo: Server;
/** What came to it last, by target. */
const sent = new Map<string, unknown>();

const origin = (at: string) => vi.stubGlobal("window", { location: { origin: at } });

beforeAll(async () => {
	origin(new URL(w.endpoints.console).origin);
	await cli.run(learnCommand());
	// Debian's CLI is older than some of WorkMail's operations; a new one has them.
	await cli.run(`aws configure add-model --service-model file://${models}/workmail.json --service-name workmail`);
	echo = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		sent.set(String(request.headers["x-amz-target"]), JSON.parse(Buffer.concat(chunks).toString()));
		response.setHeader("Content-Type", "application/x-amz-json-1.1").end("{}");
	});
	await new Promise<void>((done) => echo.listen(0, "127.0.0.1", done));
});
afterAll(() => new Promise((done) => echo.close(done)));

/** Runs commands, several at once, and then looks at each. */
async function runAll(commands: Iterable<string>, env: Record<string, string>): Promise<void> {
	const waiting = [...commands];
	const worker = async () => {
		for (let command = waiting.pop(); command; command = waiting.pop()) await cli.run(command, env);
	};
	await Promise.all([worker(), worker(), worker()]);
}

const secret = "Correct-horse-7";
const pem = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n";
const texts = [
	"plain",
	"two words",
	"it's",
	"-dash",
	"--option=1",
	"https://a.example/?b=c&d",
	"[x",
	'{"a": 1}',
	"file:///etc/passwd",
	'$HOME `id` "q" \\ !x *',
	"a,b=c",
	"ünï",
	"~",
];

/** A full input of an operation, with the texts in turn. */
function full(operation: string): Record<string, unknown> {
	let turn = operation.length;
	const value = (name: string, shape: Shape): unknown => {
		if (shape.type === "structure")
			return Object.fromEntries(
				Object.entries(shape.members ?? {})
					.filter(([member]) => member !== "NextToken") // the AWS CLI turns the pages by itself
					.map(([member, of]) => [member, value(member, model.shapes[of.shape] as Shape)]),
			);
		if (shape.type === "list") {
			const of = model.shapes[shape.member?.shape ?? ""] as Shape;
			return [value(name, of), value(name, of)];
		}
		if (shape.type === "map") return { "a key": value(name, model.shapes[shape.value?.shape ?? ""] as Shape) };
		if (shape.type === "boolean") return turn++ % 2 === 0;
		if (shape.type === "timestamp") return 1_700_000_000;
		if (shape.type !== "string") return (shape.min ?? 0) + 7;
		if (/password|secret/i.test(name)) return secret;
		if (name === "CertificateAuthority") return pem;
		return shape.enum?.[0] ?? (texts[turn++ % texts.length] ?? "").padEnd(shape.min ?? 0, "x");
	};
	return value("", model.shapes[model.operations[operation]?.input?.shape ?? ""] ?? { type: "structure" }) as never;
}

/** What shall come: places stand for what is secret. */
const expected = (input: unknown) =>
	JSON.parse(
		JSON.stringify(input, (member, v) =>
			v !== secret ? v : member === "Password" ? "NEW_PASSWORD" : member.replace(/\B[A-Z]/g, "_$&").toUpperCase(),
		),
	);

const generous = 300_000; // of a busy machine: each command is a process

test("the AWS CLI sends what the commands of our own operations say", { timeout: generous }, async () => {
	origin(`http://127.0.0.1:${(echo.address() as AddressInfo).port}`);
	writeFileSync(join(cli.home, "CERTIFICATE_AUTHORITY"), pem);
	const names = Object.keys(model.operations) as OperationName[];
	expect(names.length).toBeGreaterThan(50);
	const commands = new Map(names.map((name) => [name, cliCommand("us-east-1", name, full(name))]));
	await runAll(commands.values(), { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" });
	for (const [name, command] of commands) {
		expect(command).not.toContain(secret);
		expect(sent.get(targetOf(name)), command).toEqual(expected(full(name)));
	}
});

test("the commands on the screens that only read run as they stand", { timeout: generous }, async () => {
	const { AccessKeyId = "", SecretAccessKey = "" } = await w.api("CreateAccessKey", {});
	const user = `users/${w.endpoints.users[0]?.id}`;
	const ofOrganization = [
		"",
		"users?q=ali",
		"groups?q=it's",
		"resources",
		"domains?q=-",
		"audit?time=1-hour",
		"tags",
		user,
	]
		.concat(["sign-ins", "permissions", "quota", "groups"].map((tab) => `${user}?tab=${tab}`))
		.map((path) => w.at(path));
	const others = [
		"organizations",
		"administrators",
		"directories",
		"account?tab=access-keys",
		"account?tab=sessions",
	].map((path) => `${w.endpoints.console}${w.endpoints.region}/${path}`);
	origin(new URL(w.endpoints.console).origin);
	const page = await w.signedIn();
	const shown = new Set<string>();
	for (const path of [...ofOrganization, ...others]) {
		await page.goto(path);
		const panels = page.getByText("The same with the AWS CLI").filter({ visible: true });
		await panels.first().waitFor();
		for (const panel of await panels.all()) await panel.click();
		const lines = page.locator("code").filter({ hasText: /^(aws|curl) /, visible: true });
		await lines.first().waitFor();
		const commands = await lines.allTextContents();
		// How the CLI learns ours is said where one of ours is shown.
		expect([...new Set(commands.filter((c) => c.startsWith("curl ")))], path).toEqual(
			commands.some(isOwn) ? [learnCommand()] : [],
		);
		for (const command of commands) shown.add(command);
	}
	const reading = [...shown].filter((c) => /^aws \w+ (list|find|get|describe)-/.test(c) && !c.includes("ADDRESS"));
	const operations = reading.filter(isOwn).map((c) => c.split(" ")[2]);
	for (const one of ["find-users", "find-mail-domains", "list-audit-records", "list-held-permissions", "list-sign-ins"])
		expect(operations).toContain(one);
	await runAll(reading, { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey });
	const found = reading.find((c) => c.includes("find-users")) ?? "";
	expect(
		await cli.run(`${found} --query 'Users[].Name' --output text`, {
			AWS_ACCESS_KEY_ID: AccessKeyId,
			AWS_SECRET_ACCESS_KEY: SecretAccessKey,
		}),
	).toBe("alice\n");
});
