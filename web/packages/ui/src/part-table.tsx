import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { ReactNode } from "react";
import { ErrorBox } from "./errors.tsx";
import { useStacked } from "./stacked.tsx";
import { t } from "./words.ts";

export interface PartColumn<T> {
	id: string;
	header: string;
	cell: (item: T) => ReactNode;
	/** The name of the row for those who hear it. */
	rowHeader?: boolean;
}

/** A short list that is part of a page and is shown whole: keys, sessions. */
export function PartTable<T>(props: {
	header: string;
	description?: ReactNode;
	columns: readonly PartColumn<T>[];
	/** Undefined while loading. */
	items: readonly T[] | undefined;
	error?: unknown;
	again: () => void;
	id: (item: T) => string;
	empty: string;
	actions?: ReactNode;
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
			columnDefinitions={stacked<T>(
				props.columns.map((c) => ({
					id: c.id,
					header: c.header,
					cell: c.cell,
					isRowHeader: c.rowHeader ?? false,
					minWidth: 120,
				})),
				true,
			)}
			header={
				<Header
					variant="h2"
					counter={props.items ? `(${props.items.length})` : ""}
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
			empty={
				<Box textAlign="center" color="text-body-secondary" padding="m">
					{props.empty}
				</Box>
			}
			ariaLabels={{ tableLabel: props.header }}
		/>
	);
}
