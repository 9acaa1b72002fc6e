import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { call, type VerifiedDomain, type Within } from "@postroom/api";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useState } from "react";
import { t } from "./entry-words.ts";

/** An address while it is typed: `local` may hold a whole address that was pasted. */
export interface Email {
	local: string;
	domain: string;
}

/** The address as it is sent. */
export function emailText({ local, domain }: Email): string {
	const text = local.trim();
	return text.includes("@") ? text : `${text}@${domain}`;
}

export function emailOf(text: string): Email {
	const at = text.lastIndexOf("@");
	return at < 0 ? { local: text, domain: "" } : { local: text.slice(0, at), domain: text.slice(at + 1) };
}

/** What is wrong with an address before it is sent; the server decides. */
export function emailFault(email: Email, domains: readonly VerifiedDomain[] | undefined): string | undefined {
	if (email.local.trim() === "") return t("emailLocal");
	const { local, domain } = emailOf(emailText(email));
	if (domains && domains.length === 0) return t("emailDomainMissing");
	if (!/^[a-zA-Z0-9._%+-]{1,64}$/.test(local)) return t("emailForm");
	if (domains && !domains.some((d) => d.name.toLowerCase() === domain.toLowerCase()))
		return t("emailElsewhere", { domain });
	return undefined;
}

/**
 * Asks, a moment after the last key, whether an address can be had: `text` is why
 * not, `hint` stands below the field while there is nothing wrong.
 */
export function useAddressCheck(
	{ region, org }: Within,
	/** Empty while it is not one yet. */
	email: string,
): { text: string | undefined; hint: ReactNode } {
	const [asked, setAsked] = useState(email);
	useEffect(() => {
		const timer = setTimeout(() => setAsked(email), 250);
		return () => clearTimeout(timer);
	}, [email]);
	const check = useQuery({
		queryKey: [region, org, "address", asked],
		queryFn: () => call("CheckEmailAddress", { OrganizationId: org, Email: asked }, { region }),
		enabled: asked !== "",
		retry: false,
	});
	const current = email !== "" && asked === email;
	if (!current || check.isError)
		return { text: undefined, hint: <Box color="text-body-secondary">{t("addressRule")}</Box> };
	if (check.isLoading)
		return { text: undefined, hint: <StatusIndicator type="loading">{t("addressChecking")}</StatusIndicator> };
	if (check.data?.Problem) return { text: check.data.Problem, hint: undefined };
	return {
		text: undefined,
		hint: check.data?.EntityId ? (
			<StatusIndicator type="warning">{t("addressLost")}</StatusIndicator>
		) : (
			<StatusIndicator type="success">{t("addressFree")}</StatusIndicator>
		),
	};
}

/** The local part and a choice of the verified domains. */
export function EmailField(props: {
	label: string;
	/** The label is for those who hear it only. */
	bare?: boolean;
	value: Email;
	onChange: (email: Email) => void;
	domains: readonly VerifiedDomain[] | undefined;
	error?: string | undefined;
	description?: string;
	disabled?: boolean;
}) {
	const { value, domains } = props;
	// The field's own id is the local part's.
	const select = useId();
	const change = (text: string) => {
		// A pasted address is taken apart where its domain is one of ours.
		const { local, domain } = emailOf(text.trim());
		const known = text.includes("@") && domains?.find((d) => d.name.toLowerCase() === domain.toLowerCase());
		props.onChange(known ? { local, domain: known.name } : { local: text, domain: value.domain });
	};
	return (
		<FormField
			label={props.bare ? undefined : props.label}
			description={props.description}
			errorText={props.error}
			stretch={props.bare ?? false}
		>
			<Grid gridDefinition={[{ colspan: { default: 12, xxs: 6 } }, { colspan: { default: 12, xxs: 6 } }]}>
				<Input
					value={value.local}
					onChange={(event) => change(event.detail.value)}
					ariaLabel={props.label}
					disabled={props.disabled ?? false}
					autoComplete={false}
					spellcheck={false}
					invalid={props.error !== undefined}
				/>
				<Select
					controlId={select}
					ariaLabel={props.bare ? t("domainOf", { label: props.label }) : t("domain")}
					selectedOption={value.domain ? { value: value.domain, label: `@${value.domain}` } : null}
					options={(domains ?? []).map((d) => ({ value: d.name, label: `@${d.name}` }))}
					statusType={domains ? "finished" : "loading"}
					loadingText={t("loading")}
					// What is refused is what was typed, or the whole: the other half is not marked too.
					invalid={false}
					filteringType={(domains?.length ?? 0) > 10 ? "auto" : "none"}
					disabled={props.disabled ?? false}
					onChange={(event) => props.onChange({ local: value.local, domain: event.detail.selectedOption.value ?? "" })}
					empty={<Box>{t("emailDomainMissing")}</Box>}
				/>
			</Grid>
		</FormField>
	);
}
