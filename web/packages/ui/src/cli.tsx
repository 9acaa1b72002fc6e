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

/** The AWS CLI's command for an operation; members that are secret are left as places to fill. */
export function cliCommand<Name extends OperationName>(
	region: string,
	name: Name,
	input: Partial<Input<Name>>,
): string {
	const service = targetOf(name).startsWith("Postroom.") ? "aws postroom" : "aws workmail";
	const parts = [service, dashed(name), "--endpoint-url", window.location.origin, "--region", quoted(region)];
	for (const [member, value] of Object.entries(input as Record<string, unknown>)) {
		if (value === undefined) continue;
		const option = `--${dashed(member)}`;
		if (typeof value === "boolean") parts.push(value ? option : `--no-${dashed(member)}`);
		else if (/password|secret/i.test(member)) parts.push(option, "NEW_PASSWORD");
		else parts.push(option, quoted(typeof value === "object" ? JSON.stringify(value) : String(value)));
	}
	return parts.join(" ");
}

/** Shows the same step as commands, ready to copy. */
export function CliHint({ commands, own }: { commands: readonly string[]; own?: boolean }) {
	return (
		<Box padding={{ top: "s" }}>
			<ExpandableSection headerText={t(own ? "cliHeaderOwn" : "cliHeader")} variant="footer">
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
