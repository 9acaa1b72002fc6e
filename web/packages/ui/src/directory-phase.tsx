import ProgressBar from "@cloudscape-design/components/progress-bar";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { DescribeDirectorySyncResponse, DirectoryKind, DirectorySyncPhase } from "@postroom/api";
import { formatNumber } from "@postroom/i18n";
import { t } from "./directory-words.ts";
import { percent } from "./percent.ts";

const signs: Readonly<Record<DirectorySyncPhase, StatusIndicatorProps.Type>> = {
	READING: "in-progress",
	FOLLOWING: "success",
	FAILING: "error",
	PAUSED: "warning",
};

/** What people call a kind of directory. */
export const kindName = (kind: DirectoryKind | undefined): string => (kind ? t(kind) : "");

/** What the copy of a foreign directory does at the moment. */
export function DirectoryPhase({ phase }: { phase: DirectorySyncPhase }) {
	return <StatusIndicator type={signs[phase] ?? "info"}>{t(phase)}</StatusIndicator>;
}

/** How far the first read is; how many there are is known only when it was read once. */
export function DirectoryReading({ sync }: { sync: DescribeDirectorySyncResponse }) {
	const { Read = 0, Total = 0 } = sync;
	const read = formatNumber(Read);
	if (Total <= 0)
		return <StatusIndicator type="in-progress">{`${t("readSome", { read })}. ${t("reading")}`}</StatusIndicator>;
	return (
		<ProgressBar
			value={percent(Read, Total)}
			label={t("READING")}
			description={t("reading")}
			additionalInfo={t("read", { read, total: formatNumber(Total) })}
		/>
	);
}
