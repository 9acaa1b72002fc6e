import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { may } from "@postroom/session";
import {
	adminPasswordPolicy,
	CliHint,
	Copyable,
	cliCommand,
	go,
	href,
	isGenerated,
	NewPassword,
	Screen,
	useBusy,
	useGuard,
	useProblem,
	useSecret,
} from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Rights, RightsFields, rightsInput } from "./rights.tsx";
import { t } from "./words.ts";

function nameFault(name: string): string | undefined {
	if (name === "") return t("missingName");
	if (name.length > 64) return t("longName");
	return /^[a-zA-Z0-9][a-zA-Z0-9._@+-]*$/.test(name) ? undefined : t("wrongName");
}

interface Made {
	id: string;
	name: string;
	password: string;
}

export default function CreateAdministrator({ region }: { region: string }) {
	const [name, setName] = useState("");
	const [rights, setRights] = useState<Rights>({ role: "READ_ONLY", all: true, organizations: [] });
	const [password, setPassword] = useState<readonly [string, string]>(["", ""]);
	const [strict, setStrict] = useState(false);
	const [made, setMade] = useState<Made>();
	const [busy, run] = useBusy();
	const client = useQueryClient();
	const mayCreate = may("CreateAdministrator");
	const problem = useProblem({
		name: ["NameAvailabilityException", /\bname\b(?!d)/i],
		password: ["InvalidPasswordException", /password/i],
		organizations: ["OrganizationNotFoundException", /organization/i],
	});
	useGuard(!made && (name !== "" || password[0] !== "") ? t("unsaved") : undefined);
	const input = { Name: name.trim(), ...rightsInput(rights), Password: password[0] };
	const submit = (event: FormEvent) => {
		event.preventDefault();
		setStrict(true);
		if (
			nameFault(input.Name) ||
			adminPasswordPolicy.faults(password[0]) ||
			password[0] !== password[1] ||
			(!rights.all && rights.organizations.length === 0)
		)
			return;
		void run(async () => {
			problem.clear();
			try {
				const out = await call("CreateAdministrator", input);
				void client.invalidateQueries({ queryKey: ["deployment", "administrators"] });
				setMade({ id: out.AdministratorId ?? "", name: input.Name, password: password[0] });
			} catch (error) {
				problem.fail(error);
			}
		});
	};
	if (made) return <Result region={region} made={made} />;
	return (
		<Screen title={t("create")}>
			{!mayCreate && <Alert type="info">{t("lookOnly")}</Alert>}
			<form onSubmit={submit}>
				<Form
					errorText={problem.rest}
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							<Button variant="link" formAction="none" onClick={() => go(href(region, "administrators"))}>
								{t("cancel")}
							</Button>
							<Button variant="primary" formAction="submit" loading={busy} disabled={!mayCreate}>
								{t("create")}
							</Button>
						</SpaceBetween>
					}
				>
					<SpaceBetween size="l">
						<Container header={<Header variant="h2">{t("details")}</Header>}>
							<FormField
								label={t("name")}
								constraintText={t("nameRule")}
								errorText={problem.field("name") ?? (strict || name.length > 64 ? nameFault(name.trim()) : undefined)}
							>
								<Input
									value={name}
									onChange={(e) => setName(e.detail.value)}
									autoComplete={false}
									autoFocus
									spellcheck={false}
								/>
							</FormField>
						</Container>
						<Container header={<Header variant="h2">{t("access")}</Header>}>
							<RightsFields
								value={rights}
								onChange={setRights}
								strict={strict}
								refused={problem.field("organizations")}
							/>
						</Container>
						<Container
							header={
								<Header variant="h2" description={t("passwordHelp")}>
									{t("password")}
								</Header>
							}
						>
							<NewPassword
								value={password[0]}
								repeated={password[1]}
								onChange={(value, repeated) => setPassword([value, repeated])}
								strict={strict}
								refused={problem.field("password")}
								policy={adminPasswordPolicy}
							/>
						</Container>
					</SpaceBetween>
				</Form>
			</form>
			<CliHint commands={[cliCommand(region, "CreateAdministrator", { ...input, Name: input.Name || "NAME" })]} />
		</Screen>
	);
}

function Result({ region, made }: { region: string; made: Made }) {
	const secret = useSecret(isGenerated(made.password) ? made.password : undefined);
	useGuard(secret.lost);
	return (
		<Screen title={t("madeTitle", { name: made.name })} step={t("create")} arrived>
			<Alert type="warning">{t("madeOnce")}</Alert>
			<Container header={<Header variant="h2">{t("madeNext")}</Header>}>
				<KeyValuePairs
					items={[
						{
							label: t("console"),
							value: <Copyable value={`${window.location.origin}/console/`} label={t("console")} />,
						},
						{ label: t("name"), value: <Copyable value={made.name} label={t("name")} /> },
						{
							label: t("password"),
							value: <Copyable value={made.password} label={t("password")} copied={secret.taken} />,
						},
					]}
				/>
			</Container>
			<Button onClick={() => go(href(region, "administrators", made.id))}>{t("toAdministrator")}</Button>
		</Screen>
	);
}
