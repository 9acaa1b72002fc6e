/** The details of a user that can be changed, in the order in which they are shown. */
import type { DescribeUserResponse, UpdateUserRequest } from "@postroom/api";
import { t } from "./words.ts";

export const textFields = [
	"DisplayName",
	"FirstName",
	"LastName",
	"Initials",
	"Telephone",
	"Company",
	"Department",
	"JobTitle",
	"Office",
	"Street",
	"City",
	"ZipCode",
	"Country",
	"IdentityProviderUserId",
] as const;

export type TextField = (typeof textFields)[number];

/** Changes of a user, as UpdateUser takes them. */
export type Patch = Pick<UpdateUserRequest, TextField | "HiddenFromGlobalAddressList" | "Role">;

export type Details = Record<TextField, string> & { hidden: boolean; remote: boolean };

export const detailsOf = (user: DescribeUserResponse): Details => ({
	...(Object.fromEntries(textFields.map((f) => [f, user[f] ?? ""])) as Record<TextField, string>),
	hidden: user.HiddenFromGlobalAddressList ?? false,
	remote: user.UserRole === "REMOTE_USER",
});

const fieldNames: readonly (keyof Details)[] = [...textFields, "hidden", "remote"];

/** The label of a field. */
export const labelOf = (field: keyof Details): string => t(field);

/** What has to be sent so that `from` becomes `to`. */
export function patchOf(from: Details, to: Details): Patch {
	const patch: Patch = {};
	for (const f of textFields) if (from[f] !== to[f]) patch[f] = to[f];
	if (from.hidden !== to.hidden) patch.HiddenFromGlobalAddressList = to.hidden;
	if (from.remote !== to.remote) patch.Role = to.remote ? "REMOTE_USER" : "USER";
	return patch;
}

export const differing = (a: Details, b: Details): (keyof Details)[] => fieldNames.filter((f) => a[f] !== b[f]);

const longest = 256;

/** What the server would refuse of a text, where that is known before. */
export function faultOf(field: TextField, text: string): string | undefined {
	if (field === "DisplayName" && text.trim() === "") return t("displayNameMissing");
	return [...text].length > longest ? t("tooLong", { count: longest }) : undefined;
}

/** Which refusals of UpdateUser belong to which field: the server names it in words or as a member. */
export const refusals = Object.fromEntries(
	textFields.map((f) => {
		const words = f.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
		return [f, [new RegExp(`^The ${words} `, "i"), new RegExp(`\\b${f}\\b`, "i")]];
	}),
) as unknown as Record<TextField, RegExp[]>;
