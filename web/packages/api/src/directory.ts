/** Questions about an organization's directory that several screens ask, some by several operations. */
import {
	ApiError,
	type CallOptions,
	call,
	type EntityState,
	type EntityType,
	type MemberType,
	pages,
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
	for await (const page of pages((NextToken) =>
		call("ListMailDomains", { OrganizationId: org, NextToken, MaxResults: 100 }, { region }),
	)) {
		const states = await inTurns(page.MailDomains ?? [], async (d) => {
			const name = d.DomainName ?? "";
			const seen = await call("GetMailDomain", { OrganizationId: org, DomainName: name }, { region });
			return { name, isDefault: d.DefaultDomain ?? false, verified: seen.OwnershipVerificationStatus === "VERIFIED" };
		});
		found.push(...states.filter((d) => d.verified).map(({ name, isDefault }) => ({ name, isDefault })));
	}
	return found.sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name));
}

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
 * Users and groups whose name, display name or address begins with the text, up
 * to 100 of each; the first ones for an empty text.
 */
export async function findPeople(
	{ region, org }: Within,
	text: string,
	kinds: readonly MemberType[] = ["USER", "GROUP"],
	signal?: AbortSignal,
): Promise<Candidate[]> {
	const options: CallOptions = signal ? { region, signal } : { region };
	const users = kinds.includes("USER")
		? (text ? [{ UsernamePrefix: text }, { DisplayNamePrefix: text }, { PrimaryEmailPrefix: text }] : [undefined]).map(
				async (Filters) => {
					const page = await call("ListUsers", { OrganizationId: org, Filters, MaxResults: 100 }, options);
					return (page.Users ?? [])
						.filter((u) => u.UserRole === "USER" || u.UserRole === "REMOTE_USER")
						.map(
							(u): Candidate => ({
								id: u.Id ?? "",
								name: u.Name ?? "",
								title: u.DisplayName,
								email: u.Email,
								kind: "USER",
								state: u.State ?? "DISABLED",
							}),
						);
				},
			)
		: [];
	const groups = kinds.includes("GROUP")
		? (text ? [{ NamePrefix: text }, { PrimaryEmailPrefix: text }] : [undefined]).map(async (Filters) => {
				const page = await call("ListGroups", { OrganizationId: org, Filters, MaxResults: 100 }, options);
				return (page.Groups ?? []).map(
					(g): Candidate => ({
						id: g.Id ?? "",
						name: g.Name ?? "",
						email: g.Email,
						kind: "GROUP",
						state: g.State ?? "DISABLED",
					}),
				);
			})
		: [];
	const found = new Map<string, Candidate>();
	for (const list of await Promise.all([...users, ...groups]))
		for (const c of list) if (c.state !== "DELETED") found.set(c.id, c);
	return [...found.values()].sort((a, b) => (a.title || a.name).localeCompare(b.title || b.name));
}

export interface Holder {
	id: string;
	name: string;
	kind: EntityType;
}

/** The enabled entry that has an address; one that is disabled loses it to the next who takes it, and is not answered. */
export async function holderOf({ region, org }: Within, email: string): Promise<Holder | undefined> {
	try {
		const e = await call("DescribeEntity", { OrganizationId: org, Email: email }, { region });
		const id = e.EntityId ?? "";
		const at = { region };
		const { State } =
			e.Type === "GROUP"
				? await call("DescribeGroup", { OrganizationId: org, GroupId: id }, at)
				: e.Type === "RESOURCE"
					? await call("DescribeResource", { OrganizationId: org, ResourceId: id }, at)
					: await call("DescribeUser", { OrganizationId: org, UserId: id }, at);
		return State === "ENABLED" ? { id, name: e.Name ?? id, kind: e.Type ?? "USER" } : undefined;
	} catch (error) {
		if (error instanceof ApiError && error.code === "EntityNotFoundException") return undefined;
		throw error;
	}
}

/** A name as the local part of an address: "Sales Team" → "sales.team". */
export function localPartOf(name: string): string {
	return name
		.normalize("NFKD")
		.replace(/[̀-ͯ]/g, "")
		.replace(/ß/g, "ss")
		.toLowerCase()
		.replace(/[^a-z0-9._%-]+/g, ".")
		.replace(/\.{2,}/g, ".")
		.replace(/^\.+|\.+$/g, "")
		.slice(0, 64)
		.replace(/\.+$/, "");
}
