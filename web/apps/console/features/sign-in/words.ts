import { translator } from "@postroom/i18n";

export const t = translator({
	title: "Sign in to Postroom",
	again: "Sign in again",
	againHelp: "Your session has ended. What you typed is still there behind this.",
	help: "This is for administrators. Mail users sign in with their mail program.",
	name: "Administrator name",
	password: "Password",
	button: "Sign in",
	missingName: "Enter your name",
	missingPassword: "Enter your password",
	signedOut: "You have signed out.",
});
