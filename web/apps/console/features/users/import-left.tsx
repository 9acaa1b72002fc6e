import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ended } from "@postroom/session";
import { Dialog, explain, useBusy } from "@postroom/ui";
import { useState } from "react";
import { dropJob, type Job, resultsOf, saveReport } from "./import-job.ts";
import { t } from "./words.ts";

/** An import that was cut, to go on with or to give up. */
export function Left(props: { region: string; org: string; job: Job; goOn: () => void; dropped: () => void }) {
	const { job } = props;
	const [leaving, setLeaving] = useState(false);
	return (
		<>
			<Alert
				type="warning"
				header={t("importLeft")}
				action={
					<SpaceBetween direction="horizontal" size="xs">
						<Button onClick={() => setLeaving(true)}>{t("importDiscard")}</Button>
						<Button variant="primary" onClick={props.goOn}>
							{t("importContinue")}
						</Button>
					</SpaceBetween>
				}
			>
				{t("importLeftHelp", { file: job.file, count: job.rows.length })} {t("importClosed")}
				{job.generated.length > 0 && ` ${t("importClosedPasswords")}`}
			</Alert>
			{leaving && <Discard {...props} close={() => setLeaving(false)} />}
		</>
	);
}

/** Asks before the passwords that were generated are lost, and offers the report that has them. */
function Discard(props: { region: string; org: string; job: Job; dropped: () => void; close: () => void }) {
	const { job } = props;
	const [busy, run] = useBusy();
	const [saved, setSaved] = useState(false);
	const [problem, setProblem] = useState<string>();
	const report = () =>
		run(async () => {
			setProblem(undefined);
			try {
				saveReport(job, await resultsOf(props.region, props.org, job));
				setSaved(true);
			} catch (error) {
				ended(error);
				setProblem(explain(error));
			}
		});
	const discard = async () => {
		dropJob(props.org);
		props.dropped();
	};
	return (
		<Dialog
			header={t("importDiscardHeader", { file: job.file })}
			button={t("importDiscard")}
			act={discard}
			blocked={busy}
			problem={problem}
			close={props.close}
		>
			<div>{t("importDiscardHelp")}</div>
			{job.generated.length > 0 && !saved && <Alert type="warning">{t("importDiscardPasswords")}</Alert>}
			<Button iconName="download" loading={busy} formAction="none" onClick={() => void report()}>
				{t("report")}
			</Button>
		</Dialog>
	);
}
