import type { Candidate, RelatedEntry, Within } from "@postroom/api";
import { Link } from "./link.tsx";
import { titleOf } from "./picker.tsx";
import { href } from "./place.ts";

/** A member or delegate as one that may be chosen. */
export const personOf = (e: RelatedEntry): Candidate => ({
	id: e.Id ?? "",
	name: e.Name || e.Id || "",
	title: e.DisplayName,
	email: e.Email,
	kind: e.Type === "GROUP" ? "GROUP" : "USER",
	state: e.State ?? "DISABLED",
});

/** Leads to the page of a user or group; at a group, to the tab. */
export const personHref = ({ region, org }: Within, { kind, id }: Candidate): string =>
	href(region, "o", org, kind === "GROUP" ? "groups" : "users", id);

export const personLink = (at: Within) => (who: Candidate) => <Link href={personHref(at, who)}>{titleOf(who)}</Link>;
