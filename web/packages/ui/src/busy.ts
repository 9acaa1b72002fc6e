import { useCallback, useRef, useState } from "react";

/**
 * Runs one action at a time: `run` does nothing while an earlier one runs, so a
 * double click is one call.
 */
export function useBusy(): [boolean, <T>(action: () => Promise<T>) => Promise<T | undefined>] {
	const [busy, setBusy] = useState(false);
	const running = useRef(false);
	const run = useCallback(async <T>(action: () => Promise<T>): Promise<T | undefined> => {
		if (running.current) return undefined;
		running.current = true;
		setBusy(true);
		try {
			return await action();
		} finally {
			running.current = false;
			setBusy(false);
		}
	}, []);
	return [busy, run];
}
