import { go, usePlace, valueIn } from "@postroom/ui";
import { type Filter, fits, names } from "./filter.ts";

/** The filter in the URL: what does not fit, in a mistyped or crafted one, is none. Setting it goes back to the newest records. */
export function useFilter(): [Filter, (next: Partial<Filter>) => void] {
	const { query } = usePlace();
	const filter = Object.fromEntries(
		names.map((name) => [name, valueIn(query, name, "", (value) => fits(name, value))]),
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
