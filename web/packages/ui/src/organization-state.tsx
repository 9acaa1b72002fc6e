import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";

/** States as WorkMail has them, with the sign that Cloudscape gives each. */
const signs: Readonly<Record<string, StatusIndicatorProps.Type>> = {
	Active: "success",
	Requested: "pending",
	Creating: "in-progress",
	Deleting: "in-progress",
	Deleted: "stopped",
	Impaired: "warning",
	Failed: "error",
};

/** The state of an organization. */
export function OrganizationState({ state }: { state: string | undefined }) {
	return <StatusIndicator type={signs[state ?? ""] ?? "info"}>{state}</StatusIndicator>;
}
