/** What was typed for a new user, and what is wrong with it. */
import { localPartOf } from "@postroom/api";
import { t } from "./words.ts";

export interface Draft {
	firstName: string;
	lastName: string;
	/** Undefined: proposed from first and last name. */
	name?: string;
	/** Undefined: proposed from the other names. */
	displayName?: string;
	/** The part before @; undefined: the user name. */
	local?: string;
	domain: string;
	password: string;
	repeated: string;
	listed: boolean;
	remote: boolean;
}

export type Faults = Partial<
	Record<"name" | "firstName" | "lastName" | "displayName" | "email" | "password", string | undefined>
>;

const blank: Draft = {
	firstName: "",
	lastName: "",
	domain: "",
	password: "",
	repeated: "",
	listed: true,
	remote: false,
};

const fullName = (d: Draft): string => [d.firstName.trim(), d.lastName.trim()].filter(Boolean).join(" ");

/** The user name as it stands or is proposed. */
export const nameOf = (d: Draft): string => (d.name ?? localPartOf(fullName(d))).trim();

/** The display name as it stands or is proposed. */
export const displayOf = (d: Draft): string =>
	(d.displayName ?? fullName(d)).trim() || (d.displayName === undefined ? nameOf(d) : "");

/** The part before @ as it stands or is proposed. */
export const localOf = (d: Draft): string => (d.local ?? localPartOf(nameOf(d))).trim();

export const addressOf = (d: Draft): string => (localOf(d) && d.domain ? `${localOf(d)}@${d.domain}` : "");

export const untouched = (d: Draft): boolean => JSON.stringify({ ...d, domain: "" }) === JSON.stringify(blank);

const long = (text: string): string | undefined =>
	[...text].length > 256 ? t("textLong", { count: [...text].length }) : undefined;

/** What the server would refuse; it decides. */
export function faultsOf(d: Draft): Faults {
	const name = nameOf(d);
	const local = localOf(d);
	return {
		firstName: long(d.firstName.trim()),
		lastName: long(d.lastName.trim()),
		name:
			name === ""
				? t("nameMissing")
				: name.length > 64
					? t("nameLong", { count: name.length })
					: /^[A-Za-z0-9_.-]+(@[a-zA-Z0-9.-]+\.[a-zA-Z0-9-]{2,})?$/.test(name)
						? undefined
						: t("nameCharacters"),
		displayName: displayOf(d) === "" ? t("displayMissing") : long(displayOf(d)),
		email:
			local === ""
				? d.remote
					? undefined
					: t("addressMissing")
				: local.length > 64
					? t("addressLong", { count: local.length })
					: /^[a-zA-Z0-9._%+-]+$/.test(local)
						? undefined
						: t("addressCharacters"),
	};
}

const key = (org: string): string => `postroom.new-user.${org}`;

/** Keeps what was typed over a reload of this window; never the password. */
export function keepDraft(org: string, d: Draft): void {
	try {
		if (untouched(d)) sessionStorage.removeItem(key(org));
		else sessionStorage.setItem(key(org), JSON.stringify({ ...d, password: "", repeated: "" }));
	} catch {
		// Storage is full or forbidden: the draft lasts as long as the page.
	}
}

export function keptDraft(org: string): Draft {
	try {
		return { ...blank, ...(JSON.parse(sessionStorage.getItem(key(org)) ?? "{}") as Partial<Draft>) };
	} catch {
		return blank;
	}
}

export const dropDraft = (org: string): void => sessionStorage.removeItem(key(org));
