import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { t } from "./words.ts";

/** A value to take away, such as a secret or a command, with a button that copies it. */
export function Copyable({ value, label }: { value: string; label: string }) {
	return (
		<CopyToClipboard
			variant="inline"
			textToCopy={value}
			textToDisplay={
				<Box variant="code">
					{value.split("\n").map((line) => (
						<div key={line}>{line}</div>
					))}
				</Box>
			}
			copyButtonAriaLabel={t("copyOf", { name: label })}
			copySuccessText={t("copied")}
			copyErrorText={t("copyFailed")}
		/>
	);
}
