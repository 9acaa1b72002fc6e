import type { UseQueryResult } from "@tanstack/react-query";
import { useListPlace } from "./list-place.ts";

const order = (a: unknown, b: unknown): number =>
	typeof (a ?? b) === "number" ? Number(a ?? 0) - Number(b ?? 0) : String(a ?? "").localeCompare(String(b ?? ""));

/** What ResourceList shows of a few things that were read whole: filtered, sorted and paged here. */
export function useWholeList<T>(props: {
	name: string;
	list: UseQueryResult<T[]>;
	/** Found where it is typed as a whole. */
	id: (item: T) => string;
	/** Found where a part of one is typed. */
	texts: (item: T) => readonly (string | undefined)[];
	/** What columns sort by; the first one is where the reader chose none. */
	sorts: readonly [keyof T & string, ...(keyof T & string)[]];
}) {
	const { name, list, id, texts, sorts } = props;
	const place = useListPlace(name, sorts[0], sorts);
	const text = place.q.toLowerCase();
	const by = place.sort as keyof T;
	const found = list.data
		?.filter((item) => id(item) === place.q || texts(item).some((part) => part?.toLowerCase().includes(text)))
		.sort((a, b) => order(a[by], b[by]) * (place.descending ? -1 : 1));
	return {
		name,
		place,
		items: found?.slice((place.page - 1) * place.size, place.page * place.size),
		total: found?.length ?? 0,
		unfiltered: list.data?.length ?? 0,
		loading: list.isFetching,
		error: list.error,
		again: () => void list.refetch(),
		id,
	};
}
