import Alert from "@cloudscape-design/components/alert";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { explain, Pages, PartTable, usePageNumber } from "@postroom/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ComponentProps, useEffect } from "react";

/** Rows on a page of a part of the user page. */
export const rows = 25;

interface PageOf<T> {
	items: readonly T[];
	next: string | undefined;
}

/** A list that the server gives page by page, each with the token of the next. */
export interface Paged<T> {
	page: number;
	setPage: (page: number) => void;
	items: readonly T[] | undefined;
	/** Known so far. */
	pages: number;
	more: boolean;
	error: unknown;
	again: () => void;
}

/** Reads as far as the page that the URL names under `name`. */
export function usePaged<T>(
	name: string,
	key: readonly unknown[],
	read: (token: string | undefined, signal: AbortSignal) => Promise<PageOf<T>>,
): Paged<T> {
	const [wanted, setWanted] = usePageNumber(name);
	const list = useInfiniteQuery({
		queryKey: key,
		queryFn: ({ pageParam, signal }) => read(pageParam, signal),
		initialPageParam: undefined as string | undefined,
		getNextPageParam: (last) => last.next,
	});
	const have = list.data?.pages.length ?? 0;
	const { hasNextPage, isFetching, isError, fetchNextPage } = list;
	useEffect(() => {
		if (have > 0 && have < wanted && hasNextPage && !isFetching && !isError) void fetchNextPage();
	}, [have, wanted, hasNextPage, isFetching, isError, fetchNextPage]);
	const waiting = have < wanted && hasNextPage;
	const page = have === 0 || waiting ? wanted : Math.min(wanted, have);
	return {
		page,
		setPage: setWanted,
		items: list.data?.pages[page - 1]?.items,
		pages: Math.max(have, 1),
		more: hasNextPage,
		error: list.error,
		again: () => void list.refetch(),
	};
}

/** A part of the page with such a list. */
export function PagedTable<T>(
	props: Pick<
		ComponentProps<typeof PartTable<T>>,
		"header" | "description" | "columns" | "id" | "empty" | "actions"
	> & {
		list: Paged<T>;
	},
) {
	const { list, ...part } = props;
	return (
		<SpaceBetween size="xs">
			{list.error && list.items ? <Alert type="warning">{explain(list.error)}</Alert> : null}
			<PartTable<T>
				{...part}
				items={list.items}
				error={list.error}
				again={list.again}
				pagination={
					(list.pages > 1 || list.more) && (
						<Pages name={part.header} page={list.page} setPage={list.setPage} pages={list.pages} more={list.more} />
					)
				}
			/>
		</SpaceBetween>
	);
}
