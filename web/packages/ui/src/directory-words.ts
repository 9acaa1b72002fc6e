import { translator } from "@postroom/i18n";

/** Words of foreign directories that several features say. */
export const t = translator({
	asking: "Checking whether this organization's directory can be changed here.",
	fixedAd: "This organization's directory is read-only here. Make the change in Active Directory.",
	fixedLdap: "This organization's directory is read-only here. Make the change in the directory itself.",

	SIMPLE_AD: "Simple AD",
	MICROSOFT_AD: "Microsoft AD",
	AD_CONNECTOR: "AD Connector",
	LDAP: "LDAP",

	READING: "First read",
	FOLLOWING: "Following",
	FAILING: "Cannot be read",
	PAUSED: "Waits for you",
	read: "{read} of about {total} users and groups",
	readSome: "{read} users and groups so far",
	reading: "Users and groups are being read from the directory. They appear in the lists as they come.",

	policyLength: "At least {count} characters.",
	policyLength_one: "At least 1 character.",
	policyKinds:
		"Three kinds at least: upper case, lower case, digits, symbols, letters without case; and not the user's name.",
	policyHistory: "None of the last {count} passwords.",
	policyHistory_one: "Not the last password.",
	policyAge: "{time} at least between two changes.",
	policyOf: "These are the rules of the directory.",
	policyNamed: "These are the directory's rules “{name}” for this user.",
	policyUnknown: "The directory decides which passwords it takes; its rules cannot be read from here.",
	policyAsking: "Asking the directory for its rules.",
	short: "At least {count} characters",
	short_one: "At least 1 character",
	long: "At most {count} characters",
	missing: "Enter a password",
	kinds: "Three kinds at least: upper case, lower case, digits, symbols",
	days: "{count} days",
	days_one: "1 day",
	hours: "{count} hours",
	hours_one: "1 hour",
	minutes: "{count} minutes",
	minutes_one: "1 minute",

	from: "Propose addresses from",
	fromNAME: "User name",
	fromUPN: "User principal name (UPN)",
	fromMAIL: "Mail attribute of the directory",
});
