import { translator } from "@postroom/i18n";

export const t = translator({
	title: "Organizations",
	description: "Each organization has its own users, groups, resources, domains and mailboxes.",
	alias: "Alias",
	state: "State",
	domain: "Default domain",
	id: "Organization ID",
	filter: "Find organizations by alias, domain or ID",
	create: "Create organization",
	empty: "An organization is the home of users and their mail. Create the first one.",
});
