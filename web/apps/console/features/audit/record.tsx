import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AuditRecord } from "@postroom/api";
import { AuditOutcome, Copyable, Dialog, ErrorBox } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import type { Filter } from "./filter.ts";
import { momentOf, operationOf, recordOf } from "./records.ts";
import { t } from "./words.ts";

/** All that a record says; asked for where the list does not show it. */
export default function RecordDetails(props: {
	region: string;
	org: string;
	id: string;
	shown: AuditRecord | undefined;
	close: () => void;
	narrow: (filter: Partial<Filter>) => void;
}) {
	const { id, shown } = props;
	const found = useQuery({
		queryKey: [props.region, props.org, "audit-record", id],
		queryFn: async () => (await recordOf(props.region, props.org, id)) ?? null,
		enabled: !shown,
	});
	const r = shown ?? found.data;
	return (
		<Dialog header={r ? operationOf(r) : t("recordId")} size="large" close={props.close}>
			{r ? (
				<SpaceBetween size="l">
					<KeyValuePairs
						columns={2}
						items={[
							{ label: t("time"), value: momentOf(r) },
							{ label: t("outcome"), value: <AuditOutcome of={r} /> },
							{ label: t("actor"), value: r.Actor || "–" },
							{ label: t("source"), value: r.SourceAddress || "–" },
							{ label: t("operation"), value: r.Operation || "–" },
							{ label: t("target"), value: (r.TargetName !== r.Target && r.TargetName) || "–" },
							{ label: t("targetId"), value: <Id value={r.Target} label={t("targetId")} /> },
							{ label: t("detail"), value: r.Detail || "–" },
							{ label: t("organization"), value: <Id value={r.OrganizationId} label={t("organization")} /> },
							{ label: t("region"), value: r.Region || "–" },
							{ label: t("requestId"), value: <Id value={r.RequestId} label={t("requestId")} /> },
							{ label: t("recordId"), value: <Id value={r.RecordId} label={t("recordId")} /> },
						]}
					/>
					<SpaceBetween direction="horizontal" size="xs">
						{r.Actor && (
							<Button formAction="none" onClick={() => props.narrow({ actor: r.Actor ?? "" })}>
								{t("onlyActor")}
							</Button>
						)}
						{r.Target && (
							<Button formAction="none" onClick={() => props.narrow({ target: r.Target ?? "" })}>
								{t("onlyTarget")}
							</Button>
						)}
						<CopyToClipboard
							variant="button"
							copyButtonText={t("copyLink")}
							textToCopy={window.location.href}
							copySuccessText={t("copied")}
							copyErrorText={t("copyFailed")}
						/>
					</SpaceBetween>
				</SpaceBetween>
			) : found.error ? (
				<ErrorBox error={found.error} again={() => void found.refetch()} />
			) : found.isPending ? (
				<StatusIndicator type="loading">{t("recordLoading")}</StatusIndicator>
			) : (
				<StatusIndicator type="info">{t("recordGone")}</StatusIndicator>
			)}
		</Dialog>
	);
}

const Id = ({ value, label }: { value: string | undefined; label: string }) =>
	value ? <Copyable value={value} label={label} /> : "–";
