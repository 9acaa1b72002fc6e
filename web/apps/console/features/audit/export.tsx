import Button from "@cloudscape-design/components/button";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type AuditRecord, call, dateOf, type ListAuditRecordsRequest } from "@postroom/api";
import { dated, formatCsv, saveFile } from "@postroom/csv";
import { ended } from "@postroom/session";
import { explain, notify, percent } from "@postroom/ui";
import { useEffect, useRef, useState } from "react";
import { t } from "./words.ts";

/** So many records go into one file: what a browser holds and a table program opens. */
const most = 50_000;

const header = [
	"time",
	"actor",
	"operation",
	"target",
	"target_name",
	"outcome",
	"error",
	"source",
	"detail",
	"organization_id",
	"region",
	"request_id",
	"record_id",
];

const line = (r: AuditRecord): (string | undefined)[] => [
	dateOf(r.Time)?.toISOString(),
	r.Actor,
	r.Operation,
	r.Target,
	r.TargetName,
	r.Outcome,
	r.ErrorCode,
	r.SourceAddress,
	r.Detail,
	r.OrganizationId,
	r.Region,
	r.RequestId,
	r.RecordId,
];

/** Exports what a filter fits, one file at a time; who leaves the page wants it no more. */
export function useExport(region: string) {
	const [count, setCount] = useState<number>();
	const running = useRef<AbortController>(undefined);
	useEffect(() => () => running.current?.abort(), []);
	const start = async (input: ListAuditRecordsRequest) => {
		if (running.current) return;
		running.current = new AbortController();
		setCount(0);
		await read(region, input, running.current.signal, setCount);
		running.current = undefined;
		setCount(undefined);
	};
	return { count, start, stop: () => running.current?.abort() };
}

/** How far an export is; nothing where none runs. */
export function ExportProgress({ count, stop }: { count: number | undefined; stop: () => void }) {
	if (count === undefined) return null;
	return (
		<SpaceBetween direction="horizontal" size="s" alignItems="center">
			<ProgressBar
				value={percent(count, most)}
				additionalInfo={t("exporting", { count })}
				ariaLabel={t("exportingLabel")}
			/>
			<Button onClick={stop}>{t("exportCancel")}</Button>
		</SpaceBetween>
	);
}

/** Reads all pages, newest first, and saves them as one CSV file. */
async function read(
	region: string,
	input: ListAuditRecordsRequest,
	signal: AbortSignal,
	tell: (count: number) => void,
) {
	const parts = [formatCsv([header])];
	let count = 0;
	let token: string | undefined;
	try {
		do {
			const asked = { ...input, MaxResults: 100, NextToken: token };
			const page = await call("ListAuditRecords", asked, { region, signal });
			const records = (page.Records ?? []).slice(0, most - count);
			count += records.length;
			parts.push(formatCsv(records.map(line)));
			token = page.NextToken;
			tell(count);
		} while (token && count < most);
	} catch (error) {
		ended(error);
		if (signal.aborted) notify({ type: "info", content: t("exportCancelled") });
		else notify({ type: "error", header: t("exportFailed", { count }), content: explain(error) });
		return;
	}
	saveFile(dated(t("exportFile")), parts);
	const content = t("exported", { count });
	notify(
		token ? { type: "warning", content: `${content} ${t("exportMore", { most })}` } : { type: "success", content },
	);
}
