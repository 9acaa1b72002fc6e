import { ApiError } from "@postroom/api";
import { ended } from "@postroom/session";
import { explain } from "@postroom/ui";
import { useCallback, useRef, useState } from "react";

export type Outcome = { state: "waiting" | "working" | "done" } | { state: "failed"; reason: string };

/**
 * Does one thing for many users, four at a time, and keeps the outcome of each.
 * Where the server cannot be reached, or the session has ended, those not yet
 * begun are left waiting: nothing is tried in vain.
 */
export function useBatch() {
	const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
	const [busy, setBusy] = useState(false);
	const running = useRef(false);
	const note = useCallback((id: string, outcome: Outcome) => setOutcomes((old) => new Map(old).set(id, outcome)), []);
	const clear = useCallback((id: string) => note(id, { state: "waiting" }), [note]);
	const run = useCallback(
		async (ids: readonly string[], action: (id: string) => Promise<unknown>): Promise<ReadonlySet<string>> => {
			const done = new Set<string>();
			if (running.current) return done;
			running.current = true;
			setBusy(true);
			const queue = [...ids];
			let stopped = false;
			const worker = async () => {
				for (let id = queue.shift(); id !== undefined && !stopped; id = queue.shift()) {
					note(id, { state: "working" });
					try {
						await action(id);
						done.add(id);
						note(id, { state: "done" });
					} catch (error) {
						note(id, { state: "failed", reason: explain(error) });
						if (ended(error) || (error instanceof ApiError && error.status === 0)) stopped = true;
					}
				}
			};
			try {
				await Promise.all([worker(), worker(), worker(), worker()]);
			} finally {
				running.current = false;
				setBusy(false);
			}
			return done;
		},
		[note],
	);
	return { outcomes, busy, run, clear };
}
