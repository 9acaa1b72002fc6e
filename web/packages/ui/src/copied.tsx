import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { BreakableText } from "./breakable-text.tsx";
import { t } from "./words.ts";

/** A value to take away, such as a secret or a command, with a button that copies it. */
export function Copyable(props: {
	value: string;
	label: string;
	/** It was taken away, by the button or by hand. */
	copied?: () => void;
}) {
	const { value, label, copied } = props;
	const lines = value.split("\n");
	const copy = (
		<CopyToClipboard
			variant="inline"
			textToCopy={value}
			textToDisplay={
				<Box variant="code">
					<span className="postroom-copied">
						{lines.length === 1 ? (
							// Without a block of its own it stays beside its button.
							<BreakableText text={value} />
						) : (
							lines.map((line) => <div key={line}>{line}</div>)
						)}
					</span>
				</Box>
			}
			copyButtonAriaLabel={t("copyOf", { name: label })}
			copySuccessText={t("copied")}
			copyErrorText={t("copyFailed")}
			{...(copied ? { onCopySuccess: copied } : {})}
		/>
	);
	return copied ? <span onCopy={copied}>{copy}</span> : copy;
}
