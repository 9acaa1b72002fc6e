import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ApiError } from "@postroom/api";
import { ended } from "@postroom/session";
import { useCallback, useState } from "react";
import { Missing } from "./missing.tsx";
import { href } from "./place.ts";
import { t } from "./words.ts";

/** What an error means for the reader, and what to do. */
export function explain(error: unknown): string {
	if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
	switch (error.code) {
		case "Offline":
			return t("offline");
		case "Unreadable":
			return t("unreadable");
		case "ConflictException":
		case "PreconditionFailedException":
			return t("changed");
		case "ThrottlingException":
			return error.message || t("throttled");
		case "ExpiredTokenException":
		case "MissingAuthenticationTokenException":
			return t("sessionEnded");
		case "AccessDeniedException":
			// Which operation is missing is of use to programs alone.
			return isRole(error) ? t("denied") : error.message;
		case "InternalFailure":
		case "InternalServerError":
			return error.requestId ? t("internal", { request: error.requestId }) : t("internalUnnamed");
	}
	return plain(error.message) || error.code;
}

/** Whether the role is why something was refused, and no other rule of what is asked. */
const isRole = (error: ApiError): boolean =>
	error.code === "AccessDeniedException" &&
	(error.message === "" || /is not authorized to perform/.test(error.message));

/** How the server says that a value has not the form that the API wants. */
const malformed =
	/^\d+ validation errors? detected: Value ('.*' )?at '(?:.*\.)?(\w+)' failed to satisfy constraint: (.*)$/s;

/** Whether a value was refused for its form alone, such as an id that can be none. */
const isMalformed = (error: unknown): boolean => error instanceof ApiError && malformed.test(error.message);

const missing = [
	"EntityNotFoundException",
	"ResourceNotFoundException",
	"OrganizationNotFoundException",
	"MailDomainNotFoundException",
];

/** Whether an error of a read says that what the address names is not there, or can be nothing at all. */
export const isMissing = (error: unknown): boolean =>
	(error instanceof ApiError && missing.includes(error.code)) || isMalformed(error);

/** The validator's text is made for programs: what it means, in our words. */
function plain(message: string): string {
	const [, , member = "", why = ""] = malformed.exec(message) ?? [];
	if (!member) return message;
	const what = member.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
	const count = /(\d+)\D*$/.exec(why)?.[1] ?? "";
	const long = /length (less than or equal to|between)/.test(why);
	if (long) return t("tooLong", { what, most: count });
	return t(/length greater/.test(why) ? "tooShort" : "wrongForm", { what, least: count });
}

/** Whether no answer came that says what was done: all of it may have been. */
const isLost = (error: unknown): boolean =>
	error instanceof ApiError && (error.code === "Unreadable" || error.status === 0 || error.status >= 500);

const taken = [
	"ConflictException",
	"PreconditionFailedException",
	"NameAvailabilityException",
	"EmailAddressInUseException",
	"MailDomainInUseException",
	"EntityAlreadyRegisteredException",
];

/** Whether something is refused for what was done before, by whomever; also where it is said in other words. */
const isTaken = (error: unknown): boolean =>
	error instanceof ApiError ? taken.includes(error.code) : error instanceof Error && isTaken(error.cause);

/**
 * Hears the errors of tries to do one thing, and answers what is to be said besides
 * where it was perhaps the reader's own try before that did what is in the way.
 */
export function makeTries() {
	let lost = false;
	return {
		heard(error: unknown): string {
			const own = lost && isTaken(error);
			lost = own || isLost(error);
			return own ? t("ownTry") : "";
		},
		done() {
			lost = false;
		},
	};
}

/** The tries of a form or a dialog. */
export const useTries = () => useState(makeTries)[0];

/**
 * The problem of a form or a dialog: `fail` takes an error, `field` answers its
 * text where the exception is one that the field names, `rest` the text where no
 * field showed it. A form that stays when it is `done` forgets the tries before.
 */
export function useProblem(fields: Readonly<Record<string, readonly (string | RegExp)[]>> = {}) {
	const [error, setError] = useState<unknown>();
	const [own, setOwn] = useState("");
	const { heard, done } = useTries();
	const fail = useCallback(
		(e: unknown) => {
			ended(e);
			setOwn(heard(e));
			setError(e);
		},
		[heard],
	);
	const clear = useCallback(() => {
		setOwn("");
		setError(undefined);
	}, []);
	const ownerOf = (message: string): string | undefined =>
		error instanceof ApiError
			? Object.keys(fields).find((name) =>
					fields[name]?.some((want) => (typeof want === "string" ? want === error.code : want.test(message))),
				)
			: undefined;
	// Several faults are a line each, and each has its field.
	const lines = error instanceof ApiError && error.message.includes("\n") ? error.message.split("\n") : undefined;
	const parts = lines?.map((line) => ({ owner: ownerOf(line), text: line })) ?? [
		{ owner: ownerOf(error instanceof ApiError ? error.message : ""), text: error === undefined ? "" : explain(error) },
	];
	const textOf = (owner: string | undefined): string | undefined =>
		parts
			.filter((part) => part.owner === owner)
			.map((part) => part.text)
			.join(" ") || undefined;
	const field = (name: string): string | undefined => textOf(name);
	const rest = [textOf(undefined), own].filter(Boolean).join(" ") || undefined;
	return { fail, clear, done, field, rest, error };
}

/** In place of a page that the reader's role does not reach. */
export const Unreachable = () => (
	<Missing title={t("unreachable")} help={t("unreachableHelp")} to={{ text: t("home"), href: href() }} />
);

/** An error in the place of what could not be shown; of a whole `page`, under its title. */
export function ErrorBox(props: { error: unknown; again?: () => void; header?: string; page?: string }) {
	const { error, again, header, page } = props;
	// A page that could not be read for the role: to ask again changes nothing.
	if (again && error instanceof ApiError && isRole(error)) return <Unreachable />;
	const box = (
		<Alert
			type="error"
			header={header ?? t("error")}
			action={
				again && (
					<Button formAction="none" onClick={again}>
						{t("tryAgain")}
					</Button>
				)
			}
		>
			{explain(error)}
		</Alert>
	);
	if (!page) return box;
	return (
		<SpaceBetween size="m">
			<Header variant="h1">{page}</Header>
			{box}
		</SpaceBetween>
	);
}
