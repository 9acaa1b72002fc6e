import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AuditRecord } from "@postroom/api";
import { t } from "./words.ts";

const signs = { SUCCESS: "success", REFUSED: "warning", FAILED: "error" } as const;

export function Outcome({ of }: { of: AuditRecord }) {
	const outcome = of.Outcome ?? "SUCCESS";
	return (
		<StatusIndicator type={signs[outcome]}>
			{t(outcome)}
			{of.ErrorCode ? `: ${of.ErrorCode}` : ""}
		</StatusIndicator>
	);
}
