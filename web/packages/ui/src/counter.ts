import { formatNumber } from "@postroom/i18n";
import { t } from "./words.ts";

/** What stands behind a list's name: how many are chosen, or found, of all. */
export function counter(all: number, found = all, chosen = 0): string {
	if (chosen > 0) return `(${formatNumber(chosen)}/${formatNumber(all)})`;
	return `(${found < all ? t("ofAll", { count: found, all }) : formatNumber(all)})`;
}
