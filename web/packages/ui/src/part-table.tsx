import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import type { Column } from "./column.ts";
import { counter } from "./counter.ts";
import { ErrorBox } from "./errors.tsx";
import { useStacked } from "./stacked.tsx";
import { t } from "./words.ts";

/** A list that is part of a page: keys, sessions. */
export function PartTable<T>(props: {
	header: string;
	description?: ReactNode;
	columns: readonly Column<T>[];
	/** Undefined while loading. */
	items: readonly T[] | undefined;
	error?: unknown;
	again: () => void;
	id: (item: T) => string;
	empty: string;
	actions?: ReactNode;
	/** The way to the others, where these are not all. */
	pagination?: ReactNode;
}) {
	const stacked = useStacked();
	if (props.error && !props.items) return <ErrorBox error={props.error} again={props.again} header={props.header} />;
	return (
		<Table<T>
			variant="container"
			wrapLines
			items={props.items ?? []}
			trackBy={(item) => props.id(item)}
			loading={props.items === undefined}
			loadingText={t("loading")}
			columnDefinitions={stacked<T>(props.columns, true)}
			header={
				<Header
					variant="h2"
					counter={props.items && !props.pagination ? counter(props.items.length) : ""}
					description={props.description}
					actions={
						props.actions && (
							<SpaceBetween direction="horizontal" size="xs">
								{props.actions}
							</SpaceBetween>
						)
					}
				>
					{props.header}
				</Header>
			}
			pagination={props.pagination}
			empty={
				<Box textAlign="center" color="text-body-secondary" padding="m">
					{props.empty}
				</Box>
			}
			ariaLabels={{ tableLabel: props.header }}
		/>
	);
}
