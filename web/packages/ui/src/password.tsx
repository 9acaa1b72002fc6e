import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { t } from "./words.ts";

const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, /[À-ÖØ-öø-ÿ]/, /[^A-Za-z0-9À-ÖØ-öø-ÿ]/];

const kindsOf = (password: string): number => kinds.filter((kind) => kind.test(password)).length;

/** What the built-in directory's policy would refuse; the server decides. */
export function passwordFaults(password: string): string | undefined {
	if (password.length < 8) return t("passwordShort");
	if (password.length > 63) return t("passwordLong");
	if (/[^\u0020-\u007e\u00a0-\u00ff]/.test(password)) return t("passwordCharacters");
	if (kindsOf(password) < 3) return t("passwordKinds");
	return undefined;
}

/** Bits that a guesser has to find, roughly: length times kinds, less what repeats. */
function strength(password: string): number {
	const distinct = new Set(password).size;
	return Math.min(100, Math.round(distinct * Math.log2(10 + 18 * kindsOf(password)) + (password.length - distinct)));
}

const adminFaults = (password: string): string | undefined => {
	if (password.length < 12) return t("adminPasswordShort");
	if (password.length > 256) return t("adminPasswordLong");
	return /[^\u0020-\u00ff]/.test(password) ? t("passwordCharacters") : undefined;
};

/** What is asked of a password. */
export interface PasswordPolicy {
	/** Why a password would be refused, as far as it can be told here. */
	faults: (password: string) => string | undefined;
	/** The same in words, for who types. */
	rule: string;
	/** The least characters, where they may be more than a generated password has. */
	length?: number;
}

/** What the server asks of an administrator's password. */
export const adminPasswordPolicy: PasswordPolicy = { faults: adminFaults, rule: t("adminPasswordRule") };

/** What the built-in directory asks. */
export const ownPasswordPolicy: PasswordPolicy = { faults: passwordFaults, rule: t("passwordRule") };

const letters = "abcdefghjkmnpqrstuvwxyz";
const characters = `${letters}23456789`;

/** Some of `from`, each as likely as the others. */
function pick(from: string, count: number): string {
	// Values beyond the last whole multiple would favour the first characters.
	const limit = 256 - (256 % from.length);
	let picked = "";
	while (picked.length < count) {
		const byte = crypto.getRandomValues(new Uint8Array(1))[0] ?? 255;
		if (byte < limit) picked += from[byte % from.length];
	}
	return picked;
}

/**
 * A password that passes every policy that we know, and can be read out on the phone:
 * five groups or more of four small letters and digits without look-alikes, the first
 * letter a capital. 98 bits. `postroom … --generate` makes the same.
 */
export function generatePassword(least = 0): string {
	const groups = Math.max(5, Math.ceil((least + 1) / 5));
	for (;;) {
		const made = Array.from({ length: groups }, () => pick(characters, 4)).join("-");
		const password = pick(letters, 1).toUpperCase() + made.slice(1);
		if (/[2-9]/.test(password) && /[a-z]/.test(password)) return password;
	}
}

/** Whether a password was generated: nobody has it in the head. */
export const isGenerated = (password: string): boolean =>
	/^[A-HJ-NP-Z][a-hjkmnp-z2-9]{3}(-[a-hjkmnp-z2-9]{4}){4,}$/.test(password);

/** Two fields for a new password, with the policy and the strength while typing. */
export function NewPassword(props: {
	value: string;
	repeated: string;
	onChange: (value: string, repeated: string) => void;
	/** Shows the faults also of what was not typed yet. */
	strict: boolean;
	/** The server's refusal. */
	refused?: string | undefined;
	label?: string;
	/** Another than the built-in directory's. */
	policy?: PasswordPolicy;
}) {
	const policy = props.policy ?? ownPasswordPolicy;
	const [visible, setVisible] = useState(false);
	const fault = props.value || props.strict ? policy.faults(props.value) : undefined;
	const differs =
		props.repeated === props.value || !(props.repeated || props.strict)
			? undefined
			: t(props.repeated ? "passwordDiffers" : "passwordRepeat");
	const bits = strength(props.value);
	const word = bits < 45 ? t("weak") : bits < 75 ? t("fair") : t("strong");
	return (
		<SpaceBetween size="m">
			<FormField
				label={props.label ?? t("password")}
				constraintText={policy.rule}
				errorText={props.refused ?? fault}
				secondaryControl={
					<SpaceBetween direction="horizontal" size="xs">
						<Button formAction="none" onClick={() => setVisible(!visible)}>
							{visible ? t("passwordHide") : t("passwordShow")}
						</Button>
						<Button
							formAction="none"
							onClick={() => {
								const made = generatePassword(policy.length);
								setVisible(true);
								props.onChange(made, made);
							}}
						>
							{t("passwordGenerate")}
						</Button>
					</SpaceBetween>
				}
			>
				<Input
					type={visible ? "text" : "password"}
					value={props.value}
					onChange={(event) => props.onChange(event.detail.value, props.repeated)}
					autoComplete="new-password"
					spellcheck={false}
				/>
			</FormField>
			{props.value !== "" && (
				<ProgressBar
					label={t("passwordStrength")}
					value={bits}
					additionalInfo={fault ? "" : word}
					ariaLabel={t("passwordStrength")}
				/>
			)}
			<FormField label={t("passwordAgain")} errorText={differs}>
				<Input
					type={visible ? "text" : "password"}
					value={props.repeated}
					onChange={(event) => props.onChange(props.value, event.detail.value)}
					autoComplete="new-password"
					spellcheck={false}
				/>
			</FormField>
		</SpaceBetween>
	);
}
