import { administrator } from "@postroom/session";
import { useCallback, useState } from "react";

/** Before anybody was signed in, there is nobody's. */
const keyOf = (name: string): string => `postroom.${administrator()}.${name}`;

/** Keeps a preference of this administrator in this browser. */
export function keep(name: string, value: unknown): void {
	try {
		localStorage.setItem(keyOf(name), JSON.stringify(value));
	} catch {
		// Storage is full or forbidden: the preference lasts as long as the page.
	}
}

export function kept<T>(name: string, fallback: T): T {
	try {
		const text = localStorage.getItem(keyOf(name));
		return text === null ? fallback : (JSON.parse(text) as T);
	} catch {
		return fallback;
	}
}

/** A state that lasts over reloads. */
export function useKept<T>(name: string, fallback: T): [T, (value: T) => void] {
	const [value, setValue] = useState<T>(() => kept(name, fallback));
	const set = useCallback(
		(next: T) => {
			setValue(next);
			keep(name, next);
		},
		[name],
	);
	return [value, set];
}
