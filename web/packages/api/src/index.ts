/**
 * The one way in which web apps call Postroom: AWS JSON 1.1 by the session's
 * cookie. It keeps no state, and refuses to retry: what a call did is known only
 * to who reads its answer.
 */
import { type Operations, targets } from "./operations.gen.ts";

export * from "./directory.ts";
export type * from "./operations.gen.ts";
export * from "./question.ts";

export type OperationName = keyof Operations;
export type Input<Name extends OperationName> = Operations[Name]["input"];
export type Output<Name extends OperationName> = Operations[Name]["output"];

/** What went wrong: the API's exception, or one of ours below. */
export class ApiError extends Error {
	constructor(
		/** The exception's name; "Offline" or "Unreadable" where no answer of the API came. */
		readonly code: string,
		message: string,
		/** HTTP status; 0 where there was none. */
		readonly status: number,
		readonly requestId: string,
	) {
		super(message);
		this.name = "ApiError";
	}
}

export interface CallOptions {
	/** The region of the call; operations of the deployment need none. */
	region?: string;
	/** The revision that the change is about: `etag` of a read. */
	ifMatch?: string;
	signal?: AbortSignal;
	/** It is asked again by itself (`refetchInterval`), which is no use of the session where nobody acts. */
	polled?: boolean;
}

/** A call that is about to be sent, with headers to add to. */
export interface Begun {
	name: OperationName;
	polled: boolean;
	headers: Record<string, string>;
}

/** Tells the server that the call is no use of the session. */
export const polledHeader = "X-Postroom-Polled";

/**
 * Hears "call" with each call before it is sent, and "answer" for each that the
 * server took as a use of the session.
 */
export const calls = new EventTarget();

/** What says that there is no session, or none any more. */
export const noSession = (code: string): boolean =>
	code === "ExpiredTokenException" || code === "MissingAuthenticationTokenException";

export interface Answer<T> {
	output: T;
	/** The revision of what was read, for `ifMatch`. */
	etag: string;
}

/** The names of all operations, for choices. */
export const operationNames = Object.keys(targets) as readonly OperationName[];

/** The name by which the protocol calls an operation. */
export const targetOf = (name: OperationName): string => `${targets[name]}.${name}`;

/** Calls an operation and answers its output. */
export async function call<Name extends OperationName>(
	name: Name,
	input: Input<Name>,
	options: CallOptions = {},
): Promise<Output<Name>> {
	return (await callWithTag(name, input, options)).output;
}

/** `call`, with the revision of what was read. */
export async function callWithTag<Name extends OperationName>(
	name: Name,
	input: Input<Name>,
	options: CallOptions = {},
): Promise<Answer<Output<Name>>> {
	const headers: Record<string, string> = {
		"Content-Type": "application/x-amz-json-1.1",
		"X-Amz-Target": targetOf(name),
	};
	if (options.region) headers["X-Postroom-Region"] = options.region;
	if (options.ifMatch) headers["If-Match"] = options.ifMatch;
	calls.dispatchEvent(new CustomEvent<Begun>("call", { detail: { name, polled: options.polled ?? false, headers } }));
	let response: Response;
	try {
		response = await fetch("/", {
			method: "POST",
			headers,
			body: JSON.stringify(input),
			credentials: "same-origin",
			signal: options.signal ?? null,
		});
	} catch (cause) {
		if (options.signal?.aborted) throw cause;
		throw new ApiError("Offline", "", 0, "");
	}
	const requestId = response.headers.get("x-amzn-RequestId") ?? "";
	let body: unknown;
	try {
		body = await response.json();
	} catch {
		throw new ApiError("Unreadable", "", response.status, requestId);
	}
	const refused = response.ok ? undefined : refusal(response.status, body, requestId);
	if (!noSession(refused?.code ?? "") && !headers[polledHeader]) calls.dispatchEvent(new Event("answer"));
	if (refused) throw refused;
	return { output: body as Output<Name>, etag: response.headers.get("ETag") ?? "" };
}

function refusal(status: number, body: unknown, requestId: string): ApiError {
	const fields = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
	const code = String(fields.__type ?? "InternalFailure").replace(/^.*#/, "");
	return new ApiError(code, String(fields.Message ?? fields.message ?? ""), status, requestId);
}

/** Timestamps of the API are seconds since 1970. */
export function dateOf(seconds: number | undefined): Date | undefined {
	return seconds ? new Date(seconds * 1000) : undefined;
}

/** What a list operation has on all its pages. */
export async function allOf<Page extends { NextToken?: string }, Item>(
	read: (token: string | undefined) => Promise<Page>,
	itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
	const all: Item[] = [];
	for (let token: string | undefined; ; ) {
		const page = await read(token);
		all.push(...(itemsOf(page) ?? []));
		if (!page.NextToken) return all;
		token = page.NextToken;
	}
}
