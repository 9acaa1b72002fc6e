import { beforeAll, expect, test, vi } from "vitest";
import { cliCommand, isOwn, learnCommand } from "./cli-command.ts";

beforeAll(() => {
	vi.stubGlobal("window", { location: { origin: "https://mail.example" } });
});

const at = "--endpoint-url https://mail.example --region us-east-1";

test("WorkMail's operations and ours have the AWS CLI's own form", () => {
	const theirs = cliCommand("us-east-1", "RegisterToWorkMail", {
		OrganizationId: "m-1",
		EntityId: "a",
		Email: "a@b.example",
	});
	expect(theirs).toBe(
		`aws workmail register-to-work-mail ${at} --organization-id m-1 --entity-id a --email a@b.example`,
	);
	expect(isOwn(theirs)).toBe(false);
	const ours = cliCommand("us-east-1", "CreateAdministrator", { Name: "a b", Role: "FULL", AllOrganizations: true });
	expect(ours).toBe(`aws postroom create-administrator ${at} --name 'a b' --role FULL --all-organizations`);
	expect(isOwn(ours)).toBe(true);
});

test("what is not given is left out, and what is empty is not", () => {
	expect(cliCommand("us-east-1", "WhoAmI", {})).toBe(`aws postroom who-am-i ${at}`);
	expect(cliCommand("us-east-1", "FindGroups", { OrganizationId: "m-1", MemberId: "", Offset: 0 })).toBe(
		`aws postroom find-groups ${at} --organization-id m-1 --member-id '' --offset 0`,
	);
});

test("zsh takes no value for the path of a command", () => {
	expect(cliCommand("us-east-1", "CreateGroup", { Name: "=ls", OrganizationId: "a=b" })).toBe(
		`aws workmail create-group ${at} --name '=ls' --organization-id a=b`,
	);
});

test("a flag that is off is said too", () => {
	expect(cliCommand("us-east-1", "UpdateAdministrator", { AdministratorId: "a", Enabled: false })).toContain(
		"--administrator-id a --no-enabled",
	);
});

test("lists are words where they can be, else JSON", () => {
	const states = (...States: string[]) =>
		cliCommand("us-east-1", "FindUsers", { States } as never).slice(`aws postroom find-users ${at} `.length);
	expect(states("ENABLED", "DISABLED")).toBe("--states ENABLED DISABLED");
	expect(states("it's", "x")).toBe(`--states '["it'\\''s","x"]'`);
	expect(states("-x")).toBe(`--states '["-x"]'`);
	expect(states()).toBe("--states '[]'");
	expect(
		cliCommand("us-east-1", "ImportUsers", {
			Rows: [{ Line: 2, Name: "a", Groups: ["b"], HiddenFromGlobalAddressList: true }],
		}),
	).toBe(
		`aws postroom import-users ${at} --rows '[{"Line":2,"Name":"a","Groups":["b"],"HiddenFromGlobalAddressList":true}]'`,
	);
	expect(cliCommand("us-east-1", "TestDirectory", { Attributes: { mail: "x y" } })).toBe(
		`aws postroom test-directory ${at} --attributes '{"mail":"x y"}'`,
	);
});

test("what the AWS CLI would take for its own goes as JSON", () => {
	expect(cliCommand("us-east-1", "FindUsers", { Query: "an na", States: ["ENABLED"] })).toBe(
		`aws postroom find-users ${at} --states ENABLED --cli-input-json '{"Query":"an na"}'`,
	);
	expect(cliCommand("us-east-1", "FindUsers", { Query: "an\nna" })).toBe(
		`aws postroom find-users ${at} --cli-input-json '{"Query":"an\\nna"}'`,
	);
	for (const Description of ["-x", "file:///etc/passwd", "fileb://x", "http://a.example", "https://a.example"])
		expect(cliCommand("us-east-1", "CreateGroup", { Name: Description })).toBe(
			`aws workmail create-group ${at} --cli-input-json '{"Name":"${Description}"}'`,
		);
});

test("no secret is shown, at no depth", () => {
	const secret = "Correct-horse-7";
	const own = cliCommand("us-east-1", "ChangeOwnPassword", { OldPassword: secret, NewPassword: "" });
	expect(own).toBe(`aws postroom change-own-password ${at} --old-password OLD_PASSWORD --new-password NEW_PASSWORD`);
	const directory = cliCommand("us-east-1", "UpdateDirectory", { DirectoryId: "d-1", Secret: `-${secret}` });
	expect(directory).toBe(`aws postroom update-directory ${at} --directory-id d-1 --secret SECRET`);
	const rows = cliCommand("us-east-1", "ImportUsers", { Rows: [{ Name: "a", Password: secret }] });
	expect(rows).toBe(`aws postroom import-users ${at} --rows '[{"Name":"a","Password":"NEW_PASSWORD"}]'`);
});

test("a text of several lines is a file to fill", () => {
	expect(cliCommand("us-east-1", "TestDirectory", { CertificateAuthority: "-----BEGIN\nx\n" })).toBe(
		`aws postroom test-directory ${at} --certificate-authority file://CERTIFICATE_AUTHORITY`,
	);
});

test("the line that teaches the AWS CLI our operations names this server", () => {
	expect(learnCommand()).toBe(
		"curl -fsSO https://mail.example/postroom.json && aws configure add-model --service-model file://postroom.json --service-name postroom",
	);
});
