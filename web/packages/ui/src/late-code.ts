import type { FunctionComponent } from "react";

/** The code of a component, loaded when it is needed. What does not arrive is asked for again the next time. */
export interface LateCode<P> {
	load: () => Promise<void>;
	/** The component, once its code is here. */
	here?: FunctionComponent<P>;
}

export function lateCode<P>(from: () => Promise<{ default: FunctionComponent<P> }>): LateCode<P> {
	const code: LateCode<P> = {
		load: async () => {
			code.here = (await from()).default;
		},
	};
	return code;
}
