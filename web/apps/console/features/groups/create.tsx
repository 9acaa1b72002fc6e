import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { addressProblem, call, localPartOf } from "@postroom/api";
import {
	CliHint,
	cliCommand,
	type Email,
	EmailField,
	emailFault,
	emailText,
	explain,
	go,
	HalfMade,
	href,
	notify,
	Screen,
	useCreateEnabled,
	useGuard,
	useProblem,
} from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useDomains } from "./data.ts";
import { t } from "./words.ts";

function nameFault(name: string): string | undefined {
	if (name === "") return t("nameMissing");
	if ([...name].length > 256) return t("nameLong");
	if (name.trim() !== name || /[^\u0020-\u007e\u00a0-\u00ff]/.test(name)) return t("nameForm");
	return undefined;
}

/** A new group, enabled at once with its address. */
export default function CreateGroup({ region, org }: { region: string; org: string }) {
	const at = { region, org };
	const client = useQueryClient();
	const domains = useDomains(at);
	const [name, setName] = useState("");
	const [typed, setTyped] = useState<Email>();
	const [listed, setListed] = useState(true);
	const [strict, setStrict] = useState(false);
	const [taken, setTaken] = useState<string>();
	const problem = useProblem({ name: ["NameAvailabilityException", "ReservedNameException", /name of a group/i] });
	const email = typed ?? { local: localPartOf(name), domain: domains.data?.[0]?.name ?? "" };
	const address = emailText(email);
	const input = { OrganizationId: org, Name: name, ...(listed ? {} : { HiddenFromGlobalAddressList: true }) };
	const making = useCreateEnabled({
		check: async () => {
			const why = await addressProblem(at, address);
			setTaken(why);
			return why === undefined;
		},
		create: async () => (await call("CreateGroup", input, { region })).GroupId ?? "",
		enable: (id) => call("RegisterToWorkMail", { OrganizationId: org, EntityId: id, Email: address }, { region }),
		remove: (id) => call("DeleteGroup", { OrganizationId: org, GroupId: id }, { region }),
		fail: problem.fail,
		changed: () => void client.invalidateQueries({ queryKey: [region, org] }),
	});
	const { half } = making;
	useGuard(name !== "" || typed !== undefined ? t("unsaved") : undefined);
	const open = (id: string) => go(href(region, "o", org, "groups", id), { unguarded: true });
	const make = async () => {
		setStrict(true);
		problem.clear();
		setTaken(undefined);
		if (nameFault(name) || emailFault(email, domains.data)) return;
		const id = await making.make();
		if (!id) return;
		notify({ type: "success", content: t("created", { name, email: address }) });
		go(`${href(region, "o", org, "groups", id)}?tab=members`, { unguarded: true });
	};
	const undo = async () => {
		if (await making.undo()) notify({ type: "info", content: t("undone", { name }) });
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void make();
	};
	return (
		<Screen title={t("createTitle")} description={t("createHelp")}>
			<form onSubmit={submit}>
				<Form
					errorText={problem.rest ?? (domains.error ? explain(domains.error) : undefined)}
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							<Button formAction="none" variant="link" onClick={() => go(href(region, "o", org, "groups"))}>
								{t("cancel")}
							</Button>
							{!half && (
								<Button formAction="submit" variant="primary" loading={making.busy}>
									{t("create")}
								</Button>
							)}
						</SpaceBetween>
					}
				>
					<SpaceBetween size="l">
						<Container header={<Header variant="h2">{t("details")}</Header>}>
							<SpaceBetween size="m">
								<FormField
									label={t("name")}
									description={t("nameHelp")}
									errorText={(strict ? nameFault(name) : undefined) ?? problem.field("name")}
								>
									<Input
										value={name}
										onChange={({ detail }) => {
											setName(detail.value);
											problem.clear();
										}}
										disabled={half !== undefined}
										autoFocus
										autoComplete={false}
										spellcheck={false}
									/>
								</FormField>
								<EmailField
									label={t("email")}
									description={t("emailHelp")}
									value={email}
									onChange={(next) => {
										setTyped(next);
										setTaken(undefined);
									}}
									domains={domains.data}
									error={
										(strict ? emailFault(email, domains.data) : undefined) ??
										taken ??
										(half ? explain(half.error) : undefined)
									}
								/>
								<Checkbox
									checked={listed}
									disabled={half !== undefined}
									onChange={({ detail }) => setListed(detail.checked)}
									description={t("listedHelp")}
								>
									{t("listed")}
								</Checkbox>
							</SpaceBetween>
						</Container>
						{half && (
							<HalfMade
								header={t("half")}
								busy={making.busy}
								finish={{ text: t("halfFinish"), act: () => void make() }}
								undo={{ text: t("halfUndo"), act: () => void undo() }}
								open={{ text: t("halfOpen"), act: () => open(half.id) }}
							>
								{t("halfHelp", { name, why: explain(half.error) })}
							</HalfMade>
						)}
					</SpaceBetween>
				</Form>
			</form>
			<CliHint
				commands={[
					cliCommand(region, "CreateGroup", { ...input, Name: name || "NAME" }),
					cliCommand(region, "RegisterToWorkMail", {
						OrganizationId: org,
						EntityId: name || "NAME",
						Email: email.local ? address : "ADDRESS",
					}),
				]}
			/>
		</Screen>
	);
}
