import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { call, callWithTag, type DnsRecordVerificationStatus } from "@postroom/api";
import { t } from "./words.ts";

const signs: Record<DnsRecordVerificationStatus, StatusIndicatorProps.Type> = {
	VERIFIED: "success",
	PENDING: "pending",
	FAILED: "error",
};

export function Ownership({ status }: { status: DnsRecordVerificationStatus | undefined }) {
	return status ? <StatusIndicator type={signs[status]}>{t(status)}</StatusIndicator> : "–";
}

/** One domain, with its revision and its DNS records. */
export const domainQuery = (region: string, org: string, name: string) => ({
	queryKey: [region, org, "domains", name],
	queryFn: () => callWithTag("GetMailDomain", { OrganizationId: org, DomainName: name }, { region }),
});

/** Makes a domain the default one. */
export async function makeDefault(region: string, org: string, name: string, etag: string | undefined) {
	await call(
		"UpdateDefaultMailDomain",
		{ OrganizationId: org, DomainName: name },
		{ region, ...(etag ? { ifMatch: etag } : {}) },
	);
}
