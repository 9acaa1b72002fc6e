import type { StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { FoundUser, User } from "@postroom/api";
import { href, namesOf } from "@postroom/ui";

/** Whether it is an account of the directory itself, which changes there alone. */
export const system = (user: User): boolean => user.UserRole === "SYSTEM_USER" || user.UserRole === "RESOURCE";

/** The sign of each state. */
export const signs: Readonly<Record<string, StatusIndicatorProps.Type>> = {
	ENABLED: "success",
	DISABLED: "stopped",
	DELETED: "error",
};

/** How long the mailbox of a disabled user is kept. */
export const keptDays = 30;

/** What the dialogs are given. */
export interface DialogProps {
	region: string;
	org: string;
	users: readonly FoundUser[];
	/**
	 * Closes the dialog; the users that remain chosen are those that could not be done. It ends when the
	 * list shows what was done.
	 */
	close: (remain?: readonly FoundUser[]) => Promise<void>;
}

/** The page of a user. */
export const pageOf = (region: string, org: string, id: string): string => href(region, "o", org, "users", id);

/** Names of users in a sentence, the first ones of many. */
export const userNames = (users: readonly User[]): string => namesOf(users.map((u) => u.Name ?? ""));
