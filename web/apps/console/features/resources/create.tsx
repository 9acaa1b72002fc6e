import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
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
import { NameField, OtherFields, type Typed } from "./fields.tsx";
import { nameFault, refusals, textFault } from "./form.ts";
import { t } from "./words.ts";

const blank: Typed = { name: "", text: "", type: "ROOM", listed: true };

/** A new room or piece of equipment, enabled at once with its address. */
export default function CreateResource({ region, org }: { region: string; org: string }) {
	const at = { region, org };
	const client = useQueryClient();
	const domains = useDomains(at);
	const [value, setValue] = useState(blank);
	const [typed, setTyped] = useState<Email>();
	const [strict, setStrict] = useState(false);
	const [taken, setTaken] = useState<string>();
	const problem = useProblem(refusals);
	const { name } = value;
	const email = typed ?? { local: localPartOf(name), domain: domains.data?.[0]?.name ?? "" };
	const address = emailText(email);
	const input = {
		OrganizationId: org,
		Name: name,
		Type: value.type,
		...(value.text ? { Description: value.text } : {}),
		...(value.listed ? {} : { HiddenFromGlobalAddressList: true }),
	};
	const making = useCreateEnabled({
		check: async () => {
			const why = await addressProblem(at, address);
			setTaken(why);
			return why === undefined;
		},
		create: async () => (await call("CreateResource", input, { region })).ResourceId ?? "",
		enable: (id) => call("RegisterToWorkMail", { OrganizationId: org, EntityId: id, Email: address }, { region }),
		remove: (id) => call("DeleteResource", { OrganizationId: org, ResourceId: id }, { region }),
		fail: problem.fail,
		changed: () => void client.invalidateQueries({ queryKey: [region, org] }),
	});
	const { half } = making;
	useGuard(value !== blank || typed !== undefined ? t("unsaved") : undefined);
	const open = (id: string) => go(href(region, "o", org, "resources", id), { unguarded: true });
	const faults = { name: nameFault(name), text: textFault(value.text) };
	const make = async () => {
		setStrict(true);
		problem.clear();
		setTaken(undefined);
		if (faults.name || faults.text || emailFault(email, domains.data)) return;
		const id = await making.make();
		if (!id) return;
		notify({ type: "success", content: t("created", { name, email: address }) });
		open(id);
	};
	const undo = async () => {
		if (await making.undo()) notify({ type: "info", content: t("undone", { name }) });
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void make();
	};
	const fields = {
		value,
		set: (patch: Partial<Typed>) => {
			setValue({ ...value, ...patch });
			problem.clear();
		},
		fault: (key: "name" | "text") => (strict ? faults[key] : undefined) ?? problem.field(key),
		disabled: half !== undefined,
	};
	return (
		<Screen title={t("createTitle")} description={t("createHelp")}>
			<form onSubmit={submit}>
				<Form
					errorText={problem.rest ?? (domains.error ? explain(domains.error) : undefined)}
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							<Button formAction="none" variant="link" onClick={() => go(href(region, "o", org, "resources"))}>
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
								<NameField {...fields} />
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
								<OtherFields {...fields} />
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
					cliCommand(region, "CreateResource", { ...input, Name: name || "NAME" }),
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
