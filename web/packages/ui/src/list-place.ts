import { useEffect } from "react";
import { pageIn, usePageNumber, useQuery, valueIn } from "./place.ts";
import { kept, useKept } from "./preferences.ts";

/** What of a list is seen. */
export interface ListView {
	q: string;
	page: number;
	sort: string;
	descending: boolean;
	size: number;
}

/**
 * Where in a list the reader is: filter, sort and page lie in the URL, the page's
 * size with the reader. The last sort that the reader chose lies there too, for a
 * URL that says none; it is written to the URL, so that a link shows the same.
 */
export interface ListPlace extends ListView {
	setQ: (q: string) => void;
	setPage: (page: number) => void;
	setSort: (sort: string, descending: boolean) => void;
	preferences: Preferences;
	setPreferences: (p: Preferences) => void;
}

interface Preferences {
	size: number;
	wrap: boolean;
	/** Ids of the columns shown; undefined: those that are not hidden. */
	columns?: string[];
	/** As in the URL. */
	sort?: string;
}

/** The longest filter that the server takes, in characters. */
const longest = 256;

const usual: Preferences = { size: 25, wrap: false };
const keyOf = (name: string): string => `list.${name}`;
/** What `isFilter` takes, of what is typed or pasted. */
const filterOf = (text: string): string => [...text.replace(/\p{Cc}/gu, " ")].slice(0, longest).join("");
const isFilter = (text: string): boolean => filterOf(text) === text;
const isSort = (sorts: readonly string[]) => (text: string) => sorts.includes(text.replace(/^-/, ""));

const orderOf = (sort: string) => ({ sort: sort.replace(/^-/, ""), descending: sort.startsWith("-") });

/** The sort of a URL that says none. */
const usualSort = (preferences: Preferences, first: string, sorts: readonly string[]): string =>
	preferences.sort && isSort(sorts)(preferences.sort) ? preferences.sort : first;

/** `sorts` are the values of `sort` that the columns have. */
export function useListPlace(name: string, sortFirst: string, sorts: readonly string[]): ListPlace {
	const [q, setQ] = useQuery("q", "", isFilter);
	const [page, setPage] = usePageNumber();
	const [asked, setSort] = useQuery("sort", "", isSort(sorts));
	const [preferences, setPreferences] = useKept(keyOf(name), usual);
	const sort = asked || usualSort(preferences, sortFirst, sorts);
	const unsaid = asked === "" && sort !== sortFirst;
	useEffect(() => {
		if (unsaid) setSort(sort);
	}, [unsaid, sort, setSort]);
	return {
		q,
		setQ: (text) => {
			setQ(filterOf(text));
			setPage(1);
		},
		page,
		setPage,
		...orderOf(sort),
		setSort: (by, down) => {
			const next = down ? `-${by}` : by;
			setSort(next);
			setPreferences({ ...preferences, sort: next });
			setPage(1);
		},
		size: preferences.size,
		preferences,
		setPreferences,
	};
}

/** What `useListPlace` will say of an address, before there is a list. */
export function listViewIn(
	query: URLSearchParams,
	name: string,
	sortFirst: string,
	sorts: readonly string[],
): ListView {
	const preferences = kept(keyOf(name), usual);
	return {
		q: valueIn(query, "q", "", isFilter),
		page: pageIn(query),
		...orderOf(valueIn(query, "sort", "", isSort(sorts)) || usualSort(preferences, sortFirst, sorts)),
		size: preferences.size,
	};
}
