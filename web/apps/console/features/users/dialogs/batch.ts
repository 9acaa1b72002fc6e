import type { CallOptions, FoundUser } from "@postroom/api";
import { tagOf, undone, useBusy, useMany } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import type { DialogProps } from "../data.ts";

/**
 * Does one thing for many users and keeps the outcome of each. A call is about the
 * revision that the list showed; about the newest only after the reader was told
 * how it went.
 */
export function useBatch({ region, org, users }: DialogProps) {
	const client = useQueryClient();
	const many = useMany<FoundUser>();
	const [busy, once] = useBusy();
	const outcomes = new Map(many.outcomes.map((o) => [o.item.Id ?? "", o]));
	const newest = (user: FoundUser) => (outcomes.size > 0 && users.find((u) => u.Id === user.Id)) || user;
	/** Answers those for whom it was done now. */
	const run = async (
		list: readonly FoundUser[],
		act: (user: FoundUser, options: CallOptions) => Promise<unknown>,
	): Promise<FoundUser[]> => {
		const after = await once(() => many.run(list, (u) => act(u, { region, ifMatch: tagOf(newest(u).Revision) })));
		if (!after) return [];
		if (undone(after).length > 0) await client.invalidateQueries({ queryKey: [region, org] });
		return after
			.filter((o) => o.state === "done" && outcomes.get(o.item.Id ?? "")?.state !== "done")
			.map((o) => o.item);
	};
	return { outcomes, busy, run, forget: many.forget };
}
