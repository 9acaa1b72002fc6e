import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AuditRecord } from "@postroom/api";
import { AuditOutcome, ErrorBox } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import type { Filter } from "./filter.ts";
import { momentOf, operationOf, recordOf, targetOf } from "./records.ts";
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
		<Modal
			visible
			size="large"
			header={r ? operationOf(r) : t("recordId")}
			onDismiss={props.close}
			footer={
				<SpaceBetween direction="horizontal" size="xs" alignItems="end">
					<CopyToClipboard
						variant="button"
						copyButtonText={t("copyLink")}
						textToCopy={window.location.href}
						copySuccessText={t("copied")}
						copyErrorText={t("copyFailed")}
					/>
					<Button variant="primary" onClick={props.close}>
						{t("close")}
					</Button>
				</SpaceBetween>
			}
		>
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
							{ label: t("target"), value: targetOf(r) },
							{ label: t("targetId"), value: r.Target || "–" },
							{ label: t("detail"), value: r.Detail || "–" },
							{ label: t("organization"), value: r.OrganizationId || "–" },
							{ label: t("region"), value: r.Region || "–" },
							{ label: t("requestId"), value: r.RequestId || "–" },
							{ label: t("recordId"), value: r.RecordId || "–" },
						]}
					/>
					<SpaceBetween direction="horizontal" size="xs">
						{r.Actor && <Button onClick={() => props.narrow({ actor: r.Actor ?? "" })}>{t("onlyActor")}</Button>}
						{r.Target && <Button onClick={() => props.narrow({ target: r.Target ?? "" })}>{t("onlyTarget")}</Button>}
					</SpaceBetween>
				</SpaceBetween>
			) : found.error ? (
				<ErrorBox error={found.error} again={() => void found.refetch()} />
			) : found.isPending ? (
				<StatusIndicator type="loading">{t("recordLoading")}</StatusIndicator>
			) : (
				<StatusIndicator type="info">{t("recordGone")}</StatusIndicator>
			)}
		</Modal>
	);
}
