import { Fragment } from "react";

/** An address that breaks before its @ or a dot, where it must: in a narrow cell it would break within a word. */
export const AddressText = ({ email }: { email: string }) =>
	email.split(/(?=[@.])/).map((part, i) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: parts of one text stay where they are
		<Fragment key={i}>
			{i > 0 && <wbr />}
			{part}
		</Fragment>
	));
