import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { type AuditRecord, call, dateOf, type Within } from "@postroom/api";
import { formatSecond } from "@postroom/i18n";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
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
export function AuditTable({ at: { region, org }, id }: { at: Within; id: string }) {
	const stacked = useStacked();
	/** What the rows are, and what is asked for: they stay until the others are here. */
	const [reads, setReads] = useState(false);
	const [wanted, setWanted] = useState(false);
	const question = (reads: boolean) =>
		infiniteQueryOptions({
			queryKey: [region, org, "audit-of", id, reads],
			queryFn: ({ pageParam }) => {
				const input = { OrganizationId: org, Target: id, ChangesOnly: !reads, NextToken: pageParam, MaxResults: 50 };
				return call("ListAuditRecords", input, { region });
			},
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.NextToken,
		});
	const list = useInfiniteQuery(question(reads));
	const next = useInfiniteQuery(question(wanted));
	if (reads !== wanted && next.data) setReads(wanted);
	const records = list.data?.pages.flatMap((p) => p.Records ?? []);
	const refresh = () => void next.refetch();
	const more = () => void list.fetchNextPage();
	if (list.error && !records) return <ErrorBox error={list.error} again={refresh} />;
	return (
		<SpaceBetween size="s">
			{next.error && !next.data && <ErrorBox header={t("auditUnread")} error={next.error} again={refresh} />}
			{list.isFetchNextPageError && <ErrorBox header={t("auditMoreUnread")} error={list.error} again={more} />}
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
								<Checkbox checked={wanted} onChange={({ detail }) => setWanted(detail.checked)}>
									{t("auditReads")}
								</Checkbox>
								<Button
									iconName="refresh"
									ariaLabel={t("refresh")}
									loading={list.isRefetching || next.isFetching}
									onClick={refresh}
								/>
							</SpaceBetween>
						}
					>
						{t("auditHeader")}
					</Header>
				}
				empty={<Box color="text-body-secondary">{t("auditEmpty")}</Box>}
				footer={
					list.hasNextPage && (
						<Box textAlign="center">
							<Button loading={list.isFetchingNextPage} onClick={more}>
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
		</SpaceBetween>
	);
}
