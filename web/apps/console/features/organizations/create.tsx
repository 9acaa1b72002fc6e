import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, type DirectorySummary } from "@postroom/api";
import { may } from "@postroom/session";
import {
	CliHint,
	cliCommand,
	domainName,
	explain,
	go,
	href,
	kindName,
	Link,
	randomId,
	Screen,
	useBusy,
	useDirectories,
	useGuard,
	useQuery as useInUrl,
	usePlace,
	useProblem,
} from "@postroom/ui";
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
	const [ownAlias, setAlias] = useState("");
	const directories = useDirectories(region, may("ListDirectories"));
	const free = directories.data?.filter((d) => !d.OrganizationId) ?? [];
	// The page of a directory leads here with it.
	const [chosen, setChosen] = useState(usePlace().query.get("directory") ?? "");
	const directory = free.find((d) => d.DirectoryId === chosen);
	// It has the directory's alias, which the API wants.
	const alias = directory?.Alias ?? ownAlias;
	const [domains, setDomains] = useState<readonly string[]>([""]);
	const [strict, setStrict] = useState(false);
	// In the URL: a reload goes on with it.
	const [made, setMade] = useInUrl("made");
	// One token for this form: what is sent twice is made once.
	const [token, setToken] = useState(randomId);
	const [busy, run] = useBusy();
	const regions = useQuery({ queryKey: ["regions"], queryFn: () => call("ListRegions", {}), staleTime: 600_000 });
	const base = regions.data?.Regions?.find((r) => r.Name === region)?.BaseDomain ?? "";
	const problem = useProblem({
		directory: [
			"DirectoryInUseException",
			"DirectoryUnavailableException",
			"DirectoryServiceAuthenticationFailedException",
			/'directoryId'/,
		],
		alias: ["NameAvailabilityException", /\balias\b/i],
		domains: [/mail domain|domainName/i],
	});
	useGuard(made === "" && (ownAlias !== "" || domains.some((d) => d !== "")) ? t("leave") : undefined);

	const changed = () => {
		problem.clear();
		setToken(randomId());
	};
	const named = domains.map((d) => domainName(d.trim()) ?? "").filter((d) => d !== "");
	const input = {
		Alias: alias,
		...(directory?.DirectoryId ? { DirectoryId: directory.DirectoryId } : {}),
		...(named.length > 0 ? { Domains: named.map((DomainName) => ({ DomainName })) } : {}),
	};
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
	if (made !== "") return <Making region={region} org={made} alias={alias} foreign={directory !== undefined} />;
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
								<DirectoryField
									region={region}
									free={free}
									loading={directories.isLoading}
									failed={directories.error}
									chosen={directory}
									choose={(id) => {
										setChosen(id);
										changed();
									}}
									refused={problem.field("directory")}
								/>
								<FormField
									label={t("alias")}
									description={t(directory ? "aliasOfDirectory" : "aliasHelp")}
									constraintText={
										alias !== "" && !fault && base !== ""
											? t("aliasGives", { domain: `${alias.toLowerCase()}.${base}` })
											: t("aliasRule")
									}
									errorText={fault ?? problem.field("alias")}
								>
									<Input
										value={alias}
										disabled={directory !== undefined}
										onChange={(e) => {
											setAlias(e.detail.value);
											changed();
										}}
										autoComplete={false}
										autoFocus
										spellcheck={false}
									/>
								</FormField>
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

/** Postroom's own directory, or one of the registered ones that no organization has. */
function DirectoryField(props: {
	region: string;
	free: readonly DirectorySummary[];
	loading: boolean;
	failed: unknown;
	chosen: DirectorySummary | undefined;
	choose: (id: string) => void;
	refused: string | undefined;
}) {
	const { chosen } = props;
	const own = { value: "", label: t("directoryBuiltIn"), description: t("directoryBuiltInHelp") };
	const options = [
		own,
		...props.free.map((d) => ({
			value: d.DirectoryId ?? "",
			label: d.Alias ?? "",
			description: t("directoryOf", { kind: kindName(d.Kind), servers: d.Servers?.join(", ") ?? "" }),
		})),
	];
	return (
		<FormField
			label={t("directory")}
			description={t("directoryHelp")}
			errorText={
				props.refused && chosen ? (
					<>
						{props.refused}{" "}
						<Link href={href(props.region, "directories", chosen.DirectoryId ?? "")} target="_blank">
							{t("directoryTest")}
						</Link>
					</>
				) : (
					(props.refused ?? (props.failed ? explain(props.failed) : undefined))
				)
			}
			constraintText={
				chosen && !props.refused ? (
					<Link href={href(props.region, "directories", chosen.DirectoryId ?? "")} target="_blank">
						{t("directoryTest")}
					</Link>
				) : (
					!chosen &&
					may("RegisterDirectory") && (
						<Link href={href(props.region, "directories", "new")}>{t("directoryRegister")}</Link>
					)
				)
			}
		>
			<Select
				options={options}
				selectedOption={options.find((o) => o.value === (chosen?.DirectoryId ?? "")) ?? own}
				statusType={props.loading ? "loading" : "finished"}
				loadingText={t("directoryLoading")}
				filteringType={options.length > 10 ? "auto" : "none"}
				onChange={({ detail }) => props.choose(detail.selectedOption.value ?? "")}
			/>
		</FormField>
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
