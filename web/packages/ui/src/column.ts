import type { TableProps } from "@cloudscape-design/components/table";

/** A column of a list; it sorts where it names what the server sorts by. */
export interface Column<T> extends TableProps.ColumnDefinition<T> {
	id: string;
	header: string;
	/** Always shown. */
	always?: boolean;
	/** Not shown until the reader asks for it. */
	hidden?: boolean;
}
