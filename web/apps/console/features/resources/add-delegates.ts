import { type Candidate, callWithTag } from "@postroom/api";
import { may } from "@postroom/session";
import type { Part } from "./page.tsx";
import { t } from "./words.ts";

/** How delegates are added, from wherever that is asked for. */
export function addDelegates({ at, id, seen }: Part) {
	const name = seen.output.Name ?? "";
	const about = { OrganizationId: at.org, ResourceId: id };
	return {
		at,
		id,
		etag: seen.etag,
		words: {
			addHeader: t("addHeader", { name }),
			added: (count: number) => t("added", { count, name }),
			there: t("addThere"),
		},
		add: may("AssociateDelegateToResource")
			? ({ id: EntityId }: Candidate, ifMatch: string) =>
					callWithTag("AssociateDelegateToResource", { ...about, EntityId }, { region: at.region, ifMatch })
			: undefined,
	};
}
