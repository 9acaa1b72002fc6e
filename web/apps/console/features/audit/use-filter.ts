import { operationNames } from "@postroom/api";
import { go, usePlace } from "@postroom/ui";
import { type Filter, names } from "./filter.ts";

/** A value that the API could not take, of a mistyped or crafted address, is none. */
const known = (name: keyof Filter, value: string): string => {
	if (name === "operation") return (operationNames as readonly string[]).includes(value) ? value : "";
	if (name === "reads") return value === "shown" ? value : "";
	return [...value].length <= 256 ? value : "";
};

/** The filter in the URL; setting it goes back to the newest records. */
export function useFilter(): [Filter, (next: Partial<Filter>) => void] {
	const { query } = usePlace();
	const filter = Object.fromEntries(
		names.map((name) => [name, known(name, query.get(name) ?? "")]),
	) as unknown as Filter;
	const set = (next: Partial<Filter>) => {
		const url = new URL(window.location.href);
		for (const [name, value] of Object.entries(next)) {
			if (value) url.searchParams.set(name, value);
			else url.searchParams.delete(name);
		}
		url.searchParams.delete("from");
		go(url.pathname + url.search, { replace: true, unguarded: true });
	};
	return [filter, set];
}
