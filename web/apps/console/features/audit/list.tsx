import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { ApiError, type AuditRecord, call } from "@postroom/api";
import { hasAll } from "@postroom/session";
import {
	AuditOutcome,
	BreakableText,
	CliHint,
	cliCommand,
	ErrorBox,
	go,
	href,
	lateDialog,
	Missing,
	useQuery as usePart,
	usePlace,
	useStacked,
	useTitle,
} from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { About } from "./about.tsx";
import { ExportProgress, useExport } from "./export.tsx";
import { inputOf, narrowing, unfiltered } from "./filter.ts";
import { Filters } from "./filters.tsx";
import { momentOf, operationOf } from "./records.ts";
import { useFilter } from "./use-filter.ts";
import { t } from "./words.ts";

const RecordDetails = lateDialog(() => import("./record.tsx"));

const size = 50;

/** The tokens by which pages were left, newest page first: the way back. */
function usePages() {
	const { query } = usePlace();
	const [seen, setSeen] = useState<readonly string[]>([]);
	const from = query.get("from") ?? "";
	const to = (token: string, replace = false) => {
		const url = new URL(window.location.href);
		if (token) url.searchParams.set("from", token);
		else url.searchParams.delete("from");
		go(url.pathname + url.search, { unguarded: true, replace });
	};
	return {
		from,
		next: (token: string) => {
			setSeen([...seen.slice(0, seen.indexOf(from) + 1 || undefined), ...(seen.includes(from) ? [] : [from]), token]);
			to(token);
		},
		/** The page before, or the newest where this one was come to by its address. */
		previous: () => to(seen[seen.indexOf(from) - 1] ?? ""),
		newest: () => to(""),
		/** Forgets a token that is none. */
		forget: () => to("", true),
	};
}

/** The audit log of an organization, or without one of the deployment. */
export default function Audit(at: { region: string; org: string }) {
	if (at.org || hasAll()) return <Log {...at} />;
	const to = { text: t("toOrganizations"), href: href(at.region, "organizations") };
	return <Missing title={t("notYours")} help={t("notYoursHelp")} to={to} />;
}

function Log({ region, org }: { region: string; org: string }) {
	const title = t(org ? "title" : "titleDeployment");
	useTitle(title);
	const stacked = useStacked();
	const [filter, setFilter] = useFilter();
	const pages = usePages();
	const [open, setOpen] = usePart("record");
	const exporting = useExport(region);
	const scope = org ? { OrganizationId: org } : {};
	const found = useQuery({
		queryKey: [region, org, "audit", filter, pages.from],
		queryFn: () =>
			call(
				"ListAuditRecords",
				{
					...scope,
					...inputOf(filter, Date.now()),
					MaxResults: size,
					...(pages.from ? { NextToken: pages.from } : {}),
				},
				{ region },
			),
		placeholderData: (before) => before,
	});
	// A token of another list, or of an old address, leads to the newest records.
	const lost = pages.from !== "" && found.error instanceof ApiError && found.error.status === 400;
	const { forget } = pages;
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for each refusal
	useEffect(() => {
		if (lost) forget();
	}, [lost]);
	const records = found.data?.Records ?? [];
	const token = found.data?.NextToken ?? "";
	const filtered = narrowing(filter) > 0;
	const clear = () => setFilter({ ...unfiltered, reads: filter.reads });
	// The record that was opened stays what it is, whatever the list then shows.
	const narrow = (next: Parameters<typeof setFilter>[0]) => {
		setOpen("");
		setFilter(next);
	};
	return (
		<>
			{found.error && !found.data ? (
				<SpaceBetween size="m">
					<ErrorBox page={title} error={found.error} again={() => void found.refetch()} />
					{(filtered || pages.from) && (
						<Button
							onClick={() => {
								pages.newest();
								clear();
							}}
						>
							{t("clear")}
						</Button>
					)}
				</SpaceBetween>
			) : (
				<Table<AuditRecord>
					variant="full-page"
					stickyHeader
					wrapLines
					items={records}
					trackBy={(r) => r.RecordId ?? ""}
					loading={found.isPending}
					loadingText={t("loading")}
					ariaLabels={{ tableLabel: title }}
					header={
						<Header
							variant="awsui-h1-sticky"
							description={t(org ? "description" : "descriptionDeployment")}
							actions={
								<SpaceBetween direction="horizontal" size="xs">
									<Button
										iconName="refresh"
										ariaLabel={t("refresh")}
										loading={found.isFetching}
										onClick={() => void found.refetch()}
									/>
									<Button
										iconName="download"
										disabled={records.length === 0 || exporting.count !== undefined}
										onClick={() => void exporting.start({ ...scope, ...inputOf(filter, Date.now()) })}
									>
										{t("export")}
									</Button>
								</SpaceBetween>
							}
						>
							{title}
						</Header>
					}
					filter={
						<SpaceBetween size="s">
							<Filters filter={filter} set={setFilter} />
							<ExportProgress count={exporting.count} stop={exporting.stop} />
						</SpaceBetween>
					}
					pagination={
						<SpaceBetween direction="horizontal" size="xxs">
							{pages.from && (
								<Button variant="inline-link" onClick={pages.newest}>
									{t("newest")}
								</Button>
							)}
							<Button
								variant="icon"
								iconName="angle-left"
								ariaLabel={t("previous")}
								disabled={!pages.from}
								onClick={pages.previous}
							/>
							<Button
								variant="icon"
								iconName="angle-right"
								ariaLabel={t("next")}
								disabled={!token || found.isPlaceholderData}
								onClick={() => pages.next(token)}
							/>
						</SpaceBetween>
					}
					empty={
						<Box textAlign="center" padding="l">
							<SpaceBetween size="s">
								<Box variant="strong">{t(filtered ? "noMatch" : filter.reads ? "empty" : "emptyChanges")}</Box>
								<Box color="text-body-secondary">{t(filtered ? "noMatchHelp" : "emptyHelp")}</Box>
								<SpaceBetween direction="horizontal" size="xs">
									{filtered && <Button onClick={clear}>{t("clear")}</Button>}
									{!filter.reads && <Button onClick={() => setFilter({ reads: "shown" })}>{t("showReads")}</Button>}
								</SpaceBetween>
							</SpaceBetween>
						</Box>
					}
					footer={records.length > 0 && <Box textAlign="center">{t("shown", { count: records.length })}</Box>}
					columnDefinitions={stacked<AuditRecord>(
						[
							{
								id: "time",
								header: t("time"),
								minWidth: 215,
								isRowHeader: true,
								cell: (r) => (
									<Link
										href={`?record=${r.RecordId}`}
										ariaLabel={t("open", { operation: operationOf(r), time: momentOf(r) })}
										onFollow={(event) => {
											event.preventDefault();
											setOpen(r.RecordId ?? "");
										}}
									>
										{momentOf(r)}
									</Link>
								),
							},
							{ id: "actor", header: t("actor"), cell: (r) => r.Actor || "–", minWidth: 100 },
							{
								id: "operation",
								header: t("operation"),
								cell: (r) => <BreakableText text={operationOf(r)} />,
								minWidth: 170,
							},
							{ id: "outcome", header: t("outcome"), cell: (r) => <AuditOutcome of={r} />, minWidth: 160 },
							{ id: "target", header: t("target"), cell: (r) => <About of={r} />, minWidth: 180, maxWidth: 320 },
							{ id: "source", header: t("source"), cell: (r) => r.SourceAddress || "–", minWidth: 110 },
						],
						true,
					)}
				/>
			)}
			{open !== "" && (
				<RecordDetails
					region={region}
					org={org}
					id={open}
					shown={records.find((r) => r.RecordId === open)}
					close={() => setOpen("")}
					narrow={narrow}
				/>
			)}
			<CliHint
				commands={[
					cliCommand(region, "ListAuditRecords", { ...scope, ...inputOf(filter, Date.now()), MaxResults: size }),
				]}
			/>
		</>
	);
}
