import { expect, test } from "vitest";
import { inputOf, textOf, timeOf, unfiltered } from "./filter.ts";

const any = { ...unfiltered, reads: "shown" };

test("the time in the address is read as it was written, and what is none is any time", () => {
	for (const text of ["6-hour", "30-day", "2026-01-02T00:00:00Z/2026-01-03T00:00:00Z"])
		expect(textOf(timeOf(text))).toBe(text);
	for (const text of ["", "6-lightyear", "x/y", "hour", "2026-01-02", "99999-day", "/"])
		expect(timeOf(text)).toBeNull();
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
