import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { EntityState } from "@postroom/api";
import type { ReactNode } from "react";
import { BreakableText } from "./breakable-text.tsx";
import { t } from "./entry-words.ts";

interface Stated {
	state?: EntityState | undefined;
}

export const EntryState = ({ state = "DISABLED" }: Stated) => (
	<StatusIndicator type={state === "ENABLED" ? "success" : "stopped"}>{t(state)}</StatusIndicator>
);

/** The line below the name of an entry, at the head of its page. */
export const EntryHead = ({
	state,
	email,
	children,
}: Stated & { email?: string | undefined; children?: ReactNode }) => (
	<SpaceBetween direction="horizontal" size="xs">
		<EntryState state={state} />
		{children}
		<span>{email ? <BreakableText text={email} /> : t("noAddress")}</span>
	</SpaceBetween>
);
