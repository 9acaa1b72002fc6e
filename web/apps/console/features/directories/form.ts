/** How a directory is reached and read, as it is typed; what is wrong with it; how it is kept over a reload. */
import type { DescribeDirectoryResponse, DirectoryKind, TestDirectoryRequest } from "@postroom/api";
import { type Attribute, needed, presetOf } from "./kinds.ts";
import { t } from "./words.ts";

export interface Typed {
	kind: DirectoryKind;
	/** One on a line. */
	servers: string;
	startTls: boolean;
	/** PEM; empty: those that the server's machine trusts. */
	ca: string;
	account: string;
	/** Of a directory that is kept: empty for the present one. */
	secret: string;
	baseDn: string;
	userFilter: string;
	groupFilter: string;
	readOnly: boolean;
	/** JSON of what differs from the kind's preset. */
	attributes: string;
}

export type Fault = keyof Typed | "alias";
export type Faults = Partial<Record<Fault, string | undefined>>;

export const blank: Typed = {
	kind: "MICROSOFT_AD",
	servers: "",
	startTls: false,
	ca: "",
	account: "",
	secret: "",
	baseDn: "",
	userFilter: "",
	groupFilter: "",
	readOnly: false,
	attributes: "{}",
};

export const typedOf = (d: DescribeDirectoryResponse): Typed => ({
	kind: d.Kind ?? blank.kind,
	servers: (d.Servers ?? []).join("\n"),
	startTls: d.StartTls ?? false,
	ca: d.CertificateAuthority ?? "",
	account: d.Account ?? "",
	secret: "",
	baseDn: d.BaseDn ?? "",
	userFilter: d.UserFilter ?? "",
	groupFilter: d.GroupFilter ?? "",
	readOnly: d.ReadOnly ?? false,
	attributes: written(d.Attributes ?? {}),
});

export type Attributes = Readonly<Record<string, string>>;

/** In one order, so that the same map is the same text. */
const written = (map: Attributes): string =>
	JSON.stringify(Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => a.localeCompare(b))));

export const attributesOf = (typed: Pick<Typed, "attributes">): Attributes =>
	JSON.parse(typed.attributes) as Attributes;

/** The map with one attribute called otherwise; what the preset says is not written. */
export function withAttribute(typed: Typed, ours: Attribute, theirs: string): string {
	const { [ours]: _, ...rest } = attributesOf(typed);
	return written(theirs === presetOf(typed.kind)[ours] ? rest : { ...rest, [ours]: theirs });
}

const serversOf = (typed: Typed): string[] =>
	typed.servers
		.split(/[\s,;]+/)
		.map((s) => s.trim())
		.filter(Boolean);

/** The settings as the API takes them. */
export function settingsOf(typed: Typed) {
	const attributes = attributesOf(typed);
	return {
		Kind: typed.kind,
		Servers: serversOf(typed),
		StartTls: typed.startTls,
		...(typed.ca.trim() ? { CertificateAuthority: `${typed.ca.trim()}\n` } : {}),
		Account: typed.account.trim(),
		BaseDn: typed.baseDn.trim(),
		...(typed.userFilter.trim() ? { UserFilter: typed.userFilter.trim() } : {}),
		...(typed.groupFilter.trim() ? { GroupFilter: typed.groupFilter.trim() } : {}),
		...(typed.kind === "LDAP" && typed.readOnly ? { ReadOnly: true } : {}),
		...(Object.keys(attributes).length > 0 ? { Attributes: { ...attributes } } : {}),
	} satisfies TestDirectoryRequest;
}

/** What the server would refuse; it decides. `kept`: a secret is kept already. */
export function faultsOf(typed: Typed, kept: boolean): Faults {
	const empty = Object.entries(attributesOf(typed)).find(
		([ours, theirs]) => theirs.trim() === "" && needed.includes(ours as Attribute),
	);
	return {
		servers: serversOf(typed).length === 0 ? t("serversMissing") : undefined,
		ca: /PRIVATE KEY/.test(typed.ca)
			? t("caKey")
			: typed.ca.trim() !== "" && !typed.ca.includes("-----BEGIN CERTIFICATE-----")
				? t("caForm")
				: undefined,
		account: typed.account.trim() === "" ? t("accountMissing") : undefined,
		secret: typed.secret === "" && !kept ? t("secretMissing") : undefined,
		baseDn: typed.baseDn.trim() === "" ? t("baseMissing") : undefined,
		attributes: empty ? t("attributeNeeded", { name: t(`attr.${empty[0] as Attribute}`) }) : undefined,
	};
}

export const isSound = (faults: Faults): boolean => Object.values(faults).every((f) => f === undefined);

/**
 * Which field shows which refusal of the server's, in the order in which they are
 * tried. What was typed stands there in quotes, and may have any of these words.
 */
export const refusals: Readonly<Record<string, readonly (string | RegExp)[]>> = {
	alias: ["NameAvailabilityException", /^[^"]*\balias\b/i],
	groupFilter: [/^[^"]*filter of groups/i],
	userFilter: [/^[^"]*filter/i],
	baseDn: [/^[^"]*\bbase\b|'baseDn'/i],
	secret: [/^[^"]*password|'secret'/i],
	ca: [/^[^"]*(\bcertificates?\b|\bCA\b)/i],
	servers: [/^("[^"]*"|[^"])*\bservers?\b/i],
	account: [/^[^"]*service account|'account'/i],
	attributes: [/attribute/i],
};

const key = (region: string): string => `postroom.new-directory.${region}`;

export interface Draft {
	alias: string;
	typed: Typed;
}

export const isUntouched = (d: Draft): boolean => d.alias === "" && JSON.stringify(d.typed) === JSON.stringify(blank);

/** Keeps what was typed over a reload of this window; never the secret. */
export function keepDraft(region: string, d: Draft): void {
	try {
		if (isUntouched(d)) sessionStorage.removeItem(key(region));
		else sessionStorage.setItem(key(region), JSON.stringify({ ...d, typed: { ...d.typed, secret: "" } }));
	} catch {
		// Storage is full or forbidden: the draft lasts as long as the page.
	}
}

export function keptDraft(region: string): Draft {
	try {
		const kept = JSON.parse(sessionStorage.getItem(key(region)) ?? "{}") as Partial<Draft>;
		return { alias: kept.alias ?? "", typed: { ...blank, ...kept.typed } };
	} catch {
		return { alias: "", typed: blank };
	}
}

export const dropDraft = (region: string): void => sessionStorage.removeItem(key(region));

/** A certificate's file as PEM: Windows saves DER as well. */
export async function pemOf(file: File): Promise<string> {
	const bytes = new Uint8Array(await file.arrayBuffer());
	if (bytes[0] !== 0x30) return new TextDecoder().decode(bytes);
	const base64 = btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
	return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}
