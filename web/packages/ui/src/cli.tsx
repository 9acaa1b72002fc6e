import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { memo } from "react";
import { isOwn, learnCommand } from "./cli-command.ts";
import { t } from "./words.ts";

/** Shows the same step as commands, ready to copy. */
export function CliHint({ commands }: { commands: readonly string[] }) {
	return (
		<Box padding={{ top: "s" }}>
			<ExpandableSection headerText={t("cliHeader")} variant="footer">
				<SpaceBetween size="xs">
					{commands.map((command) => (
						<Command key={command} command={command} />
					))}
					{commands.some(isOwn) && (
						<div>
							<Box color="text-body-secondary">{t("cliLearn")}</Box>
							<Command command={learnCommand()} />
						</div>
					)}
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
