import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { EntityState } from "@postroom/api";
import { t } from "./entry-words.ts";

export const EntryState = ({ state = "DISABLED" }: { state?: EntityState | undefined }) => (
	<StatusIndicator type={state === "ENABLED" ? "success" : "stopped"}>{t(state)}</StatusIndicator>
);
