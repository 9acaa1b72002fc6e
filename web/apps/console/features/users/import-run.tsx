import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ended } from "@postroom/session";
import { Dialog, ErrorBox, go, href, percent, useBusy, useGuard } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { reasonOf } from "./import-check.ts";
import { Faults } from "./import-faults.tsx";
import { dropJob, isMade, type Job, keepJob, type Results, saveReport, secretsOf } from "./import-job.ts";
import { send } from "./import-send.ts";
import { t } from "./words.ts";

/** The import as it runs, and its report. */
export function Run({ region, org, job, again }: { region: string; org: string; job: Job; again: () => void }) {
	const client = useQueryClient();
	const [results, setResults] = useState<Results>(new Map());
	const [error, setError] = useState<unknown>();
	const [phase, setPhase] = useState<"begin" | "running" | "stopped" | "ended">("begin");
	const [kept, setKept] = useState(true);
	const [, run] = useBusy();
	const stop = useRef(new AbortController());
	const [saved, setSaved] = useState(false);
	const [leaving, setLeaving] = useState(false);
	const unsaved = phase !== "running" && !saved && secretsOf(job, results) > 0;
	const cut = phase === "running" || (phase === "stopped" && kept && unsaved);
	useGuard(cut ? t(kept ? "importLeave" : "importLeaveLost") : unsaved ? t("importUnsaved") : undefined);
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
	const made = all.filter(isMade).length;
	const before = job.there.length + all.filter((r) => r.Status === "EXISTS_BEFORE").length;
	const total = job.rows.length;
	// Made, and not enabled for want of an address.
	const bare = job.rows.some((r) => !r.Email && r.Role !== "REMOTE_USER" && isMade(results.get(r.Line ?? 0)));
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
										saveReport(job, results);
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
						value={percent(all.length, total)}
						additionalInfo={t("progress", { done: all.length, count: total })}
					/>
				)}
				{phase === "running" && (
					<Alert type={kept ? "info" : "warning"}>
						{t(kept ? "importKept" : "importNotKept")} {t("importClosed")}
						{job.generated.length > 0 && ` ${t("importClosedPasswords")}`}
					</Alert>
				)}
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
						{before > 0 && ` ${t("importThere", { count: before })}`}
						{refused.length + job.faults.length > 0 &&
							` ${t("importRefused", { count: refused.length + job.faults.length })}`}
						{secretsOf(job, results) > 0 && ` ${t("importPasswords")}`}
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
