import { expect, test } from "vitest";
import { arrived, lateCode } from "./late-code.ts";

const Here = () => null;

test("code that does not arrive is told in words, and asked for again", async () => {
	const raw = new TypeError("Failed to fetch dynamically imported module: /assets/x.js");
	await expect(arrived(Promise.reject(raw))).rejects.toThrow("A part of the console did not arrive.");
	let comes = false;
	const code = lateCode(async () => {
		if (!comes) throw raw;
		return { default: Here };
	});
	await expect(code.load()).rejects.toThrow("A part of the console did not arrive.");
	comes = true;
	await code.load();
	expect(code.here).toBe(Here);
});
