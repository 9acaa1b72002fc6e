import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { type Column, ErrorBox, explain, usePageNumber, useStacked } from "@postroom/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { t } from "./words.ts";

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
	loading: boolean;
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
		loading: list.isFetching,
		error: list.error,
		again: () => void list.refetch(),
	};
}

/** A table that is part of a page, with its states. */
export function PagedTable<T>(props: {
	header: string;
	/** Of all, where it is known. */
	counter?: string | undefined;
	description?: ReactNode;
	actions?: ReactNode;
	list: Paged<T>;
	columns: readonly Column<T>[];
	id: (item: T) => string;
	empty: string;
}) {
	const { list } = props;
	const stacked = useStacked();
	if (list.error && !list.items) return <ErrorBox header={props.header} error={list.error} again={list.again} />;
	return (
		<SpaceBetween size="xs">
			{list.error ? <Alert type="warning">{explain(list.error)}</Alert> : null}
			<Table<T>
				variant="container"
				wrapLines
				items={list.items ?? []}
				trackBy={(item) => props.id(item)}
				loading={list.items === undefined}
				loadingText={t("loading")}
				columnDefinitions={stacked<T>(
					props.columns.map((c) => ({
						id: c.id,
						header: c.header,
						cell: c.cell,
						isRowHeader: c.rowHeader ?? false,
						...(c.minWidth ? { minWidth: c.minWidth } : {}),
					})),
				)}
				header={
					<Header
						variant="h2"
						description={props.description}
						actions={props.actions}
						{...(props.counter ? { counter: props.counter } : {})}
					>
						{props.header}
					</Header>
				}
				pagination={
					(list.pages > 1 || list.more) && (
						<Pagination
							currentPageIndex={list.page}
							pagesCount={list.pages}
							openEnd={list.more}
							onChange={(event) => list.setPage(event.detail.currentPageIndex)}
							ariaLabels={{
								nextPageLabel: t("nextPage", { name: props.header }),
								previousPageLabel: t("previousPage", { name: props.header }),
								pageLabel: (page) => t("page", { page }),
								paginationLabel: props.header,
							}}
						/>
					)
				}
				empty={
					<Box textAlign="center" color="text-body-secondary" padding="s">
						{props.empty}
					</Box>
				}
				ariaLabels={{ tableLabel: props.header }}
			/>
		</SpaceBetween>
	);
}
