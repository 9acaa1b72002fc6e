import { ApiError } from "@postroom/api";
import { useState } from "react";

/** What was read, with its revision. */
export interface Read<T> {
	value: T;
	etag: string;
}

/** Whether an error says that another changed the thing meanwhile. */
export const isConflict = (error: unknown): boolean => error instanceof ApiError && error.code === "ConflictException";

/**
 * A form over something that others may change too. It starts from what was
 * read. After a conflict, `rebase` takes the newest state: fields that were not
 * touched follow it, those that were keep what was typed, and `theirs` names
 * what the other one saved there.
 */
export function useDraft<T extends object>(first: Read<T>) {
	const [base, setBase] = useState(first);
	const [draft, setDraft] = useState(first.value);
	const [others, setOthers] = useState<Partial<T>>({});
	const changed = (Object.keys(draft) as (keyof T)[]).filter((key) => draft[key] !== base.value[key]);
	// Nothing was touched: follow what is read.
	if (first.etag !== base.etag && changed.length === 0) {
		setBase(first);
		setDraft(first.value);
		setOthers({});
	}
	const set = (patch: Partial<T>) => setDraft((d) => ({ ...d, ...patch }));
	const rebase = (now: Read<T>) => {
		const theirs: Partial<T> = {};
		const next = { ...now.value };
		for (const key of changed) {
			next[key] = draft[key];
			if (now.value[key] !== base.value[key] && now.value[key] !== draft[key]) theirs[key] = now.value[key];
		}
		setBase(now);
		setDraft(next);
		setOthers(theirs);
	};
	return { draft, set, changed, etag: base.etag, rebase, theirs: others };
}
