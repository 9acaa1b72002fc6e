/** Questions about an organization's directory that several screens ask, some by several operations. */
import {
	type AddressSource,
	ApiError,
	allOf,
	type CallOptions,
	call,
	type EmailAddressProposal,
	type EntityState,
	type GroupIdentifier,
	type MemberType,
	type Permission,
} from "./index.ts";

/** Where a question is asked. */
export interface Within {
	region: string;
	org: string;
}

/** A user or group that may be chosen. */
export interface Candidate {
	id: string;
	name: string;
	/** A user's display name. */
	title?: string;
	email?: string;
	kind: MemberType;
	state: EntityState;
	/** A group's, for a change of it. */
	revision?: number | undefined;
	/** A group that contains the one that was asked about, so that it cannot become its member. */
	contains?: boolean;
}

export interface VerifiedDomain {
	name: string;
	isDefault: boolean;
}

/** How many are looked at at once where one call answers for one. */
const atOnce = 8;

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	for (let i = 0; i < items.length; i += atOnce)
		results.push(...(await Promise.all(items.slice(i, i + atOnce).map(work))));
	return results;
}

/** The domains that addresses may be of, the default one first. */
export async function verifiedDomains({ region, org }: Within): Promise<VerifiedDomain[]> {
	const found: VerifiedDomain[] = [];
	for (let total = 1; found.length < total; ) {
		const asked = { OrganizationId: org, States: ["VERIFIED" as const], Offset: found.length || undefined };
		const { MailDomains = [], Total = 0 } = await call("FindMailDomains", asked, { region });
		found.push(...MailDomains.map((d) => ({ name: d.DomainName ?? "", isDefault: d.IsDefault ?? false })));
		total = MailDomains.length > 0 ? Total : 0; // some were taken away while it read
	}
	return found.sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name));
}

/**
 * The other region of this deployment in which an organization is; undefined
 * where it is in none of those that are served here, or may not be seen.
 */
export async function otherRegionOf({ region, org }: Within): Promise<string | undefined> {
	const { Regions = [] } = await call("ListRegions", {});
	const names = Regions.flatMap((r) => (r.Hosted && r.Name && r.Name !== region ? [r.Name] : []));
	const found = await inTurns(names, async (name) => {
		try {
			const { State } = await call("DescribeOrganization", { OrganizationId: org }, { region: name });
			return State !== "Deleted";
		} catch {
			return false;
		}
	});
	return names[found.indexOf(true)];
}

const entryPage = (org: string, id: string, NextToken: string | undefined) => ({
	OrganizationId: org,
	EntityId: id,
	NextToken,
	MaxResults: 100,
});

/** All aliases of an entry, without the primary address. */
export const aliasesOf = ({ region, org }: Within, id: string): Promise<string[]> =>
	allOf(
		(token) => call("ListAliases", entryPage(org, id, token), { region }),
		(page) => page.Aliases,
	);

/** All groups that an entry is a member of directly. */
export const groupsOf = ({ region, org }: Within, id: string): Promise<GroupIdentifier[]> =>
	allOf(
		(token) => call("ListGroupsForEntity", entryPage(org, id, token), { region }),
		(page) => page.Groups,
	);

/** All permissions on an entry's mailbox, or to write in its name. */
export const permissionsOf = ({ region, org }: Within, id: string): Promise<Permission[]> =>
	allOf(
		(token) => call("ListMailboxPermissions", entryPage(org, id, token), { region }),
		(page) => page.Permissions,
	);

/** The name of a user or group, for lists that answer only ids; the id where it is gone. */
export async function nameOf({ region, org }: Within, id: string, kind: MemberType): Promise<Candidate> {
	try {
		if (kind === "GROUP") {
			const g = await call("DescribeGroup", { OrganizationId: org, GroupId: id }, { region });
			return { id, name: g.Name ?? id, email: g.Email, kind, state: g.State ?? "DISABLED" };
		}
		const u = await call("DescribeUser", { OrganizationId: org, UserId: id }, { region });
		return { id, name: u.Name ?? id, title: u.DisplayName, email: u.Email, kind, state: u.State ?? "DISABLED" };
	} catch (error) {
		if (error instanceof ApiError && error.code === "EntityNotFoundException")
			return { id, name: id, kind, state: "DELETED" };
		throw error;
	}
}

/**
 * Users and groups that fit the text as a Query, up to `most` of each; the first
 * ones for an empty text.
 */
export async function findPeople(
	{ region, org }: Within,
	text: string,
	kinds: readonly MemberType[] = ["USER", "GROUP"],
	signal?: AbortSignal,
	most = 50,
	/** A group: of each group it is said whether it contains that one. */
	MemberId?: string,
): Promise<Candidate[]> {
	const options: CallOptions = signal ? { region, signal } : { region };
	const asked = {
		OrganizationId: org,
		...(text ? { Query: text } : {}),
		States: ["ENABLED", "DISABLED"] as EntityState[],
		MaxResults: most,
	};
	const users = async (): Promise<Candidate[]> => {
		const page = await call("FindUsers", { ...asked, Roles: ["USER", "REMOTE_USER"] }, options);
		return (page.Users ?? []).map((u) => ({
			id: u.Id ?? "",
			name: u.Name ?? "",
			title: u.DisplayName,
			email: u.Email,
			kind: "USER",
			state: u.State ?? "DISABLED",
		}));
	};
	const groups = async (): Promise<Candidate[]> => {
		const page = await call("FindGroups", { ...asked, MemberId }, options);
		return (page.Groups ?? []).map((g) => ({
			id: g.Id ?? "",
			name: g.Name ?? "",
			email: g.Email,
			kind: "GROUP",
			state: g.State ?? "DISABLED",
			revision: g.Revision,
			contains: g.Contains ?? false,
		}));
	};
	const lists = await Promise.all([kinds.includes("USER") ? users() : [], kinds.includes("GROUP") ? groups() : []]);
	return lists.flat().sort((a, b) => (a.title || a.name).localeCompare(b.title || b.name));
}

/** Why an entry cannot be given an address; undefined where it can. `id` is the entry's own, if it is there yet. */
export async function addressProblem({ region, org }: Within, email: string, id = ""): Promise<string | undefined> {
	const answer = await call("CheckEmailAddress", { OrganizationId: org, Email: email }, { region });
	return answer.EntityId !== undefined && answer.EntityId === id ? undefined : answer.Problem;
}

/** The primary addresses that the server proposes for entries, in the order of the ids. */
export async function proposeAddresses(
	{ region, org }: Within,
	ids: readonly string[],
	/** What of a foreign directory they are made of; the name where it is not said. */
	From?: AddressSource,
): Promise<EmailAddressProposal[]> {
	const list: EmailAddressProposal[] = [];
	for (let i = 0; i < ids.length; i += 100) {
		const input = { OrganizationId: org, EntityIds: ids.slice(i, i + 100), ...(From ? { From } : {}) };
		list.push(...((await call("ProposeEmailAddresses", input, { region })).Proposals ?? []));
	}
	return list;
}

/** Letters that no decomposition makes ASCII, as the server writes them in the addresses that it proposes. */
const letters: Readonly<Record<string, string>> = {
	ß: "ss",
	æ: "ae",
	œ: "oe",
	ø: "o",
	đ: "d",
	ð: "d",
	þ: "th",
	ł: "l",
	ı: "i",
	ħ: "h",
	ŋ: "n",
	ŧ: "t",
	ə: "e",
	"\u2010": "-",
};

/** A name as the local part of an address, as the server proposes it: "Sales Team" → "sales.team". */
export function localPartOf(name: string): string {
	return (
		(name.split("@")[0] ?? "")
			.replace(/\u00b4/g, "")
			.normalize("NFKD")
			.toLowerCase()
			// What stands inside a word does not part it: O'Brien is obrien.
			.replace(/[\p{Mn}\p{Cf}'`\u2018\u2019\u02bb\u02bc\u2032]/gu, "")
			.replace(/[ßæœøđðþłıħŋŧə\u2010]/g, (letter) => letters[letter] ?? "")
			.replace(/[^a-z0-9_-]+/g, ".")
			.replace(/^\.+/, "")
			.slice(0, 64)
			.replace(/\.+$/, "")
	);
}
