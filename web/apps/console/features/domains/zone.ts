import type { DnsRecord } from "@postroom/api";

/** Seconds that others may keep a record; short enough to mend a mistake the same day. */
const ttl = 3600;

/** A TXT value as strings of at most 255 bytes, as RFC 1035 §5.1 writes them. */
function quoted(text: string): string {
	const parts = text.match(/.{1,255}/gs) ?? [""];
	return parts.map((part) => `"${part.replace(/["\\]/g, "\\$&")}"`).join(" ");
}

/** A host name at the end of a value, absolute. */
const absolute = (value: string): string => (value.endsWith(".") ? value : `${value}.`);

/** One record in the form of a zone file. */
function zoneLine(record: DnsRecord): string {
	const value = record.Value ?? "";
	const data = record.Type === "TXT" ? quoted(value) : absolute(value);
	return `${absolute(record.Hostname ?? "")}\t${ttl}\tIN\t${record.Type}\t${data}`;
}

export const zoneFile = (records: readonly DnsRecord[]): string => `${records.map(zoneLine).join("\n")}\n`;

export type Group = "ownership" | "delivery" | "security" | "bounce";

/** WorkMail's four groups; a group without records is not shown. */
export function groups(domain: string, records: readonly DnsRecord[]): [Group, DnsRecord[]][] {
	const of = (r: DnsRecord): Group => {
		const host = r.Hostname ?? "";
		if (host.startsWith("_postroom.")) return "ownership";
		if (r.Type === "TXT" && (host === domain || host.startsWith("_dmarc."))) return "security";
		if (host.includes("._domainkey.")) return "security";
		if (host === domain || host.startsWith("autodiscover.")) return "delivery";
		return "bounce";
	};
	const all: Group[] = ["ownership", "delivery", "security", "bounce"];
	return all
		.map((group): [Group, DnsRecord[]] => [group, records.filter((r) => of(r) === group)])
		.filter(([, list]) => list.length > 0);
}
