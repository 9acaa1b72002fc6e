import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TableProps } from "@cloudscape-design/components/table";
import { useNarrow } from "./narrow.ts";

type Columns<T> = readonly TableProps.ColumnDefinition<T>[];

/**
 * On a phone the columns of a table lie beyond its edge: there each row is one cell,
 * its parts below each other, with their names where the parts do not speak for themselves.
 */
export function useStacked(): <T>(columns: Columns<T>, named?: boolean) => Columns<T> {
	const narrow = useNarrow();
	return (columns, named = false) =>
		narrow
			? [
					{
						id: "row",
						header: columns[0]?.header,
						...(columns[0]?.sortingField ? { sortingField: columns[0].sortingField } : {}),
						isRowHeader: true,
						cell: (item) => (
							<div className="postroom-stacked">
								<SpaceBetween size="xxs">
									{columns.map((c, i) => (
										<div key={c.id}>
											{named && i > 0 && c.id !== "actions" && <Box display="inline">{c.header}: </Box>}
											{c.cell(item)}
										</div>
									))}
								</SpaceBetween>
							</div>
						),
					},
				]
			: columns;
}
