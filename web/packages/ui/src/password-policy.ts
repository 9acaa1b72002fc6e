import { call, type GetPasswordPolicyResponse, type Within } from "@postroom/api";
import { useQuery } from "@tanstack/react-query";
import { useDirectory } from "./directory.ts";
import { t } from "./directory-words.ts";
import { ownPasswordPolicy, type PasswordPolicy } from "./password.tsx";

/** The longest password that the API takes. */
const longest = 256;

/** Active Directory's kinds; three of them make a password complex. */
const kinds = [/\p{Lu}/u, /\p{Ll}/u, /[0-9]/, /[^\p{L}0-9]/u, /[\p{Lo}\p{Lm}]/u];

/** A span of time in the largest unit that it fills. */
function span(seconds: number): string {
	if (seconds >= 86_400) return t("days", { count: Math.round(seconds / 86_400) });
	if (seconds >= 3600) return t("hours", { count: Math.round(seconds / 3600) });
	return t("minutes", { count: Math.max(1, Math.round(seconds / 60)) });
}

/** A directory's rules as a form shows and checks them; what only the directory can check it says itself. */
export function passwordPolicyOf(p: GetPasswordPolicyResponse): PasswordPolicy {
	const { MinLength = 0, Complexity, History = 0, MinAgeSeconds = 0 } = p;
	const most = Math.min(p.MaxLength || longest, longest);
	const rules = [
		MinLength > 0 && t("policyLength", { count: MinLength }),
		Complexity && t("policyKinds"),
		History > 0 && t("policyHistory", { count: History }),
		MinAgeSeconds > 0 && t("policyAge", { time: span(MinAgeSeconds) }),
		p.Known && (p.Name ? t("policyNamed", { name: p.Name }) : t("policyOf")),
	].filter(Boolean);
	return {
		rule: p.Known ? rules.join(" ") : t("policyUnknown"),
		faults: (password) => {
			const length = [...password].length;
			if (length === 0) return t("missing");
			if (!p.Known) return undefined;
			if (length < MinLength) return t("short", { count: MinLength });
			if (length > most) return t("long", { count: most });
			if (Complexity && kinds.filter((k) => k.test(password)).length < 3) return t("kinds");
			return undefined;
		},
		length: MinLength,
	};
}

const usePolicy = ({ region, org }: Within, user: string | undefined, wanted: boolean) =>
	useQuery({
		queryKey: [region, org, "password-policy", user ?? ""],
		queryFn: () => call("GetPasswordPolicy", { OrganizationId: org, ...(user ? { UserId: user } : {}) }, { region }),
		enabled: wanted,
		staleTime: 60_000,
		retry: false,
	});

/** Whether a user has a password of the built-in directory; undefined where that is not known. */
export function useHasPassword(at: Within, user: string, wanted: boolean): boolean | undefined {
	const { foreign } = useDirectory(at);
	const { data } = usePolicy(at, user, wanted && !foreign);
	return data && !foreign ? !data.NoPassword : undefined;
}

/** The rules for the password of a user, or of a new one: the built-in directory's are known, a foreign one is asked. */
export function usePasswordPolicy(at: Within, user?: string): PasswordPolicy {
	const { foreign } = useDirectory(at);
	const asked = usePolicy(at, user, foreign);
	if (!foreign) return ownPasswordPolicy;
	if (asked.data) return passwordPolicyOf(asked.data);
	return { ...passwordPolicyOf({}), ...(asked.isPending ? { rule: t("policyAsking") } : {}) };
}
