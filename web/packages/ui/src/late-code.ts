import type { FunctionComponent } from "react";
import { t } from "./words.ts";

/** The code of a component, loaded when it is needed. What does not arrive is asked for again the next time. */
export interface LateCode<P> {
	load: () => Promise<void>;
	/** The component, once its code is here. */
	here?: FunctionComponent<P>;
}

/** What is imported, or an error that says in words that it did not arrive. */
export const arrived = <M>(code: Promise<M>): Promise<M> =>
	code.catch(() => {
		throw new Error(t("codeMissing"));
	});

export function lateCode<P>(from: () => Promise<{ default: FunctionComponent<P> }>): LateCode<P> {
	const code: LateCode<P> = {
		load: async () => {
			code.here = (await arrived(from())).default;
		},
	};
	return code;
}
