/** The kinds of directories, and what Postroom reads in each where nothing else is said. */
import type { DirectoryKind } from "@postroom/api";

export const kinds: readonly DirectoryKind[] = ["MICROSOFT_AD", "SIMPLE_AD", "AD_CONNECTOR", "LDAP"];

export const isActiveDirectory = (kind: DirectoryKind): boolean => kind !== "LDAP";

/**
 * The preset of connect/ldapdir (attributes.go): our name of each attribute, and
 * the directory's. What the directory's is empty for is neither read nor written.
 */
const activeDirectory = {
	name: "sAMAccountName",
	displayName: "displayName",
	firstName: "givenName",
	lastName: "sn",
	initials: "initials",
	mail: "mail",
	addresses: "proxyAddresses",
	hidden: "msExchHideFromAddressLists",
	userPrincipalName: "userPrincipalName",
	telephone: "telephoneNumber",
	company: "company",
	department: "department",
	jobTitle: "title",
	office: "physicalDeliveryOfficeName",
	street: "streetAddress",
	zipCode: "postalCode",
	city: "l",
	country: "co",
	members: "member",
	passwordSet: "pwdLastSet",
};

const ldap = {
	key: "entryUUID",
	name: "uid",
	displayName: "displayName",
	firstName: "givenName",
	lastName: "sn",
	initials: "initials",
	mail: "mail",
	addresses: "",
	hidden: "",
	userPrincipalName: "",
	telephone: "telephoneNumber",
	company: "o",
	department: "departmentNumber",
	jobTitle: "title",
	office: "physicalDeliveryOfficeName",
	street: "street",
	zipCode: "postalCode",
	city: "l",
	country: "",
	members: "member,uniqueMember",
	passwordSet: "pwdChangedTime",
};

export type Attribute = keyof typeof activeDirectory | keyof typeof ldap;

export const presetOf = (kind: DirectoryKind): Readonly<Partial<Record<Attribute, string>>> =>
	isActiveDirectory(kind) ? activeDirectory : ldap;

/** Without these an entry cannot be told from another. */
export const needed: readonly Attribute[] = ["key", "name"];
