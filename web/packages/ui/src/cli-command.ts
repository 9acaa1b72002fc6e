import { type Input, type OperationName, targetOf } from "@postroom/api";

/** Quotes a word for a POSIX shell, and for zsh, to which =x is the path of the command x. */
const quoted = (word: string): string =>
	/^(?!=)[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** CreateUser → create-user, RegisterToWorkMail → register-to-work-mail. */
const dashed = (name: string): string =>
	name
		.replace(/([a-z0-9])([A-Z])/g, "$1-$2")
		.replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
		.toLowerCase();

/** A place to fill: OldPassword → OLD_PASSWORD. */
const placeOf = (member: string): string => {
	const place = dashed(member).replaceAll("-", "_").toUpperCase();
	return place === "PASSWORD" ? "NEW_PASSWORD" : place;
};

/** What is secret is left as a place to fill, at any depth. */
const hide = (member: string, value: unknown): unknown =>
	typeof value === "string" && /password|secret/i.test(member) ? placeOf(member) : value;

const isLines = (value: unknown): boolean => typeof value === "string" && value.includes("\n");

/** --query is the AWS CLI's own, and it would read these values as options, files or addresses. */
const noOption = (member: string, value: unknown): boolean =>
	member === "Query" || (typeof value === "string" && !isLines(value) && /^(-|(file|fileb|https?):\/\/)/.test(value));

/** The value of an option, as words of the shell. */
function worded(value: unknown): string {
	if (typeof value !== "object") return quoted(String(value));
	const words = Array.isArray(value) && value.length > 0 && value.every((v) => /^[A-Za-z0-9][\w.@:-]*$/.test(v));
	return words ? value.join(" ") : quoted(JSON.stringify(value, hide));
}

const own = "aws postroom ";

/** The AWS CLI knows Amazon WorkMail's operations; ours it must learn. */
export const isOwn = (command: string): boolean => command.startsWith(own);

/** The line by which it learns them. */
export const learnCommand = (): string =>
	`curl -fsSO ${window.location.origin}/postroom.json && aws configure add-model --service-model file://postroom.json --service-name postroom`;

/**
 * The command of the AWS CLI for an operation. Members that are secret are left as places to fill, and texts of
 * several lines as files.
 */
export function cliCommand<Name extends OperationName>(
	region: string,
	name: Name,
	input: Partial<Input<Name>>,
): string {
	const service = targetOf(name).startsWith("Postroom.") ? own : "aws workmail ";
	const parts = [service + dashed(name), "--endpoint-url", window.location.origin, "--region", quoted(region)];
	const rest: Record<string, unknown> = {};
	for (const [member, given] of Object.entries(input as Record<string, unknown>)) {
		const value = hide(member, given);
		if (value === undefined) continue;
		if (noOption(member, value)) rest[member] = value;
		else if (isLines(value)) parts.push(`--${dashed(member)}`, `file://${placeOf(member)}`);
		else if (typeof value === "boolean") parts.push(`--${value ? "" : "no-"}${dashed(member)}`);
		else parts.push(`--${dashed(member)}`, worded(value));
	}
	if (Object.keys(rest).length > 0) parts.push("--cli-input-json", quoted(JSON.stringify(rest)));
	return parts.join(" ");
}
