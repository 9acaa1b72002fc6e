import type { DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import type { ListAuditRecordsRequest } from "@postroom/api";

/** What the list leaves out, as the address of the page has it. */
export interface Filter {
	/** "6-hour", or "FROM/TO" in ISO 8601; "": any time. */
	time: string;
	actor: string;
	operation: string;
	target: string;
	/** "shown": reads too; "": what was changed, or tried and refused. */
	reads: string;
}

export const names = ["time", "actor", "operation", "target", "reads"] as const;

/** What is shown where nothing else is asked for: all changes, also refused ones. */
export const unfiltered: Filter = { time: "", actor: "", operation: "", target: "", reads: "" };

/** Whether the API can take what a field has. */
export function fits(name: keyof Filter, value: string): boolean {
	if (value === "") return true;
	if (name === "time") return timeOf(value) !== null;
	if (name === "operation") return /^[A-Za-z0-9]{1,64}$/.test(value);
	if (name === "reads") return value === "shown";
	return [...value].length <= 256;
}

/** How many of the fields leave some changes out. */
export const narrowing = (f: Filter): number => names.filter((name) => name !== "reads" && f[name] !== "").length;

const units = ["minute", "hour", "day", "week", "month"] as const;
const milliseconds = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000 };

export type Unit = (typeof units)[number];

/** Reads the time of the URL; what cannot be read is any time. */
export function timeOf(text: string): DateRangePickerProps.Value | null {
	const relative = /^(\d{1,4})-([a-z]+)$/.exec(text);
	const unit = units.find((u) => u === relative?.[2]);
	if (relative && unit) return { type: "relative", amount: Number(relative[1]), unit, key: text };
	const [startDate = "", endDate = ""] = text.split("/");
	if (Number.isNaN(Date.parse(startDate)) || Number.isNaN(Date.parse(endDate))) return null;
	return { type: "absolute", startDate, endDate };
}

export function textOf(value: DateRangePickerProps.Value | null): string {
	if (!value) return "";
	return value.type === "relative" ? `${value.amount}-${value.unit}` : `${value.startDate}/${value.endDate}`;
}

/** The filter as the API takes it. `now` is in milliseconds. */
export function inputOf(filter: Filter, now: number): Omit<ListAuditRecordsRequest, "NextToken"> {
	const time = timeOf(filter.time);
	const input: ListAuditRecordsRequest = {};
	if (time?.type === "relative")
		input.StartTime = Math.floor((now - time.amount * milliseconds[time.unit as Unit]) / 1000);
	if (time?.type === "absolute") {
		input.StartTime = Date.parse(time.startDate) / 1000;
		input.EndTime = Date.parse(time.endDate) / 1000;
	}
	if (filter.actor) input.Actor = filter.actor;
	if (filter.operation) input.Operation = filter.operation;
	if (filter.target) input.Target = filter.target;
	if (!filter.reads) input.ChangesOnly = true;
	return input;
}
