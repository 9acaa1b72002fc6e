import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { t } from "./words.ts";

/** A value to take away, such as a secret or a command, with a button that copies it; `lines` keeps its line ends. */
export function Copyable({ value, label, lines }: { value: string; label: string; lines?: boolean }) {
	return (
		<CopyToClipboard
			variant="inline"
			textToCopy={value}
			textToDisplay={<Box variant={lines ? "pre" : "code"}>{value}</Box>}
			copyButtonAriaLabel={t("copyOf", { name: label })}
			copySuccessText={t("copied")}
			copyErrorText={t("copyFailed")}
		/>
	);
}
