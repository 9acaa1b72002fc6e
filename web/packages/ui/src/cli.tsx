import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type Input, type OperationName, targetOf } from "@postroom/api";
import { memo } from "react";
import { t } from "./words.ts";

/** Quotes a word for a POSIX shell. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** CreateUser → create-user, RegisterToWorkMail → register-to-work-mail. */
const dashed = (name: string): string =>
	name
		.replace(/([a-z0-9])([A-Z])/g, "$1-$2")
		.replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
		.toLowerCase();

/** A member that is secret, as a place to fill: OldPassword → OLD_PASSWORD. */
const placeOf = (member: string): string => {
	const place = dashed(member).replaceAll("-", "_").toUpperCase();
	return place === "PASSWORD" ? "NEW_PASSWORD" : place;
};

const isSecret = (member: string): boolean => /password|secret/i.test(member);

/** The AWS CLI knows the operations that Amazon WorkMail has too; ours are called with JSON. */
const workmail = "aws workmail ";

/** The command for an operation; members that are secret are left as places to fill. */
export function cliCommand<Name extends OperationName>(
	region: string,
	name: Name,
	input: Partial<Input<Name>>,
): string {
	if (targetOf(name).startsWith("Postroom.")) {
		const json = JSON.stringify(input, (member, value) =>
			typeof value === "string" && isSecret(member) ? placeOf(member) : value,
		);
		return `postroom api ${name} --region ${quoted(region)}${json === "{}" ? "" : ` --input ${quoted(json)}`}`;
	}
	const parts = [workmail + dashed(name), "--endpoint-url", window.location.origin, "--region", quoted(region)];
	for (const [member, value] of Object.entries(input as Record<string, unknown>)) {
		if (value === undefined) continue;
		const option = `--${dashed(member)}`;
		if (typeof value === "boolean") parts.push(value ? option : `--no-${dashed(member)}`);
		else if (isSecret(member)) parts.push(option, placeOf(member));
		else parts.push(option, quoted(typeof value === "object" ? JSON.stringify(value) : String(value)));
	}
	return parts.join(" ");
}

/** Shows the same step as commands, ready to copy. */
export function CliHint({ commands }: { commands: readonly string[] }) {
	const theirs = commands.every((command) => command.startsWith(workmail));
	return (
		<Box padding={{ top: "s" }}>
			<ExpandableSection headerText={t(theirs ? "cliHeader" : "cliHeaderOwn")} variant="footer">
				<SpaceBetween size="xs">
					{commands.map((command) => (
						<Command key={command} command={command} />
					))}
				</SpaceBetween>
			</ExpandableSection>
		</Box>
	);
}

// Twenty of them are costly to draw: a key that is typed draws only those anew that it changes.
const Command = memo(function Command({ command }: { command: string }) {
	return (
		<CopyToClipboard
			variant="inline"
			textToCopy={command}
			textToDisplay={<Box variant="code">{command}</Box>}
			copyButtonAriaLabel={t("copy")}
			copySuccessText={t("copied")}
			copyErrorText={t("copyFailed")}
		/>
	);
});
