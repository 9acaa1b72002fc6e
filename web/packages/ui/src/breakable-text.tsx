import { Fragment } from "react";

/**
 * An address, an ARN, or a name such as EmailAddressInUseException, that breaks at its
 * signs or between its words, where it must: a narrow cell would break it anywhere.
 */
export const BreakableText = ({ text }: { text: string }) =>
	text.split(/(?=[@.])|(?<=[:/=])|(?<=[a-z0-9])(?=[A-Z])/).map((part, i) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text keep their places
		<Fragment key={i}>
			{i > 0 && <wbr />}
			{part}
		</Fragment>
	));
