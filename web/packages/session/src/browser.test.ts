import { expect, test } from "vitest";
import { browserName } from "./browser.ts";

test.each([
	["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140, Linux"],
	[
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
		"Chrome 139, Windows",
	],
	[
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0",
		"Edge 139, Windows",
	],
	[
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
		"Safari 18, iOS",
	],
	[
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
		"Safari 18, macOS",
	],
	["curl/8.14.1", "curl/8.14.1"],
	["<script>alert(1)</script>", "<script>alert(1)</script>"],
	["", "–"],
	[undefined, "–"],
])("%s is %s", (userAgent, name) => {
	expect(browserName(userAgent)).toBe(name);
});
