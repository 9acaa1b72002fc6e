import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextContent from "@cloudscape-design/components/text-content";
import { call, type ImportResult } from "@postroom/api";
import { formatCsv, saveFile } from "@postroom/csv";
import { formatNumber } from "@postroom/i18n";
import { ended, may, snapshot } from "@postroom/session";
import {
	CliHint,
	cliCommand,
	Dialog,
	ErrorBox,
	explain,
	go,
	href,
	Screen,
	useBusy,
	useDirectory,
	useGuard,
	useStacked,
} from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Checked, checkSheet, mostFaults, reasonOf } from "./import-check.ts";
import { dropJob, type Job, keepJob, keptJob, newJob, reportOf } from "./import-job.ts";
import { columns, decode, example, type Fault, maxBytes, readSheet, type Sheet } from "./import-rows.ts";
import { send } from "./import-send.ts";
import { t } from "./words.ts";

const administrator = (): string => {
	const session = snapshot();
	return "who" in session ? (session.who.AdministratorId ?? "") : "";
};

interface Chosen extends Checked, Pick<Sheet, "ignored" | "short" | "remarks"> {
	file: string;
}

/** Makes users from a file: it is read here, checked whole, then sent in parts. */
export default function ImportUsers({ region, org }: { region: string; org: string }) {
	const [left, setLeft] = useState<Job | undefined>(() => keptJob(org, administrator()));
	const [checked, setChecked] = useState<Chosen>();
	const [job, setJob] = useState<Job>();
	const discard = () => {
		dropJob(org);
		setLeft(undefined);
	};
	const { fixed } = useDirectory({ region, org });
	return (
		<Screen
			title={t("importTitle")}
			description={t("importHelp")}
			actions={<Button onClick={() => go(href(region, "o", org, "users"))}>{t("toUsers")}</Button>}
		>
			{(fixed || !may("ImportUsers")) && <Alert type="info">{fixed ?? t("notAllowed")}</Alert>}
			{left && !job && (
				<Alert
					type="warning"
					header={t("importLeft")}
					action={
						<SpaceBetween direction="horizontal" size="xs">
							<Button onClick={discard}>{t("importDiscard")}</Button>
							<Button variant="primary" onClick={() => setJob(left)}>
								{t("importContinue")}
							</Button>
						</SpaceBetween>
					}
				>
					{t("importLeftHelp", { file: left.file, count: left.rows.length })}
				</Alert>
			)}
			{!job && !left && !fixed && may("ImportUsers") && <Choose region={region} org={org} checked={setChecked} />}
			{!job && !left && checked && (
				<Preview
					checked={checked}
					start={() => setJob(newJob(administrator(), checked.file, checked.rows, checked.faults))}
				/>
			)}
			{job && (
				<Run
					region={region}
					org={org}
					job={job}
					again={() => {
						setJob(undefined);
						setLeft(undefined);
						setChecked(undefined);
					}}
				/>
			)}
			<CliHint
				commands={[
					cliCommand(region, "ImportUsers", {
						OrganizationId: org,
						ImportId: "import-1",
						Rows: [{ Line: 2, Name: "USER_NAME", Email: "ADDRESS", Password: "" }],
					}),
				]}
			/>
		</Screen>
	);
}

/** The file, and the check of each of its lines. */
function Choose({ region, org, checked }: { region: string; org: string; checked: (c: Chosen | undefined) => void }) {
	const [files, setFiles] = useState<File[]>([]);
	const [fault, setFault] = useState<string>();
	const [progress, setProgress] = useState<[number, number]>();
	const turn = useRef(new AbortController());
	const choose = async (chosen: File[]) => {
		turn.current.abort();
		const mine = new AbortController();
		turn.current = mine;
		setFiles(chosen);
		setFault(undefined);
		setProgress(undefined);
		checked(undefined);
		const file = chosen[0];
		if (!file) return;
		try {
			if (file.size > maxBytes) throw new Error(t("fileLarge", { most: maxBytes / 1024 / 1024 }));
			const { DefaultMailDomain = "" } = await call("DescribeOrganization", { OrganizationId: org }, { region });
			const sheet = readSheet(decode(await file.arrayBuffer()), DefaultMailDomain);
			const found = await checkSheet(region, org, sheet, {
				signal: mine.signal,
				progress: (done, count) => setProgress([done, count]),
			});
			if (mine.signal.aborted) return;
			setProgress(undefined);
			const { ignored, short, remarks } = sheet;
			checked({ file: file.name, ignored, short, remarks, ...found });
		} catch (error) {
			if (mine.signal.aborted) return;
			setProgress(undefined);
			ended(error);
			setFault(explain(error));
		}
	};
	return (
		<Container
			header={
				<Header
					variant="h2"
					actions={
						<Button iconName="download" onClick={() => saveFile("users-template.csv", [formatCsv([columns, example])])}>
							{t("template")}
						</Button>
					}
				>
					{t("file")}
				</Header>
			}
		>
			<SpaceBetween size="m">
				<div>{t("fileColumns")}</div>
				<FormField label={t("fileLabel")} description={t("fileHelp")}>
					<FileUpload
						value={files}
						accept=".csv,.txt,.tsv,text/csv"
						showFileSize
						errorText={fault}
						onChange={({ detail }) => void choose(detail.value)}
						i18nStrings={{
							uploadButtonText: () => t("fileChoose"),
							dropzoneText: () => t("fileDrop"),
							removeFileAriaLabel: (_, name) => t("fileRemove", { name }),
							errorIconAriaLabel: t("fileError"),
						}}
					/>
				</FormField>
				{progress && (
					<ProgressBar
						label={t("checkingLines")}
						value={(100 * progress[0]) / Math.max(1, progress[1])}
						additionalInfo={t("progress", { done: progress[0], count: progress[1] })}
					/>
				)}
			</SpaceBetween>
		</Container>
	);
}

/** So many lines that end early are named. */
const mostShort = 10;

/** What will be done, and the lines that cannot be. */
function Preview({ checked, start }: { checked: Chosen; start: () => void }) {
	const { rows, faults, ignored, short, remarks } = checked;
	const generated = rows.filter((r) => !r.Password && r.Email && r.Role !== "REMOTE_USER").length;
	const bare = rows.filter((r) => !r.Email && r.Role !== "REMOTE_USER");
	const locked = bare.filter((r) => !r.Password).length;
	const early = short.slice(0, mostShort).map((s) => t("shortLine", s));
	return (
		<Container
			header={
				<Header
					variant="h2"
					actions={
						<Button variant="primary" disabled={rows.length === 0} onClick={start}>
							{t("importStart", { count: rows.length })}
						</Button>
					}
				>
					{t("preview")}
				</Header>
			}
		>
			<SpaceBetween size="m">
				<Alert type={faults.length > 0 ? "warning" : "success"}>
					{t("previewReady", { count: rows.length })}
					{faults.length > 0 && ` ${t("previewFaults", { count: faults.length })}`}
				</Alert>
				{ignored.length > 0 && <Alert type="info">{t("previewIgnored", { names: ignored.join(", ") })}</Alert>}
				{generated > 0 && <Alert type="info">{t("previewGenerated", { count: generated })}</Alert>}
				{short.length > 0 && (
					<Alert type="warning">
						{t("previewShort", {
							count: short.length,
							lines: early.join(", ") + (short.length > mostShort ? ", …" : ""),
						})}
					</Alert>
				)}
				{remarks > 0 && <Alert type="info">{t("previewRemarks", { count: remarks })}</Alert>}
				{bare.length > 0 && (
					<Alert type="info">
						{t("previewBare", { count: bare.length })}
						{locked > 0 && ` ${t(locked === bare.length ? "previewLockedAll" : "previewLocked", { count: locked })}`}
					</Alert>
				)}
				{faults.length > 0 && <Faults faults={faults} />}
				{rows.length > 0 && (
					<Table
						variant="embedded"
						header={<Header variant="h3">{t("previewFirst", { count: Math.min(rows.length, 10) })}</Header>}
						items={rows.slice(0, 10)}
						trackBy={(r) => String(r.Line)}
						columnDefinitions={[
							{ id: "line", header: t("line"), cell: (r) => r.Line },
							{ id: "name", header: t("name"), cell: (r) => r.Name, isRowHeader: true },
							{
								id: "display",
								header: t("displayName"),
								cell: (r) => (
									<bdi>{r.DisplayName || [r.FirstName, r.LastName].filter(Boolean).join(" ") || r.Name}</bdi>
								),
							},
							{ id: "email", header: t("email"), cell: (r) => r.Email ?? t("none") },
							{ id: "groups", header: t("groups"), cell: (r) => r.Groups?.join(", ") ?? t("none") },
						]}
						ariaLabels={{ tableLabel: t("preview") }}
					/>
				)}
			</SpaceBetween>
		</Container>
	);
}

function Faults({ faults }: { faults: readonly Fault[] }) {
	const stacked = useStacked();
	return (
		<Table
			variant="embedded"
			wrapLines
			header={
				<Header variant="h3" counter={`(${formatNumber(faults.length)})`}>
					{t("faults")}
				</Header>
			}
			items={faults.slice(0, mostFaults)}
			trackBy={(f) => String(f.line)}
			columnDefinitions={stacked<Fault>([
				{ id: "line", header: t("line"), cell: (f) => f.line, isRowHeader: true },
				{ id: "name", header: t("name"), cell: (f) => <bdi>{f.name || t("none")}</bdi> },
				{ id: "reason", header: t("reason"), cell: (f) => <Reasons reasons={f.reasons} /> },
			])}
			{...(faults.length > mostFaults ? { footer: t("faultsMore", { count: faults.length - mostFaults }) } : {})}
			ariaLabels={{ tableLabel: t("faults") }}
		/>
	);
}

function Reasons({ reasons }: { reasons: readonly string[] }) {
	if (reasons.length < 2) return <div>{reasons[0]}</div>;
	return (
		<TextContent>
			<ul>
				{reasons.map((reason) => (
					<li key={reason}>{reason}</li>
				))}
			</ul>
		</TextContent>
	);
}

/** The import as it runs, and its report. */
function Run({ region, org, job, again }: { region: string; org: string; job: Job; again: () => void }) {
	const client = useQueryClient();
	const [results, setResults] = useState<ReadonlyMap<number, ImportResult>>(new Map());
	const [error, setError] = useState<unknown>();
	const [phase, setPhase] = useState<"begin" | "running" | "stopped" | "ended">("begin");
	const [kept, setKept] = useState(true);
	const [, run] = useBusy();
	const stop = useRef(new AbortController());
	const [saved, setSaved] = useState(false);
	const [leaving, setLeaving] = useState(false);
	// What was made here is in the report alone, once the import is over.
	const unsaved =
		!saved &&
		(phase === "ended" || (phase === "stopped" && !kept)) &&
		job.generated.some((line) => ["CREATED", "EXISTS_SAME"].includes(results.get(line)?.Status ?? ""));
	useGuard(
		phase === "running" ? t(kept ? "importLeave" : "importLeaveLost") : unsaved ? t("importUnsaved") : undefined,
	);
	const work = () =>
		run(async () => {
			setError(undefined);
			setPhase("running");
			setSaved(false);
			setKept(keepJob(org, job));
			stop.current = new AbortController();
			try {
				await send(
					region,
					org,
					job.id,
					job.rows.filter((r) => !results.has(r.Line ?? 0)),
					{
						dryRun: false,
						signal: stop.current.signal,
						told: (some) => setResults((old) => new Map([...old, ...some.map((r) => [r.Line ?? 0, r] as const)])),
					},
				);
				if (stop.current.signal.aborted) return setPhase("stopped");
				dropJob(org);
				setPhase("ended");
			} catch (e) {
				ended(e);
				setError(e);
				setPhase("stopped");
			} finally {
				void client.invalidateQueries({ queryKey: [region, org] });
			}
		});
	useEffect(() => {
		if (phase === "begin") void work();
	});
	useEffect(() => () => stop.current.abort(), []);
	const all = [...results.values()];
	const refused = all.filter((r) => r.Status === "REFUSED");
	const made = all.length - refused.length;
	const total = job.rows.length;
	// Made, and not enabled for want of an address.
	const bare = job.rows.some(
		(r) => !r.Email && r.Role !== "REMOTE_USER" && results.get(r.Line ?? 0)?.Status !== "REFUSED",
	);
	return (
		<Container
			header={
				<Header
					variant="h2"
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							{phase === "running" && <Button onClick={() => stop.current.abort()}>{t("importStop")}</Button>}
							{phase === "stopped" && (
								<Button variant="primary" onClick={() => void work()}>
									{t("importContinue")}
								</Button>
							)}
							{phase !== "running" && (
								<Button
									iconName="download"
									variant={unsaved && phase === "ended" ? "primary" : "normal"}
									onClick={() => {
										saveFile(`report-${job.file.replace(/\.\w+$/, "")}.csv`, [reportOf(job, results)]);
										setSaved(true);
									}}
								>
									{t("report")}
								</Button>
							)}
							{phase === "ended" && (
								<Button
									onClick={() => {
										if (unsaved) setLeaving(true);
										else again();
									}}
								>
									{t("importAnother")}
								</Button>
							)}
						</SpaceBetween>
					}
				>
					{t(phase === "ended" ? "importEnded" : "importRunning", { file: job.file })}
				</Header>
			}
		>
			{leaving && (
				<Dialog
					header={t("importAnother")}
					button={t("importGoOn")}
					act={async () => again()}
					close={() => setLeaving(false)}
				>
					<Alert type="warning">{t("importUnsaved")}</Alert>
				</Dialog>
			)}
			<SpaceBetween size="m">
				{phase !== "ended" && (
					<ProgressBar
						label={t("importProgress")}
						value={(100 * all.length) / Math.max(1, total)}
						additionalInfo={t("progress", { done: all.length, count: total })}
					/>
				)}
				{phase === "running" && <Alert type="info">{t(kept ? "importKept" : "importNotKept")}</Alert>}
				{phase === "stopped" && !error && <Alert type="warning">{t("importStopped", { made, total })}</Alert>}
				{error !== undefined && <ErrorBox header={t("importFailed", { made, total })} error={error} />}
				{phase === "ended" && (
					<Alert
						type={refused.length + job.faults.length > 0 ? "warning" : "success"}
						action={
							bare && (
								<Button onClick={() => go(`${href(region, "o", org, "users")}?state=DISABLED`)}>
									{t("importEnable")}
								</Button>
							)
						}
					>
						{t("importDone", { count: made })}
						{refused.length + job.faults.length > 0 &&
							` ${t("importRefused", { count: refused.length + job.faults.length })}`}
						{job.generated.length > 0 && ` ${t("importPasswords")}`}
					</Alert>
				)}
				{refused.length + job.faults.length > 0 && phase !== "running" && (
					<Faults
						faults={[
							...job.faults,
							...refused.map((r) => ({
								line: r.Line ?? 0,
								name: r.Name ?? "",
								reasons: [reasonOf(r)],
							})),
						].sort((a, b) => a.line - b.line)}
					/>
				)}
			</SpaceBetween>
		</Container>
	);
}
