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

interface Domain {
	IsDefault?: boolean;
	IsTestDomain?: boolean;
}

/** Why a domain cannot become the default one. */
export function notDefault(d: Domain, state: DnsRecordVerificationStatus | undefined): string | undefined {
	if (d.IsDefault) return t("defaultAlready");
	return state === "VERIFIED" ? undefined : t("defaultUnverified");
}

/** Why a domain cannot be removed. */
export function notRemovable(d: Domain): string | undefined {
	if (d.IsDefault) return t("removeDefault");
	return d.IsTestDomain ? t("removeTest") : undefined;
}

/** One domain, with its revision and its DNS records. */
export const domainQuery = (region: string, org: string, name: string) => ({
	queryKey: [region, org, "domains", name],
	queryFn: () => callWithTag("GetMailDomain", { OrganizationId: org, DomainName: name }, { region, polled: true }),
});

/** Makes a domain the default one. */
export async function makeDefault(region: string, org: string, name: string, etag: string | undefined) {
	await call(
		"UpdateDefaultMailDomain",
		{ OrganizationId: org, DomainName: name },
		{ region, ...(etag ? { ifMatch: etag } : {}) },
	);
}
