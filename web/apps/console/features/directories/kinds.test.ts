import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { presetOf } from "./kinds.ts";

/** What the server maps, read from its source: the screen must show the same. */
const source = readFileSync(join(import.meta.dirname, "../../../../../internal/connect/ldapdir/attributes.go"), "utf8");
const ours = new Map([...source.matchAll(/^\t(attr\w+)\s*= "(\w+)"/gm)].map((m) => [m[1] ?? "", m[2] ?? ""]));
const [, active = "", ldap = ""] = source.split("return attributes{");

const pairs = (text: string): Record<string, string> =>
	Object.fromEntries(
		[...(text.split("}")[0] ?? "").matchAll(/(attr\w+): "([^"]*)"/g)].map((m) => [ours.get(m[1] ?? ""), m[2]]),
	) as Record<string, string>;

test("the preset of Active Directory is the server's", () => {
	expect(presetOf("AD_CONNECTOR")).toEqual(pairs(active));
});

test("the preset of LDAP is the server's", () => {
	expect(presetOf("LDAP")).toEqual(pairs(ldap));
});
