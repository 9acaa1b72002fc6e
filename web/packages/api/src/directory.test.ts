import { expect, test } from "vitest";
import { localPartOf } from "./index.ts";

test("a name becomes the local part of an address", () => {
	for (const [name, local] of [
		["Sales Team", "sales.team"],
		["  Größe & Maß ", "grosse.mass"],
		["Éric…Zoë", "eric.zoe"],
		["a..b", "a.b"],
		["Łukasz Þór Ærø", "lukasz.thor.aero"],
		["Straße_1-b", "strasse_1-b"],
		["jane@example.com", "jane"],
		["50%", "50"],
		["<script>alert(1)</script>", "script.alert.1.script"],
		["مجموعة", ""],
		["x".repeat(80), "x".repeat(64)],
		[`${"x".repeat(63)} y`, "x".repeat(63)],
	])
		expect(localPartOf(name ?? "")).toBe(local);
});
