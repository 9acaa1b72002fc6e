import { type FunctionComponent, lazy } from "react";

/** A component whose code is loaded apart. */
export interface Late<P> {
	load: () => Promise<void>;
	/** The component itself where its code is here, else one that React waits for; ever the same one. */
	component: () => FunctionComponent<P>;
}

export function late<P extends object>(from: () => Promise<{ default: FunctionComponent<P> }>): Late<P> {
	let here: FunctionComponent<P> | undefined;
	let chosen: FunctionComponent<P> | undefined;
	return {
		load: async () => {
			here = (await from()).default;
		},
		component: () => {
			chosen ??= here ?? (lazy(from) as FunctionComponent<P>);
			return chosen;
		},
	};
}
