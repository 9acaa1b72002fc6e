/**
 * The words of the web apps, of which each feature has a catalogue of its own, and
 * the forms of dates and numbers. It knows no React and no app.
 */

/** A catalogue: keys to texts with {name} places; a key with `_one` is for a count of one. */
export type Catalogue = Readonly<Record<string, string>>;

export type Values = Readonly<Record<string, string | number>>;

/** The languages to choose from. They have the same words, and dates and times of their own. */
export const languages = ["en-US", "en-GB"] as const;
export type Language = (typeof languages)[number];

/** The language for a reader's browser: without a word of the US, the day comes before the month and a day has 24 hours. */
export const languageFor = (browser: string): Language => (browser === "en-US" ? "en-US" : "en-GB");

/** The language of the page, from <html lang>. */
export function language(): string {
	return typeof document === "undefined" ? "en" : document.documentElement.lang || "en";
}

/** Who shows words renders anew after it. */
export function setLanguage(chosen: Language): void {
	document.documentElement.lang = chosen;
}

/** Makes the translator of a catalogue: t("key", {name: …}). With `count` the key `KEY_one` is taken for one. */
export function translator<C extends Catalogue>(catalogue: C) {
	return (key: keyof C & string, values: Values = {}): string => {
		const one = `${key}_one`;
		const text = catalogue[values.count === 1 && one in catalogue ? one : key] ?? key;
		return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
			const value = values[name];
			if (value === undefined) return whole;
			return typeof value === "number" ? formatNumber(value) : value;
		});
	};
}

export function formatNumber(n: number): string {
	return new Intl.NumberFormat(language()).format(n);
}

/** A moment, in the reader's zone. */
export function formatMoment(date: Date | undefined): string {
	if (!date) return "–";
	return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(date);
}

/** A moment to the second: records of one minute are told apart. */
export function formatSecond(date: Date | undefined): string {
	if (!date) return "–";
	return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "medium" }).format(date);
}

export function formatDay(date: Date | undefined): string {
	return date ? new Intl.DateTimeFormat(language(), { dateStyle: "long" }).format(date) : "–";
}

/** A moment on an axis of days, or of hours. */
export function formatTick(date: Date, step: "day" | "hour"): string {
	return new Intl.DateTimeFormat(
		language(),
		step === "day" ? { month: "short", day: "numeric" } : { weekday: "short", hour: "numeric" },
	).format(date);
}

/** Bytes as people read them: 1.5 GB. */
export function formatBytes(bytes: number): string {
	const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
	let step = 0;
	let value = bytes;
	while (value >= 1000 && step < units.length - 1) {
		value /= 1024;
		step++;
	}
	return new Intl.NumberFormat(language(), {
		style: "unit",
		unit: units[step] ?? "byte",
		unitDisplay: step === 0 ? "long" : "short",
		maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
	}).format(value);
}
