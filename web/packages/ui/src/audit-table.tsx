import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { type AuditRecord, dateOf, type ListAuditRecordsResponse } from "@postroom/api";
import { formatSecond } from "@postroom/i18n";
import { ended } from "@postroom/session";
import { useCallback, useEffect, useRef, useState } from "react";
import { AuditOutcome } from "./audit-outcome.tsx";
import { BreakableText } from "./breakable-text.tsx";
import { t } from "./entry-words.ts";
import { ErrorBox } from "./errors.tsx";
import { useStacked } from "./stacked.tsx";

const operationOf = (r: AuditRecord): string => (r.Operation ?? "").replace(/^.*\./, "");

/** What was set; why something was refused begins with the exception, which the outcome says. */
const detailOf = (r: AuditRecord): string =>
	(r.ErrorCode ? r.Detail?.replace(`${r.ErrorCode}: `, "") : r.Detail) || "–";

/** What was done to one thing, newest first, a page at a time; who looked at it only when asked for. */
export function AuditTable({
	load,
}: {
	load: (token: string | undefined, reads: boolean) => Promise<ListAuditRecordsResponse>;
}) {
	const stacked = useStacked();
	const [records, setRecords] = useState<AuditRecord[]>();
	const [token, setToken] = useState<string>();
	const [error, setError] = useState<unknown>();
	const [busy, setBusy] = useState(false);
	const [reads, setReads] = useState(false);
	/** Only the answer to the latest question is shown. */
	const asked = useRef(0);
	const read = useCallback(
		async (from: string | undefined) => {
			setBusy(true);
			const question = ++asked.current;
			try {
				const page = await load(from, reads);
				if (question !== asked.current) return;
				setRecords((old) => [...(from ? (old ?? []) : []), ...(page.Records ?? [])]);
				setToken(page.NextToken);
				setError(undefined);
			} catch (e) {
				ended(e);
				if (question === asked.current) setError(e);
			} finally {
				if (question === asked.current) setBusy(false);
			}
		},
		[load, reads],
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
			columnDefinitions={stacked<AuditRecord>(
				[
					{
						id: "time",
						header: t("auditTime"),
						minWidth: 215,
						isRowHeader: true,
						cell: (r) => formatSecond(dateOf(r.Time)),
					},
					{ id: "actor", header: t("auditActor"), minWidth: 90, cell: (r) => r.Actor ?? "–" },
					{
						id: "operation",
						header: t("auditOperation"),
						minWidth: 170,
						cell: (r) => <BreakableText text={operationOf(r)} />,
					},
					{ id: "outcome", header: t("auditOutcome"), minWidth: 160, cell: (r) => <AuditOutcome of={r} /> },
					{ id: "detail", header: t("auditDetail"), minWidth: 160, cell: detailOf },
					{ id: "source", header: t("auditSource"), minWidth: 110, cell: (r) => r.SourceAddress ?? "–" },
				],
				true,
			)}
		/>
	);
}
