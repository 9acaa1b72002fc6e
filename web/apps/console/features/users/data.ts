import type { StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { call, type FoundUser, type Input, type User } from "@postroom/api";
import { href } from "@postroom/ui";

export const states = ["ENABLED", "DISABLED"] as const;
/** What the server sorts by. */
export const sorts = ["NAME", "DISPLAY_NAME", "EMAIL", "STATE", "ENABLED_DATE"] as const;
export const roles = ["USER", "SYSTEM_USER", "REMOTE_USER"] as const;

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

export type FindInput = Input<"FindUsers">;

export const findUsers = (region: string, input: FindInput) => call("FindUsers", input, { region });

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

/** Names of users in a sentence, with the rest as a number. */
export function namesOf(users: readonly User[], most = 5): string {
	const names = users.slice(0, most).map((u) => u.Name ?? "");
	return users.length > most ? `${names.join(", ")} +${users.length - most}` : names.join(", ");
}
