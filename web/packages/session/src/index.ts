/**
 * Who is signed in, in this browser: one store for all tabs. It asks WhoAmI,
 * hears when another tab signs in or out, and when a call says that the session
 * has ended. It keeps no password and no token: the cookie is the server's.
 */
import { ApiError, call, type OperationName, targetOf, type WhoAmIResponse } from "@postroom/api";

export type Session =
	| { state: "unknown" }
	| { state: "out"; signedOut?: boolean }
	| { state: "in"; who: WhoAmIResponse }
	/** The page stays as it was, with what was typed; a new sign-in goes on with it. */
	| { state: "ended"; who: WhoAmIResponse };

type Listener = () => void;

let current: Session = { state: "unknown" };
const listeners = new Set<Listener>();
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("postroom-session");

channel?.addEventListener("message", (event: MessageEvent<string>) => {
	if (event.data === "out") set({ state: "out", signedOut: true });
	if (event.data === "in") void refresh();
});

function set(next: Session): void {
	current = next;
	for (const listener of listeners) listener();
}

/** For useSyncExternalStore. */
export const subscribe = (listener: Listener): (() => void) => {
	listeners.add(listener);
	return () => listeners.delete(listener);
};

export const snapshot = (): Session => current;

/** Asks the server who is signed in. */
export async function refresh(): Promise<void> {
	try {
		set({ state: "in", who: await call("WhoAmI", {}) });
	} catch (error) {
		if (error instanceof ApiError && error.status !== 0 && error.status < 500) {
			if (current.state === "in") set({ state: "ended", who: current.who });
			else if (current.state !== "ended") set({ state: "out" });
			return;
		}
		throw error;
	}
}

/** Opens a session. What the server refuses is thrown. */
export async function signIn(username: string, password: string): Promise<void> {
	await call("SignIn", { Username: username, Password: password });
	await refresh();
	channel?.postMessage("in");
}

export async function signOut(): Promise<void> {
	try {
		await call("SignOut", {});
	} finally {
		set({ state: "out", signedOut: true });
		channel?.postMessage("out");
	}
}

/** Tells whether an error means that the session has ended, and notes it. */
export function ended(error: unknown): boolean {
	if (
		!(error instanceof ApiError) ||
		!["ExpiredTokenException", "MissingAuthenticationTokenException"].includes(error.code)
	)
		return false;
	if (current.state === "in") set({ state: "ended", who: current.who });
	return true;
}

/** Whether the signed-in administrator may call an operation. */
export function may(operation: OperationName): boolean {
	return (
		(current.state === "in" || current.state === "ended") &&
		(current.who.Capabilities?.includes(targetOf(operation)) ?? false)
	);
}
