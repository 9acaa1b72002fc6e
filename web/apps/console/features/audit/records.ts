import { type AuditRecord, call, dateOf } from "@postroom/api";
import { formatSecond } from "@postroom/i18n";

/** The operation without the service that has it. */
export const operationOf = (r: AuditRecord): string => (r.Operation ?? "").replace(/^(WorkMailService|Postroom)\./, "");

/** What a record is about, by its name where it had one. */
export const targetOf = (r: AuditRecord): string => r.TargetName || r.Target || "–";

export const momentOf = (r: AuditRecord): string => formatSecond(dateOf(r.Time));

/**
 * Finds a record by its ID, which begins with its time in milliseconds as twelve
 * hexadecimal digits. Undefined where there is none.
 */
export async function recordOf(region: string, org: string, id: string): Promise<AuditRecord | undefined> {
	if (!/^[0-9a-f]{13,64}$/.test(id)) return undefined;
	const at = Number.parseInt(id.slice(0, 12), 16);
	let token: string | undefined;
	// A thousand calls in one millisecond are not expected.
	for (let page = 0; page < 10; page++) {
		const answer = await call(
			"ListAuditRecords",
			{
				...(org ? { OrganizationId: org } : {}),
				StartTime: Math.floor(at / 1000),
				EndTime: Math.floor(at / 1000) + 1,
				MaxResults: 100,
				NextToken: token,
			},
			{ region },
		);
		const found = answer.Records?.find((r) => r.RecordId === id);
		if (found || !answer.NextToken) return found;
		token = answer.NextToken;
	}
	return undefined;
}
