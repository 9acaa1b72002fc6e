import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { ApiError } from "@postroom/api";
import { ended } from "@postroom/session";
import { useCallback, useRef, useState } from "react";
import { t } from "./entry-words.ts";
import { explain, makeTries } from "./errors.tsx";
import { percent } from "./percent.ts";
import { useGuard } from "./place.ts";

/** How far one of many came. */
export interface Outcome<T> {
	item: T;
	state: "waiting" | "running" | "done" | "failed" | "untried";
	error?: unknown;
	/** What the error means for the reader. */
	problem?: string;
}

/** So many calls run side by side. */
const lanes = 4;

/** Milliseconds between two looks at how far it is: to draw many rows at each call would take longer than the calls. */
const pace = 100;

/** An error that every further call would meet as well. */
const hopeless = (error: unknown): boolean =>
	ended(error) || (error instanceof ApiError && (error.status === 0 || error.code === "ThrottlingException"));

const isRunning = (outcomes: readonly Outcome<unknown>[]): boolean =>
	outcomes.some((o) => o.state === "waiting" || o.state === "running");

/**
 * Does the same with each of many, a few at a time, and keeps how each one went;
 * what is done is not done again. `side` says how many side by side. Where the
 * server can no longer be asked, the rest is left untried. Who leaves meanwhile is
 * asked, since what fails is told only here.
 */
export function useMany<T>() {
	const [outcomes, setOutcomes] = useState<readonly Outcome<T>[]>([]);
	useGuard(outcomes.length > 1 && isRunning(outcomes) ? t("manyLeave") : undefined);
	const [tries] = useState(() => new Map<T, ReturnType<typeof makeTries>>());
	const last = useRef(outcomes);
	last.current = outcomes;
	const run = useCallback(
		async (items: readonly T[], work: (item: T) => Promise<unknown>, side = lanes): Promise<Outcome<T>[]> => {
			const before = new Set(last.current.filter((o) => o.state === "done").map((o) => o.item));
			const list = items.map((item): Outcome<T> => ({ item, state: before.has(item) ? "done" : "waiting" }));
			let due: ReturnType<typeof setTimeout> | undefined;
			const show = () => {
				clearTimeout(due);
				due = undefined;
				setOutcomes([...list]);
			};
			const put = (i: number, outcome: Outcome<T>) => {
				list[i] = outcome;
				due ??= setTimeout(show, pace);
			};
			show();
			let next = 0;
			let stopped = false;
			const lane = async () => {
				while (next < items.length && !stopped) {
					const i = next++;
					const item = items[i] as T;
					if (before.has(item)) continue;
					put(i, { item, state: "running" });
					try {
						await work(item);
						put(i, { item, state: "done" });
					} catch (error) {
						stopped = stopped || hopeless(error);
						const own = tries.get(item) ?? makeTries();
						tries.set(item, own);
						put(i, { item, state: "failed", error, problem: `${explain(error)} ${own.heard(error)}`.trim() });
					}
				}
			};
			await Promise.all(Array.from({ length: Math.min(side, items.length) }, lane));
			for (const [i, { item, state }] of list.entries()) if (state === "waiting") list[i] = { item, state: "untried" };
			show();
			return list;
		},
		[tries],
	);
	/** The outcome of one counts no more. */
	const forget = useCallback((is: (item: T) => boolean) => setOutcomes((now) => now.filter((o) => !is(o.item))), []);
	return { outcomes, run, forget };
}

/** Those that are not done. */
export const undone = <T,>(outcomes: readonly Outcome<T>[]): T[] =>
	outcomes.filter((o) => o.state !== "done").map((o) => o.item);

/** Progress while it runs; then each one that failed, with its reason: to draw them all again with each would take longer. */
export function ManyOutcome<T>(props: {
	outcomes: readonly Outcome<T>[];
	name: (item: T) => string;
	id: (item: T) => string;
}) {
	const { outcomes } = props;
	const running = isRunning(outcomes);
	if (outcomes.length === 0) return null;
	const done = outcomes.filter((o) => o.state === "done").length;
	const failed = outcomes.filter((o) => o.state === "failed");
	const untried = outcomes.filter((o) => o.state === "untried").length;
	return (
		<SpaceBetween size="s">
			{running ? (
				<ProgressBar
					value={percent(done + failed.length, outcomes.length)}
					ariaLabel={t("manyResults")}
					label={t("manyProgress", { done, all: outcomes.length })}
					additionalInfo={failed.length > 0 && t("manyFailed", { count: failed.length })}
				/>
			) : (
				<Box variant="strong">{t("manyProgress", { done, all: outcomes.length })}</Box>
			)}
			{untried > 0 && <Alert type="warning">{t("manyRest", { count: untried })}</Alert>}
			{!running && failed.length > 0 && (
				<Table<Outcome<T>>
					variant="embedded"
					header={<StatusIndicator type="error">{t("manyFailed", { count: failed.length })}</StatusIndicator>}
					trackBy={(o) => props.id(o.item)}
					items={failed}
					wrapLines
					ariaLabels={{ tableLabel: t("manyFailed", { count: failed.length }) }}
					columnDefinitions={[
						{ id: "name", header: t("manyName"), isRowHeader: true, cell: (o) => props.name(o.item) },
						{ id: "result", header: t("manyState"), cell: (o) => o.problem },
					]}
				/>
			)}
		</SpaceBetween>
	);
}
