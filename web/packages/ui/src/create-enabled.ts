import { useState } from "react";
import { useBusy } from "./busy.ts";

interface Half {
	id: string;
	/** Why it could not be enabled. */
	error: unknown;
}

/**
 * Makes something and enables it: two calls, the address looked at before the
 * first. Where the second fails, `half` says what is there, until it is finished
 * or taken back.
 */
export function useCreateEnabled(steps: {
	/** Rejects or answers false where the address cannot be had: nothing is made. `id` is of what is there already. */
	check: (id: string | undefined) => Promise<boolean>;
	create: () => Promise<string>;
	enable: (id: string) => Promise<unknown>;
	remove: (id: string) => Promise<unknown>;
	/** The first step, or taking back, was refused. */
	fail: (error: unknown) => void;
	/** Something is there, or no longer. */
	changed: () => void;
}) {
	const [half, setHalf] = useState<Half>();
	const [busy, run] = useBusy();
	/** Answers the id when it is made and enabled. */
	const make = () =>
		run(async (): Promise<string | undefined> => {
			let id = half?.id;
			try {
				if (!(await steps.check(id))) return undefined;
				id ??= await steps.create();
			} catch (error) {
				if (half) setHalf({ ...half, error });
				else steps.fail(error);
				return undefined;
			}
			try {
				await steps.enable(id);
				setHalf(undefined);
				return id;
			} catch (error) {
				setHalf({ id, error });
				return undefined;
			} finally {
				steps.changed();
			}
		});
	/** Takes back what was made; answers whether it is gone. */
	const undo = () =>
		run(async (): Promise<boolean> => {
			if (!half) return true;
			try {
				await steps.remove(half.id);
				setHalf(undefined);
				return true;
			} catch (error) {
				setHalf({ ...half, error });
				return false;
			} finally {
				steps.changed();
			}
		});
	return { half, busy, make, undo };
}
