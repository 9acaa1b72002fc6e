import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AuditRecord } from "@postroom/api";
import { Fragment } from "react";
import { t } from "./entry-words.ts";

const signs = { SUCCESS: "success", REFUSED: "warning", FAILED: "error" } as const;

/** How a call ended, and by which exception. */
export function AuditOutcome({ of }: { of: AuditRecord }) {
	const outcome = of.Outcome ?? "SUCCESS";
	return (
		<StatusIndicator type={signs[outcome]}>
			{t(outcome)}
			{of.ErrorCode && (
				<>
					: <Humps text={of.ErrorCode} />
				</>
			)}
		</StatusIndicator>
	);
}

/** A name such as EmailAddressInUseException, which breaks between its words where it must. */
export function Humps({ text }: { text: string }) {
	return text.split(/(?<=[a-z0-9])(?=[A-Z])/).map((part, i) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text keep their places
		<Fragment key={i}>
			{i > 0 && <wbr />}
			{part}
		</Fragment>
	));
}
