import { t } from "./words.ts";

/** Why a text is no alias; undefined: it is one, as far as can be told here. */
export function aliasFault(alias: string): string | undefined {
	if (alias === "") return t("aliasMissing");
	const strange = [...alias].find((c) => !/[a-zA-Z0-9-]/.test(c));
	if (strange !== undefined) return t("aliasCharacters", { character: strange === " " ? "a space" : `“${strange}”` });
	if (alias.length > 62) return t("aliasLong", { count: alias.length });
	if (/^d-/i.test(alias)) return t("aliasDirectory");
	if (!/^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/.test(alias)) return t("aliasHyphens");
	return undefined;
}
