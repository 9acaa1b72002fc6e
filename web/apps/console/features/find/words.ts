import { translator } from "@postroom/i18n";

export const t = translator({
	label: "Find users, groups, resources, domains, organizations and directories",
	placeholder: "Find a name, address or ID",
	USER: "User",
	GROUP: "Group",
	RESOURCE: "Resource",
	ORGANIZATION: "Organization",
	MAIL_DOMAIN: "Domain",
	DIRECTORY: "Directory",
	type: "Type the beginning of a name, address or ID",
	loading: "Looking",
	none: "Nothing found",
	matches: "{count} found",
	failed: "This could not be looked up: {reason}",
	again: "Try again",
	clear: "Clear",
	selected: "Chosen",
});
