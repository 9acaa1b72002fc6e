import Alert from "@cloudscape-design/components/alert";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { call, pages } from "@postroom/api";
import { explain, NewPassword } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { addressOf, type Draft, type Faults, faultsOf, localOf } from "./draft.ts";
import { t } from "./words.ts";

/** Step 2: where mail for the user arrives, and how the user signs in. */
export function AddressStep(props: {
	region: string;
	org: string;
	draft: Draft;
	change: (part: Partial<Draft>) => void;
	faults: Faults;
	strict: boolean;
	submit: () => void;
}) {
	const { region, org, draft, change, faults } = props;
	const domains = useQuery({
		queryKey: [region, org, "verified domains"],
		queryFn: () => verifiedDomains(region, org),
		staleTime: 30_000,
	});
	useEffect(() => {
		const list = domains.data;
		if (list && !list.some((d) => d.name === draft.domain)) change({ domain: list[0]?.name ?? "" });
	}, [domains.data, draft.domain, change]);
	const problem = useAddressProblem(region, org, draft);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		props.submit();
	};
	return (
		<form onSubmit={submit}>
			<Container>
				<SpaceBetween size="l">
					{domains.error && <Alert type="error">{explain(domains.error)}</Alert>}
					<Checkbox
						checked={draft.remote}
						onChange={(e) => change({ remote: e.detail.checked })}
						description={t("remoteHelp")}
					>
						{t("remote")}
					</Checkbox>
					<FormField
						label={t(draft.remote ? "addressLabelRemote" : "addressLabel")}
						constraintText={problem.constraint}
						errorText={faults.email ?? problem.text}
					>
						<Grid gridDefinition={[{ colspan: { default: 12, xs: 6 } }, { colspan: { default: 12, xs: 6 } }]}>
							<Input
								value={localOf(draft)}
								onChange={(e) => change({ local: e.detail.value })}
								ariaLabel={t("localPart")}
								autoComplete={false}
								spellcheck={false}
							/>
							<Select
								selectedOption={draft.domain ? { value: draft.domain, label: `@${draft.domain}` } : null}
								options={(domains.data ?? []).map((d) => ({ value: d.name, label: `@${d.name}` }))}
								statusType={domains.isLoading ? "loading" : "finished"}
								loadingText={t("domainsLoading")}
								onChange={(e) => change({ domain: e.detail.selectedOption.value ?? "" })}
								ariaLabel={t("domain")}
								filteringType={(domains.data?.length ?? 0) > 10 ? "auto" : "none"}
							/>
						</Grid>
					</FormField>
					{!draft.remote && (
						<NewPassword
							value={draft.password}
							repeated={draft.repeated}
							onChange={(password, repeated) => change({ password, repeated })}
							strict={props.strict}
							refused={faults.password}
						/>
					)}
					<Checkbox
						checked={draft.listed}
						onChange={(e) => change({ listed: e.detail.checked })}
						description={t("inListHelp")}
					>
						{t("inList")}
					</Checkbox>
				</SpaceBetween>
			</Container>
			<input type="submit" hidden />
		</form>
	);
}

/** Asks, a moment after the last key, whether the address can be had. */
function useAddressProblem(region: string, org: string, draft: Draft) {
	const email = faultsOf(draft).email ? "" : addressOf(draft);
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
	const constraint =
		!current || check.isError ? (
			t("addressRule")
		) : check.isLoading ? (
			<StatusIndicator type="loading">{t("checking")}</StatusIndicator>
		) : check.data?.Problem ? (
			t("addressRule")
		) : (
			<StatusIndicator type="success">{t("free")}</StatusIndicator>
		);
	return { text: current ? check.data?.Problem : undefined, constraint };
}

/** The domains that an address may have, the default first. */
async function verifiedDomains(region: string, org: string): Promise<{ name: string }[]> {
	const names: string[] = [];
	for await (const page of pages((NextToken) =>
		call("ListMailDomains", { OrganizationId: org, MaxResults: 100, NextToken }, { region }),
	))
		for (const d of page.MailDomains ?? []) {
			if (d.DefaultDomain) names.unshift(d.DomainName ?? "");
			else names.push(d.DomainName ?? "");
		}
	const all = await Promise.all(
		names.map(async (name) => {
			const domain = await call("GetMailDomain", { OrganizationId: org, DomainName: name }, { region });
			return { name, verified: domain.OwnershipVerificationStatus === "VERIFIED" };
		}),
	);
	return all.filter((d) => d.verified);
}
