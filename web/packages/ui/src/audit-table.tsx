import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { type AuditRecord, dateOf, type ListAuditRecordsResponse } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { ended } from "@postroom/session";
import { useCallback, useEffect, useState } from "react";
import { t } from "./entry-words.ts";
import { ErrorBox } from "./errors.tsx";
import { useStacked } from "./stacked.tsx";

const signs = { SUCCESS: "success", REFUSED: "warning", FAILED: "error" } as const;

const operationOf = (r: AuditRecord): string => (r.Operation ?? "").replace(/^.*\./, "");

/** Who looked, not who changed: the console itself looks all the time. */
const isRead = (r: AuditRecord): boolean => /^(Describe|List|Get|Find|Check|Propose)/.test(operationOf(r));

/** So many changes are looked for, in so many pages at most, each time. */
const wanted = 25;
const pagesAtOnce = 10;

/** What was done to one thing, newest first, a page at a time; who looked at it only when asked for. */
export function AuditTable({ load }: { load: (token: string | undefined) => Promise<ListAuditRecordsResponse> }) {
	const stacked = useStacked();
	const [records, setRecords] = useState<AuditRecord[]>();
	const [token, setToken] = useState<string>();
	const [error, setError] = useState<unknown>();
	const [busy, setBusy] = useState(false);
	const [reads, setReads] = useState(false);
	const read = useCallback(
		async (from: string | undefined) => {
			setBusy(true);
			try {
				const found: AuditRecord[] = [];
				let next = from;
				for (let i = 0; i < pagesAtOnce; i++) {
					const page = await load(next);
					found.push(...(page.Records ?? []));
					next = page.NextToken;
					if (!next || found.filter((r) => !isRead(r)).length >= wanted) break;
				}
				setRecords((old) => [...(from ? (old ?? []) : []), ...found]);
				setToken(next);
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
			items={(records ?? []).filter((r) => reads || !isRead(r))}
			trackBy={(r) => r.RecordId ?? ""}
			loading={!records}
			loadingText={t("loading")}
			wrapLines
			header={
				<Header
					variant="h2"
					actions={
						<SpaceBetween direction="horizontal" size="m" alignItems="center">
							<Checkbox checked={reads} onChange={({ detail }) => setReads(detail.checked)}>
								{t("auditReads")}
							</Checkbox>
							<Button iconName="refresh" ariaLabel={t("refresh")} loading={busy} onClick={() => void read(undefined)} />
						</SpaceBetween>
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
			columnDefinitions={stacked<AuditRecord>([
				{ id: "time", header: t("auditTime"), isRowHeader: true, cell: (r) => formatMoment(dateOf(r.Time)) },
				{ id: "operation", header: t("auditOperation"), cell: operationOf },
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
			])}
		/>
	);
}
