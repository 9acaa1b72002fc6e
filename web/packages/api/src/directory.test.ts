import { expect, test } from "vitest";
import { localPartOf } from "./index.ts";

test("a name becomes the local part of an address", () => {
	for (const [name, local] of [
		["Sales Team", "sales.team"],
		["  Größe & Maß ", "grosse.mass"],
		["Éric…Zoë", "eric.zoe"],
		["a..b", "a.b"],
		["Łukasz Þór Ærø", "lukasz.thor.aero"],
		["Zoë O'Brien-Müller", "zoe.obrien-muller"],
		["D\u2019Angelo  Jr.", "dangelo.jr"],
		["Anna Maria van der Berg", "anna.maria.van.der.berg"],
		["İpek Yıldız", "ipek.yildiz"],
		["Marie\u2011Claire", "marie-claire"],
		["Ａｎｎａ Ｌｅｅ", "anna.lee"],
		["李 Wei", "wei"],
		["Иван Петров", ""],
		["Zo\u00eb\u200d", "zoe"],
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
