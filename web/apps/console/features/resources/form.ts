import { t } from "./words.ts";

/** What is wrong with a resource's name before it is sent. */
export function nameFault(name: string): string | undefined {
	if (name === "") return t("nameMissing");
	if ([...name].length > 20) return t("nameLong");
	if (!/^[A-Za-z0-9_.-]+$/.test(name)) return t("nameForm");
	return undefined;
}

export function textFault(text: string): string | undefined {
	return [...text].length > 64 ? t("textLong") : undefined;
}

/** Which field shows which refusal of the server. */
export const refusals = {
	name: ["NameAvailabilityException", "ReservedNameException", /name of a resource/i],
	text: [/description/i],
} satisfies Record<string, (string | RegExp)[]>;
