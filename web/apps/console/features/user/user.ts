/** The user that a page is about, and what applies to which kind of user. */
import { type DescribeUserResponse, dateOf } from "@postroom/api";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { userQuestion, type Where } from "./find.ts";

export { readUser, type Seen, type Where } from "./find.ts";

export const useUser = (where: Where) => useQuery(userQuestion(where));

/** Reads anew what the organization's screens show; resolves when it is there. */
export function useRefresh({ region, org }: Where): () => Promise<void> {
	const client = useQueryClient();
	return useCallback(() => client.invalidateQueries({ queryKey: [region, org] }), [client, region, org]);
}

/** What a screen calls the user. */
export const titleOf = (user: DescribeUserResponse): string => user.DisplayName || user.Name || "";

/** What applies to a user of its role and state. */
export function kindOf(user: DescribeUserResponse) {
	const system = user.UserRole === "SYSTEM_USER" || user.UserRole === "RESOURCE";
	const remote = user.UserRole === "REMOTE_USER";
	const made = user.MailboxProvisionedDate;
	return {
		/** The directory's own: nothing of it changes here. */
		system,
		remote,
		enabled: user.State === "ENABLED",
		/** Signs in here. */
		signsIn: !system && !remote,
		/** Has a mailbox, or one that is kept: the last one that was made is not removed since. */
		mailbox: !system && !remote && made !== undefined && made > (user.MailboxDeprovisionedDate ?? 0),
	};
}

/**
 * Whether a user who is enabled here is locked out because the directory has the
 * account disabled: then the last thing that was done here is Enable.
 */
export const disabledThere = (user: DescribeUserResponse): boolean =>
	user.State === "DISABLED" && (user.EnabledDate ?? 0) > (user.DisabledDate ?? 0);

const keepDays = 30;

/** When the mailbox of a user who is disabled at a moment is removed. */
export const keptUntil = (disabled: Date): Date => new Date(disabled.getTime() + keepDays * 86_400_000);

/** The same for a user who is disabled now, also when it is over; undefined where there was no mailbox. */
export function mailboxEnd(user: DescribeUserResponse): Date | undefined {
	const disabled = dateOf(user.DisabledDate);
	return user.State === "DISABLED" &&
		!disabledThere(user) &&
		disabled &&
		kindOf(user).signsIn &&
		user.MailboxProvisionedDate
		? keptUntil(disabled)
		: undefined;
}
