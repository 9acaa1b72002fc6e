import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { DescribeOrganizationResponse } from "@postroom/api";
import { DirectoryPhase, DirectoryReading, href, kindName, Link, useDirectorySync } from "@postroom/ui";
import { t } from "./words.ts";

interface Props {
	region: string;
	org: string;
	o: DescribeOrganizationResponse;
}

const syncHref = (region: string, o: DescribeOrganizationResponse): string =>
	`${href(region, "directories", o.DirectoryId ?? "")}?tab=sync`;

/** Which foreign directory it is, and what its copy does. */
export function DirectoryFact({ region, org, o }: Props) {
	const { data } = useDirectorySync({ region, org }, true, true);
	return (
		<SpaceBetween size="xxs">
			<Link href={href(region, "directories", o.DirectoryId ?? "")}>
				{t("directoryForeign", { kind: kindName(data?.DirectoryKind), id: o.DirectoryId ?? "" })}
			</Link>
			{data?.Phase && <DirectoryPhase phase={data.Phase} />}
		</SpaceBetween>
	);
}

/** The first read while it goes on, and what stops the sync. */
export function DirectoryNews({ region, org, o }: Props) {
	const { data } = useDirectorySync({ region, org }, true, true);
	const link = <Link href={syncHref(region, o)}>{t("toSync")}</Link>;
	if (data?.Phase === "READING")
		return (
			<Container header={<Header variant="h2">{t("reading")}</Header>}>
				<DirectoryReading sync={data} />
			</Container>
		);
	// Impaired says it already.
	if (data?.Phase === "FAILING" && o.State !== "Impaired")
		return (
			<Alert type="error" header={t("syncFailing")}>
				{data.Error} {link}
			</Alert>
		);
	if (data?.Phase === "PAUSED")
		return (
			<Alert type="warning" header={t("syncPaused")}>
				{t("syncPausedHelp", { count: data.HeldCount ?? 0 })} {link}
			</Alert>
		);
	return null;
}

/** Where it is told what to do about a foreign directory that makes its organization Impaired. */
export const ToDirectory = ({ region, o }: Omit<Props, "org">) => <Link href={syncHref(region, o)}>{t("toSync")}</Link>;
