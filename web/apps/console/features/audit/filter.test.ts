import { expect, test } from "vitest";
import { fits, inputOf, textOf, timeOf, unfiltered } from "./filter.ts";

const any = { ...unfiltered, reads: "shown" };

test("the time in the address is read as it was written, and what is none is any time", () => {
	for (const text of ["6-hour", "30-day", "2026-01-02T00:00:00Z/2026-01-03T00:00:00Z"])
		expect(textOf(timeOf(text))).toBe(text);
	for (const text of ["", "6-lightyear", "x/y", "hour", "2026-01-02", "99999-day", "/"])
		expect(timeOf(text)).toBeNull();
});

test("any name of an operation fits, and what the API cannot take does not", () => {
	for (const name of ["CreateUser", "createuser", "CheckMailDomain", "x".repeat(64), ""])
		expect(fits("operation", name)).toBe(true);
	for (const name of ["SMTP.AUTH", "Create User", "x".repeat(65)]) expect(fits("operation", name)).toBe(false);
	expect(fits("target", "🦉".repeat(256))).toBe(true);
	expect(fits("target", "x".repeat(257))).toBe(false);
	expect(fits("time", "6-hour")).toBe(true);
	expect(fits("time", "6-lightyear")).toBe(false);
	expect(fits("reads", "x")).toBe(false);
});

test("the filter becomes the API's, and what is empty is left out", () => {
	expect(inputOf(any, 0)).toEqual({});
	expect(inputOf({ ...any, time: "1-hour", actor: "admin" }, 7_200_000)).toEqual({ StartTime: 3600, Actor: "admin" });
	expect(inputOf(unfiltered, 0)).toEqual({ ChangesOnly: true });
	expect(inputOf({ ...any, time: "1970-01-01T00:00:01Z/1970-01-01T00:00:09Z", target: "=x" }, 0)).toEqual({
		StartTime: 1,
		EndTime: 9,
		Target: "=x",
	});
});
