import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { call } from "@postroom/api";
import { formatCsv, saveFile } from "@postroom/csv";
import { ended } from "@postroom/session";
import { CliHint, cliCommand, explain, go, href, percent, Screen, useDirectory } from "@postroom/ui";
import { useRef, useState } from "react";
import { type Checked, checkSheet } from "./import-check.ts";
import { Faults } from "./import-faults.tsx";
import { type Job, keptJob, newJob } from "./import-job.ts";
import { Left } from "./import-left.tsx";
import { columns, decode, example, maxBytes, readSheet, type Sheet } from "./import-rows.ts";
import { Run } from "./import-run.tsx";
import { t } from "./words.ts";

interface Chosen extends Checked, Pick<Sheet, "ignored" | "short" | "remarks"> {
	file: string;
}

/** Makes users from a file: it is read here, checked whole, then sent in parts. */
export default function ImportUsers({ region, org }: { region: string; org: string }) {
	const [left, setLeft] = useState<Job | undefined>(() => keptJob(org));
	const [checked, setChecked] = useState<Chosen>();
	const [job, setJob] = useState<Job>();
	const { fixed } = useDirectory({ region, org });
	return (
		<Screen
			title={t("importTitle")}
			description={t("importHelp")}
			actions={<Button onClick={() => go(href(region, "o", org, "users"))}>{t("toUsers")}</Button>}
		>
			{fixed && <Alert type="info">{fixed}</Alert>}
			{left && !job && (
				<Left region={region} org={org} job={left} goOn={() => setJob(left)} dropped={() => setLeft(undefined)} />
			)}
			{!job && !left && !fixed && <Choose region={region} org={org} checked={setChecked} />}
			{!job && !left && checked && <Preview checked={checked} start={() => setJob(newJob(checked.file, checked))} />}
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
						value={percent(progress[0], progress[1])}
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
	const { rows, there, faults, ignored, short, remarks } = checked;
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
				{there.length > 0 && <Alert type="info">{t("previewThere", { count: there.length })}</Alert>}
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
