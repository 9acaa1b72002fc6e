import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";

/** Where the reader is: a path below the app's own, and the query. */
export interface Place {
	path: string;
	query: URLSearchParams;
}

const base = "/console/";
const moved = "postroom-moved";

/** Unsaved work asks before the reader leaves. */
const guards = new Set<{ question: string }>();

/** What is asked now, and what is done where the reader leaves all the same. */
export interface Leaving {
	question: string;
	leave: () => void;
}

let leaving: Leaving | undefined;
const asked = "postroom-leaving";

function setLeaving(next: Leaving | undefined): void {
	leaving = next;
	window.dispatchEvent(new Event(asked));
}

/** Asks; `leave` is done where the reader agrees that what is unsaved is lost. */
export const askToLeave = (question: string, leave: () => void): void => setLeaving({ question, leave });

/** Whether something is typed that would be lost. */
export const isGuarded = (): boolean => guards.size > 0;

/** Does something at once, or when the reader agreed that what is unsaved is lost. */
export function unlessGuarded(leave: () => void): void {
	const [guard] = guards;
	if (guard) askToLeave(guard.question, leave);
	else leave();
}

/** The question that is open, and how it is answered. */
export function useLeaving(): [Leaving | undefined, (leaves: boolean) => void] {
	const now = useSyncExternalStore(
		(listener) => {
			window.addEventListener(asked, listener);
			return () => window.removeEventListener(asked, listener);
		},
		() => leaving,
	);
	const answer = useCallback((leaves: boolean) => {
		const open = leaving;
		setLeaving(undefined);
		if (leaves) open?.leave();
	}, []);
	return [now, answer];
}

export const here = (): string => window.location.pathname + window.location.search;

/** The address of a path of this app: href("east", "o", id, "users"). */
export function href(...parts: (string | number)[]): string {
	return base + parts.map((part) => encodeURIComponent(String(part))).join("/");
}

interface How {
	/** It leaves no step in the history. */
	replace?: boolean;
	/** What is unsaved was seen to. */
	unguarded?: boolean;
	/** Done once the reader has left, which he may not. */
	left?: () => void;
}

/** Goes to an address of this app. */
export function go(address: string, how: How = {}): void {
	const move = () => {
		if (how.replace) window.history.replaceState(null, "", address);
		else window.history.pushState(null, "", address);
		window.dispatchEvent(new Event(moved));
		if (!how.replace) window.scrollTo(0, 0);
		how.left?.();
	};
	if (how.unguarded) move();
	else unlessGuarded(move);
}

/** Goes where the window must load anew, such as another deployment. */
export const leave = (address: string): void => window.location.assign(address);

/** The address that is shown: the window's own is ahead of it when the back button is pressed. */
let shown = here();
/** The next step back is one that the reader was asked about. */
let agreed = false;
window.addEventListener(moved, () => {
	shown = here();
});
// Before every other listener: where the reader stays, nobody hears of the step.
window.addEventListener("popstate", (event) => {
	const left = new URL(shown, window.location.href).pathname !== window.location.pathname;
	const back = () => {
		agreed = true;
		window.history.back();
	};
	if (left && !agreed && guards.size > 0) {
		event.stopImmediatePropagation();
		window.history.pushState(null, "", shown);
		unlessGuarded(back);
		return;
	}
	agreed = false;
	shown = here();
});

function subscribe(listener: () => void): () => void {
	window.addEventListener("popstate", listener);
	window.addEventListener(moved, listener);
	return () => {
		window.removeEventListener("popstate", listener);
		window.removeEventListener(moved, listener);
	};
}

/** The place of an address of this app: of the window's own, where none is given. */
export function placeOf(address = here()): Place {
	const url = new URL(address, window.location.origin);
	return { path: url.pathname.slice(base.length - 1), query: url.searchParams };
}

export function usePlace(): Place {
	const address = useSyncExternalStore(subscribe, here);
	return useMemo(() => placeOf(address), [address]);
}

/** Undefined where a mistyped address holds what is no text. */
function decoded(part: string): string | undefined {
	try {
		return decodeURIComponent(part);
	} catch {
		return undefined;
	}
}

/** Matches a path against a pattern such as "/:region/o/:org/users"; a last "*" takes the rest. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
	const want = pattern.split("/").filter(Boolean);
	const have = path.split("/").filter(Boolean);
	const values: Record<string, string> = {};
	for (const [i, part] of want.entries()) {
		if (part === "*") return values;
		const value = have[i];
		if (value === undefined) return undefined;
		if (part.startsWith(":")) {
			const text = decoded(value);
			if (text === undefined) return undefined;
			values[part.slice(1)] = text;
		} else if (part !== value) return undefined;
	}
	return want.length === have.length ? values : undefined;
}

/**
 * One value of the query, for filter, sort, page and tab. Setting it leaves no
 * step in the history; the value that is the fallback is not written. What is
 * not allowed, in a mistyped or crafted address, is the fallback.
 */
export function useQuery(name: string, fallback = "", allowed?: Allowed): [string, (value: string) => void] {
	const { query } = usePlace();
	const set = useCallback(
		(value: string) => {
			const url = new URL(window.location.href);
			if (value === fallback) url.searchParams.delete(name);
			else url.searchParams.set(name, value);
			go(url.pathname + url.search, { replace: true, unguarded: true });
		},
		[name, fallback],
	);
	return [valueIn(query, name, fallback, allowed), set];
}

type Allowed = readonly string[] | ((value: string) => boolean);

/** What `useQuery` says of a query. */
export function valueIn(query: URLSearchParams, name: string, fallback = "", allowed?: Allowed): string {
	const value = query.get(name) ?? fallback;
	const fits = !allowed || (typeof allowed === "function" ? allowed(value) : allowed.includes(value));
	return fits ? value : fallback;
}

const isPage = (text: string): boolean => /^[1-9][0-9]{0,5}$/.test(text);

/** What `usePageNumber` says of a query. */
export const pageIn = (query: URLSearchParams): number => Number(valueIn(query, "page", "1", isPage));

/** The number of a page in the query, from 1; what is no such number is 1. */
export function usePageNumber(name = "page"): [number, (page: number) => void] {
	const [text, set] = useQuery(name, "1", isPage);
	return [Number(text), useCallback((page: number) => set(String(page)), [set])];
}

/** Asks before unsaved work is left, also when the window closes. */
export function useGuard(question: string | undefined): void {
	useEffect(() => {
		if (!question) return;
		const closing = (event: BeforeUnloadEvent) => event.preventDefault();
		const guard = { question };
		guards.add(guard);
		window.addEventListener("beforeunload", closing);
		return () => {
			guards.delete(guard);
			window.removeEventListener("beforeunload", closing);
		};
	}, [question]);
}
