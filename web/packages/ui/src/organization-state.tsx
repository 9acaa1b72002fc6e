import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { t } from "./words.ts";

/** States as WorkMail has them, with the sign that Cloudscape gives each. */
const signs = {
	Active: "success",
	Requested: "pending",
	Creating: "in-progress",
	Deleting: "in-progress",
	Deleted: "stopped",
	Impaired: "warning",
	Failed: "error",
} as const satisfies Readonly<Record<string, StatusIndicatorProps.Type>>;

const isKnown = (state: string | undefined): state is keyof typeof signs => state !== undefined && state in signs;

/** The state of an organization. */
export function OrganizationState({ state }: { state: string | undefined }) {
	if (!isKnown(state)) return <StatusIndicator type="info">{state}</StatusIndicator>;
	return <StatusIndicator type={signs[state]}>{t(state)}</StatusIndicator>;
}
