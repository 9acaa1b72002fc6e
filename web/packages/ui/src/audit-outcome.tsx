import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AuditRecord } from "@postroom/api";
import { BreakableText } from "./breakable-text.tsx";
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
					: <BreakableText text={of.ErrorCode} />
				</>
			)}
		</StatusIndicator>
	);
}
