import Alert from "@cloudscape-design/components/alert";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { FoundUser } from "@postroom/api";
import { explain, type Outcome, percent } from "@postroom/ui";
import type { ReactNode } from "react";
import { namesOf, system } from "../data.ts";
import { t } from "../words.ts";

/** What became of one user. */
export function OutcomeText({ outcome, idle }: { outcome: Outcome<FoundUser> | undefined; idle?: ReactNode }) {
	switch (outcome?.state) {
		case "running":
			return <StatusIndicator type="in-progress">{t("working")}</StatusIndicator>;
		case "done":
			return <StatusIndicator type="success">{t("done")}</StatusIndicator>;
		case "failed":
			return <StatusIndicator type="error">{explain(outcome.error)}</StatusIndicator>;
	}
	return idle ?? <StatusIndicator type="pending">{t("waiting")}</StatusIndicator>;
}

/** How far it is, what failed, and each user with its outcome; nothing before it has begun. */
export function Outcomes({
	users,
	outcomes,
}: {
	users: readonly FoundUser[];
	outcomes: ReadonlyMap<string, Outcome<FoundUser>>;
}) {
	if (outcomes.size === 0) return null;
	const states = users.map((u) => outcomes.get(u.Id ?? "")?.state);
	const failed = states.filter((s) => s === "failed").length;
	const done = states.filter((s) => s === "done").length;
	return (
		<SpaceBetween size="s">
			<Progress done={done + failed} count={users.length} />
			{failed > 0 && done + failed === users.length && (
				<Alert type="error">{t("someFailed", { failed, count: users.length })}</Alert>
			)}
			<Table
				variant="embedded"
				wrapLines
				items={users.slice(0, 100)}
				trackBy={(u) => u.Id ?? ""}
				columnDefinitions={[
					{ id: "name", header: t("name"), cell: (u) => u.Name, isRowHeader: true },
					{ id: "result", header: t("result"), cell: (u) => <OutcomeText outcome={outcomes.get(u.Id ?? "")} /> },
				]}
				ariaLabels={{ tableLabel: t("result") }}
			/>
		</SpaceBetween>
	);
}

export function Progress({ done, count }: { done: number; count: number }) {
	if (count < 2) return null;
	return (
		<ProgressBar value={percent(done, count)} additionalInfo={t("progress", { done, count })} ariaLabel={t("result")} />
	);
}

/** Those of the chosen users for whom nothing is done, and why: the directory's own, and those who are `already` so. */
export function LeftOut({
	users,
	already,
}: {
	users: readonly FoundUser[];
	already: "isEnabled" | "isStillEnabled" | "isNotEnabled";
}) {
	const own = users.filter(system);
	const others = users.filter((u) => !system(u));
	if (users.length === 0) return null;
	return (
		<Alert type="info">
			{others.length > 0 && <div>{t("skipped", { names: namesOf(others), why: t(already) })}</div>}
			{own.length > 0 && <div>{t("skipped", { names: namesOf(own), why: t("isSystem") })}</div>}
		</Alert>
	);
}
