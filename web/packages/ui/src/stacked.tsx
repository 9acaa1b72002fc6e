import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TableProps } from "@cloudscape-design/components/table";
import { useNarrow } from "./narrow.ts";

type Columns<T> = readonly TableProps.ColumnDefinition<T>[];

/** On a phone the columns of a table lie beyond its edge: there each row is one cell, its parts below each other. */
export function useStacked(): <T>(columns: Columns<T>) => Columns<T> {
	const narrow = useNarrow();
	return (columns) =>
		narrow
			? [
					{
						id: "row",
						header: columns[0]?.header,
						isRowHeader: true,
						cell: (item) => (
							<SpaceBetween size="xxs">
								{columns.map((c) => (
									<div key={c.id}>{c.cell(item)}</div>
								))}
							</SpaceBetween>
						),
					},
				]
			: columns;
}
