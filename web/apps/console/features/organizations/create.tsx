import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { CliHint, cliCommand, domainName, go, href, Screen, useBusy, useGuard, useProblem } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { aliasFault } from "./alias.ts";
import { Making } from "./making.tsx";
import { t } from "./words.ts";

/** How many mail domains CreateOrganization takes. */
const mostDomains = 5;

function domainFault(domains: readonly string[], at: number, base: string): string | undefined {
	const text = domains[at]?.trim() ?? "";
	if (text === "") return undefined;
	const name = domainName(text);
	if (name === undefined) return t("domainInvalid");
	if (domains.slice(0, at).some((other) => domainName(other.trim()) === name)) return t("domainTwice");
	if (base !== "" && (name === base || name.endsWith(`.${base}`))) return t("domainOurs", { domain: base });
	return undefined;
}

export default function CreateOrganization({ region }: { region: string }) {
	const [alias, setAlias] = useState("");
	const [domains, setDomains] = useState<readonly string[]>([""]);
	const [strict, setStrict] = useState(false);
	const [made, setMade] = useState("");
	// One token for this form: what is sent twice is made once.
	const [token, setToken] = useState(() => crypto.randomUUID());
	const [busy, run] = useBusy();
	const regions = useQuery({ queryKey: ["regions"], queryFn: () => call("ListRegions", {}), staleTime: 600_000 });
	const base = regions.data?.Regions?.find((r) => r.Name === region)?.BaseDomain ?? "";
	const problem = useProblem({
		alias: ["NameAvailabilityException", /\balias\b/i],
		domains: [/mail domain|domainName/i],
	});
	useGuard(made === "" && (alias !== "" || domains.some((d) => d !== "")) ? t("leave") : undefined);

	const changed = () => {
		problem.clear();
		setToken(crypto.randomUUID());
	};
	const named = domains.map((d) => domainName(d.trim()) ?? "").filter((d) => d !== "");
	const input = { Alias: alias, ...(named.length > 0 ? { Domains: named.map((DomainName) => ({ DomainName })) } : {}) };
	const fault = alias !== "" || strict ? aliasFault(alias) : undefined;
	const submit = (event: FormEvent) => {
		event.preventDefault();
		setStrict(true);
		if (aliasFault(alias) || domains.some((_, i) => domainFault(domains, i, base))) return;
		void run(async () => {
			problem.clear();
			try {
				const answer = await call("CreateOrganization", { ...input, ClientToken: token }, { region });
				setMade(answer.OrganizationId ?? "");
			} catch (error) {
				problem.fail(error);
			}
		});
	};
	if (made !== "") return <Making region={region} org={made} alias={alias} />;
	return (
		<Screen title={t("create")} description={t("createDescription", { region })}>
			<form onSubmit={submit}>
				<Form
					errorText={problem.rest}
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							<Button variant="link" formAction="none" onClick={() => go(href(region, "organizations"))}>
								{t("cancel")}
							</Button>
							<Button variant="primary" formAction="submit" loading={busy}>
								{t("create")}
							</Button>
						</SpaceBetween>
					}
				>
					<SpaceBetween size="l">
						<Container header={<Header variant="h2">{t("basics")}</Header>}>
							<SpaceBetween size="l">
								<FormField
									label={t("alias")}
									description={t("aliasHelp")}
									constraintText={
										alias !== "" && !fault && base !== ""
											? t("aliasGives", { domain: `${alias.toLowerCase()}.${base}` })
											: t("aliasRule")
									}
									errorText={fault ?? problem.field("alias")}
								>
									<Input
										value={alias}
										onChange={(e) => {
											setAlias(e.detail.value);
											changed();
										}}
										autoComplete={false}
										autoFocus
										spellcheck={false}
									/>
								</FormField>
								<div>
									<Box variant="awsui-key-label">{t("directory")}</Box>
									<Box>{t("directoryBuiltIn")}</Box>
									<Box variant="small" color="text-body-secondary">
										{t("directoryHelp")}
									</Box>
								</div>
							</SpaceBetween>
						</Container>
						<Domains
							domains={domains}
							base={base}
							refused={problem.field("domains")}
							onChange={(next) => {
								setDomains(next);
								changed();
							}}
						/>
					</SpaceBetween>
				</Form>
			</form>
			<CliHint commands={[cliCommand(region, "CreateOrganization", { ...input, Alias: alias || "ALIAS" })]} />
		</Screen>
	);
}

function Domains(props: {
	domains: readonly string[];
	base: string;
	refused: string | undefined;
	onChange: (domains: readonly string[]) => void;
}) {
	const { domains } = props;
	// The server's refusal names the domain; what names none stands at the first.
	const blamed = props.refused
		? Math.max(
				0,
				domains.findIndex((d) => d.trim() !== "" && props.refused?.includes(domainName(d.trim()) ?? d)),
			)
		: -1;
	return (
		<Container
			header={
				<Header variant="h2" description={t("domainsHelp")}>
					{t("domains")} <i>– {t("domainsOptional")}</i>
				</Header>
			}
		>
			<SpaceBetween size="s">
				{domains.map((domain, i) => (
					<FormField
						// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
						key={i}
						label={t("domainNumber", { count: i + 1 })}
						errorText={domainFault(domains, i, props.base) ?? (i === blamed ? props.refused : undefined)}
						secondaryControl={
							domains.length > 1 && (
								<Button
									formAction="none"
									iconName="remove"
									ariaLabel={t("domainRemove", { count: i + 1 })}
									onClick={() => props.onChange(domains.filter((_, j) => j !== i))}
								/>
							)
						}
					>
						<Input
							value={domain}
							placeholder="example.com"
							onChange={(e) => props.onChange(domains.map((d, j) => (j === i ? e.detail.value : d)))}
							autoComplete={false}
							spellcheck={false}
							inputMode="url"
						/>
					</FormField>
				))}
				<Button
					formAction="none"
					iconName="add-plus"
					disabled={domains.length >= mostDomains}
					onClick={() => props.onChange([...domains, ""])}
				>
					{t("domainAdd")}
				</Button>
				{domains.length >= mostDomains && (
					<Box variant="small" color="text-body-secondary">
						{t("domainMost", { count: mostDomains })}
					</Box>
				)}
			</SpaceBetween>
		</Container>
	);
}
