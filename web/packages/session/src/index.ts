/**
 * Who is signed in, in this browser: one store for all tabs. It asks WhoAmI,
 * hears when another tab signs in or out, when a call says that the session has
 * ended, and asks when its time is over, or when no tab used it for so long that
 * it has ended. A page calls nothing as somebody else than whose it is. It keeps
 * no password and no token: the cookie is the server's.
 */
import {
	ApiError,
	type Begun,
	call,
	calls,
	type FinishSignInRequest,
	type FinishSignInResponse,
	noSession,
	type OperationName,
	polledHeader,
	type SecondFactor,
	targetOf,
	type WhoAmIResponse,
} from "@postroom/api";

export { browserName } from "./browser.ts";
export { makePasskey, passkeysWork, signByPasskey } from "./passkey.ts";

export type Session =
	| { state: "unknown" }
	| { state: "out"; signedOut?: boolean }
	| { state: "in"; who: WhoAmIResponse }
	/**
	 * The page stays as it was, with what was typed; a new sign-in goes on with it.
	 * `beside` tells what ended it, where it was done in this browser: the name of
	 * the administrator who signed in, or "" where this one signed out.
	 */
	| { state: "ended"; who: WhoAmIResponse; beside?: string };

/** What a sign-in waits for after the password. */
export interface SecondStep {
	challenge: string;
	factors: readonly SecondFactor[];
	/** For `signByPasskey`. */
	passkeyOptions: string;
}

type Listener = () => void;

let current: Session = { state: "unknown" };
let alarm: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<Listener>();
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("postroom-session");

channel?.addEventListener("message", (event: MessageEvent<string>) => {
	if (event.data === "out") endBeside("");
	if (event.data === "in") void refresh().catch(() => undefined);
});

function set(next: Session): void {
	current = next;
	setAlarm();
	if (next.state === "in") remember(next.who.AdministratorId ?? "");
	if (next.state === "out") forget();
	for (const listener of listeners) listener();
}

/** When the session was last used, by any tab of this browser. */
const used = "postroom-session-used";
calls.addEventListener("answer", () => {
	try {
		localStorage.setItem(used, String(Date.now()));
	} catch {
		// Without storage the next call tells.
	}
});

/** Who signed in to this browser last, and whose this window is. */
const last = "postroom-administrator";

function remember(id: string): void {
	try {
		// What one administrator left in a window is not for another.
		if ((sessionStorage.getItem(last) ?? id) !== id) sessionStorage.clear();
		sessionStorage.setItem(last, id);
		localStorage.setItem(last, id);
	} catch {
		// Without storage nothing is left.
	}
}

/** The id of who is signed in; before that is known, of who was last in this browser. */
export function administrator(): string {
	if ("who" in current) return current.who.AdministratorId ?? "";
	try {
		return localStorage.getItem(last) ?? "";
	} catch {
		return "";
	}
}

function forget(): void {
	try {
		localStorage.removeItem(used);
	} catch {
		// Nothing was kept.
	}
}

/** Whether a session was used in this browser and nobody has heard of its end: it may have ended since. */
export function mayBeIn(): boolean {
	try {
		return localStorage.getItem(used) !== null;
	} catch {
		return false;
	}
}

function lastUsed(): number {
	try {
		return Number(localStorage.getItem(used)) || Date.now();
	} catch {
		return Date.now();
	}
}

/** When the session ends unless it is used, in milliseconds; a second later the server has ended it too. */
function end({ ExpiresDate, IdleSeconds }: WhoAmIResponse): number {
	const over = ExpiresDate ? ExpiresDate * 1000 : Number.POSITIVE_INFINITY;
	return Math.min(over, IdleSeconds ? lastUsed() + IdleSeconds * 1000 : over) + 1000;
}

/** Asks at its end whether the session has ended: earlier, the question would use it. */
function setAlarm(least = 1000): void {
	clearTimeout(alarm);
	if (current.state !== "in") return;
	const { who } = current;
	const left = end(who) - Date.now();
	if (left === Number.POSITIVE_INFINITY) return;
	const ring = () => {
		if (end(who) > Date.now()) setAlarm();
		else void refresh().catch(() => setAlarm(30_000));
	};
	alarm = setTimeout(ring, Math.min(Math.max(left, least), 2_000_000_000)); // a timer takes 24 days at most
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
		const who = await call("WhoAmI", {});
		if ("who" in current && current.who.AdministratorId !== who.AdministratorId) {
			endBeside(who.Name ?? "");
			return;
		}
		set({ state: "in", who });
	} catch (error) {
		if (error instanceof ApiError && error.status !== 0 && error.status < 500) {
			if (current.state === "in") set({ state: "ended", who: current.who });
			else if (current.state !== "ended") set({ state: "out" });
			return;
		}
		throw error;
	}
}

/** Notes that this page's session was ended by what somebody did in this browser. */
function endBeside(beside: string): void {
	if ("who" in current) set({ state: "ended", who: current.who, beside });
}

/** When somebody last did something in this window. */
let acted = 0;
for (const deed of ["pointerdown", "keydown"])
	window.addEventListener(
		deed,
		() => {
			acted = Date.now();
		},
		true,
	);

// Says whose page calls: the server refuses it in the session of another administrator, who signed in in a tab
// beside. Only who is signed in may be asked by anybody.
calls.addEventListener("call", (event) => {
	const { name, polled, headers } = (event as CustomEvent<Begun>).detail;
	if (polled && acted <= lastUsed()) headers[polledHeader] = "true";
	if ("who" in current && name !== "WhoAmI") headers["X-Postroom-Administrator"] = current.who.AdministratorId ?? "";
});

/** Opens a session, or answers what else is needed. What the server refuses is thrown. */
export async function signIn(username: string, password: string): Promise<SecondStep | undefined> {
	const out = await call("SignIn", { Username: username, Password: password });
	if (out.SecondFactor && out.SecondFactor.length > 0)
		return { challenge: out.Challenge ?? "", factors: out.SecondFactor, passkeyOptions: out.PasskeyOptions ?? "" };
	await begun();
	return undefined;
}

/** The second step: exactly one of a code, a recovery code and a passkey's answer. */
export async function finishSignIn(input: FinishSignInRequest): Promise<FinishSignInResponse> {
	const out = await call("FinishSignIn", input);
	await begun();
	return out;
}

/** Whether a sign-in was refused for what was typed: else that may be right, and is not to be typed again. */
export const isWrong = (error: unknown): boolean => error instanceof ApiError && error.code === "AccessDeniedException";

async function begun(): Promise<void> {
	channel?.postMessage("in");
	await refresh();
}

/** Ends the session; where the server may not have heard of it, it is not over here either. */
export async function signOut(): Promise<void> {
	try {
		await call("SignOut", {});
		channel?.postMessage("out");
	} catch (error) {
		if (!(error instanceof ApiError && noSession(error.code))) throw error;
	}
	set({ state: "out", signedOut: true });
}

/** Gives up the page of an ended session, with what was typed: for who is signed in beside, or for who signs in now. */
export function leaveEnded(): void {
	const beside = current.state === "ended" ? current.beside : undefined;
	set({ state: "out", signedOut: beside === "" });
	// Nothing that one administrator saw is left for another; behind the render, what is gone asks no more.
	if (beside) setTimeout(() => window.location.reload());
}

/** Tells whether an error means that the session has ended, and notes it. */
export function ended(error: unknown): boolean {
	if (!(error instanceof ApiError) || !noSession(error.code)) return false;
	// Also where it is known already: a dialog that was put aside comes back.
	if (current.state === "ended") set({ ...current });
	else if (current.state === "in") set({ state: "ended", who: current.who });
	return true;
}

/** Whether the signed-in administrator has all organizations: the deployment's own log is for these. */
export const hasAll = (): boolean => "who" in current && current.who.AllOrganizations === true;

/** Whether the signed-in administrator may call an operation. */
export function may(operation: OperationName): boolean {
	return (
		(current.state === "in" || current.state === "ended") &&
		(current.who.Capabilities?.includes(targetOf(operation)) ?? false)
	);
}
