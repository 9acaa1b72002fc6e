const browsers: readonly [string, RegExp][] = [
	["Edge", /\bEdg(?:e|A|iOS)?\/(\d+)/],
	["Opera", /\bOPR\/(\d+)/],
	["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
	["Chrome", /\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/],
	["Safari", /\bVersion\/(\d+)[\d.]* .*Safari\//],
];

const systems: readonly [string, RegExp][] = [
	["Windows", /Windows/],
	["Android", /Android/],
	["iOS", /iPhone|iPad/],
	["macOS", /Mac OS X|Macintosh/],
	["ChromeOS", /CrOS/],
	["Linux", /Linux/],
];

/**
 * What people call a browser, from its User-Agent: "Firefox 140, Linux". What
 * names no known one stays as it is; it is the sender's text and proves nothing.
 */
export function browserName(userAgent: string | undefined): string {
	if (!userAgent) return "–";
	for (const [name, form] of browsers) {
		const version = form.exec(userAgent)?.[1];
		if (version === undefined) continue;
		const system = systems.find(([, sign]) => sign.test(userAgent))?.[0];
		return system ? `${name} ${version}, ${system}` : `${name} ${version}`;
	}
	return userAgent;
}
