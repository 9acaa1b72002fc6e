import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { type AuditRecord, dateOf, type ListAuditRecordsResponse } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { ended } from "@postroom/session";
import { useCallback, useEffect, useState } from "react";
import { t } from "./entry-words.ts";
import { ErrorBox } from "./errors.tsx";

const signs = { SUCCESS: "success", REFUSED: "warning", FAILED: "error" } as const;

/** What was done to one thing, newest first, a page at a time. */
export function AuditTable({ load }: { load: (token: string | undefined) => Promise<ListAuditRecordsResponse> }) {
	const [records, setRecords] = useState<AuditRecord[]>();
	const [token, setToken] = useState<string>();
	const [error, setError] = useState<unknown>();
	const [busy, setBusy] = useState(false);
	const read = useCallback(
		async (from: string | undefined) => {
			setBusy(true);
			try {
				const page = await load(from);
				setRecords((old) => [...(from ? (old ?? []) : []), ...(page.Records ?? [])]);
				setToken(page.NextToken);
				setError(undefined);
			} catch (e) {
				ended(e);
				setError(e);
			} finally {
				setBusy(false);
			}
		},
		[load],
	);
	useEffect(() => void read(undefined), [read]);
	if (error !== undefined && !records) return <ErrorBox error={error} again={() => void read(undefined)} />;
	return (
		<Table<AuditRecord>
			items={records ?? []}
			trackBy={(r) => r.RecordId ?? ""}
			loading={!records}
			loadingText={t("loading")}
			wrapLines
			header={
				<Header
					variant="h2"
					actions={
						<Button iconName="refresh" ariaLabel={t("refresh")} loading={busy} onClick={() => void read(undefined)} />
					}
				>
					{t("auditHeader")}
				</Header>
			}
			empty={<Box color="text-body-secondary">{t("auditEmpty")}</Box>}
			footer={
				token && (
					<Box textAlign="center">
						<Button loading={busy} onClick={() => void read(token)}>
							{t("auditMore")}
						</Button>
					</Box>
				)
			}
			ariaLabels={{ tableLabel: t("auditHeader") }}
			columnDefinitions={[
				{ id: "time", header: t("auditTime"), isRowHeader: true, cell: (r) => formatMoment(dateOf(r.Time)) },
				{ id: "operation", header: t("auditOperation"), cell: (r) => (r.Operation ?? "").replace(/^.*\./, "") },
				{ id: "detail", header: t("auditDetail"), cell: (r) => r.Detail ?? "–" },
				{ id: "actor", header: t("auditActor"), cell: (r) => r.Actor ?? "–" },
				{
					id: "outcome",
					header: t("auditOutcome"),
					cell: (r) => (
						<StatusIndicator type={signs[r.Outcome ?? "SUCCESS"]}>
							{t(r.Outcome ?? "SUCCESS")}
							{r.ErrorCode ? `: ${r.ErrorCode}` : ""}
						</StatusIndicator>
					),
				},
				{ id: "source", header: t("auditSource"), cell: (r) => r.SourceAddress ?? "–" },
			]}
		/>
	);
}
