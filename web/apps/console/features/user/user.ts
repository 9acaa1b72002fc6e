/**
 * The user that a page is about: how it is read, and what applies to which kind
 * of user. A read carries the user's revision, with which changes are made.
 */
import { callWithTag, type DescribeUserResponse, dateOf } from "@postroom/api";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

export interface Where {
	region: string;
	org: string;
	/** Of the user. */
	id: string;
}

export interface Seen {
	user: DescribeUserResponse;
	/** The revision that was read. */
	tag: string;
}

export async function readUser({ region, org, id }: Where, signal?: AbortSignal): Promise<Seen> {
	const { output, etag } = await callWithTag(
		"DescribeUser",
		{ OrganizationId: org, UserId: id },
		{ region, ...(signal ? { signal } : {}) },
	);
	return { user: output, tag: etag };
}

export const useUser = (where: Where) =>
	useQuery({
		queryKey: [where.region, where.org, "user", where.id],
		queryFn: ({ signal }) => readUser(where, signal),
	});

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
	return {
		/** The directory's own: nothing of it changes here. */
		system,
		remote,
		enabled: user.State === "ENABLED",
		/** Signs in here. */
		signsIn: !system && !remote,
		/** Has a mailbox, or one that is kept. */
		mailbox: !system && !remote && user.MailboxProvisionedDate !== undefined,
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

/** The same for a user who is disabled now; undefined where nothing is kept. */
export function mailboxEnd(user: DescribeUserResponse): Date | undefined {
	const disabled = dateOf(user.DisabledDate);
	return user.State === "DISABLED" && !disabledThere(user) && disabled && kindOf(user).mailbox
		? keptUntil(disabled)
		: undefined;
}
