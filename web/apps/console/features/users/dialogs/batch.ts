import { type CallOptions, callWithTag, type FoundUser } from "@postroom/api";
import { isConflict, tagOf, undone, useMany } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import type { DialogProps } from "../data.ts";

/**
 * Does one thing for many users and keeps the outcome of each. A call is about the
 * revision that the list showed; where that was no longer so, which the row then
 * says, the next one is about what the user was when it said so.
 */
export function useBatch({ region, org }: DialogProps) {
	const client = useQueryClient();
	const many = useMany<FoundUser>();
	const outcomes = new Map(many.outcomes.map((o) => [o.item.Id ?? "", o]));
	const told = useRef(new Map<string, string>());
	/** Answers those for whom it was done now. */
	const run = async (
		list: readonly FoundUser[],
		act: (user: FoundUser, options: CallOptions) => Promise<unknown>,
		side?: number,
	): Promise<FoundUser[]> => {
		const one = async (u: FoundUser) => {
			const UserId = u.Id ?? "";
			try {
				return await act(u, { region, ifMatch: told.current.get(UserId) ?? tagOf(u.Revision) });
			} catch (error) {
				if (isConflict(error)) {
					// Of one who cannot be read there is none newer.
					const now = await callWithTag("DescribeUser", { OrganizationId: org, UserId }, { region }).catch(
						() => undefined,
					);
					if (now) told.current.set(UserId, now.etag);
				}
				throw error;
			}
		};
		const after = await many.run(list, one, side);
		if (undone(after).length > 0) await client.invalidateQueries({ queryKey: [region, org] });
		return after
			.filter((o) => o.state === "done" && outcomes.get(o.item.Id ?? "")?.state !== "done")
			.map((o) => o.item);
	};
	/** The outcome of one, by id, counts no more. */
	const { forget: forgetOf } = many;
	const forget = useCallback((id: string) => forgetOf((u) => u.Id === id), [forgetOf]);
	return { outcomes, run, forget };
}
