import { expect, test } from "vitest";
import { generatePassword, isGenerated, passwordFaults } from "./password.tsx";

test("a generated password can be read out, and passes the policies", () => {
	const seen = new Set<string>();
	for (let i = 0; i < 500; i++) {
		const password = generatePassword();
		expect(password).toMatch(/^[A-Z][a-z2-9]{3}(-[a-z2-9]{4}){4}$/);
		expect(password).not.toMatch(/[01ilo]|[IO]/);
		expect(passwordFaults(password)).toBeUndefined();
		expect(isGenerated(password)).toBe(true);
		seen.add(password);
	}
	expect(seen.size).toBe(500);
});

test("one for a policy that wants more has more groups", () => {
	for (const [least, length] of [
		[0, 24],
		[24, 24],
		[25, 29],
		[30, 34],
	] as const)
		expect(generatePassword(least)).toHaveLength(length);
});

test("what somebody typed was not generated", () => {
	for (const typed of ["", "Sesame-Open-1", "correct horse battery", "Aaaa-bbbb-cccc-dddd"])
		expect(isGenerated(typed)).toBe(false);
});
