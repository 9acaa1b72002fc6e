import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { addressProblem, call, localPartOf, type Within } from "@postroom/api";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { CliHint } from "./cli.tsx";
import { cliCommand } from "./cli-command.ts";
import { useCreateEnabled } from "./create-enabled.ts";
import { type Email, EmailField, emailFault, emailText, useAddressCheck } from "./email-field.tsx";
import { t } from "./entry-words.ts";
import { explain, type useProblem } from "./errors.tsx";
import { notify } from "./notices.tsx";
import { go, href, useGuard } from "./place.ts";
import { Screen } from "./screen.tsx";
import { useDomains } from "./verified-domains.ts";
import { WaitingDomains } from "./waiting-domains.tsx";

/** How the fields stand at the moment. */
export interface CreateFields {
	/** Say also what is only missing. */
	strict: boolean;
	/** It is made already: only its address changes. */
	disabled: boolean;
	/** The field for the primary address. */
	email: ReactNode;
}

/**
 * The page on which a group or resource is added, enabled at once with its
 * address. Where only the second step fails, it says what is there, until that is
 * finished or taken back.
 */
export function EntryCreate(props: {
	at: Within;
	/** Part of the address of the list. */
	path: string;
	words: Record<"createTitle" | "createHelp" | "details" | "create" | "half", string> & {
		created: (email: string) => string;
		halfHelp: (why: string) => string;
	};
	/** As it is typed: the address is proposed from it. */
	name: string;
	/** Why none can be made here. */
	fixed?: string | undefined;
	/** Something is typed that would be lost. */
	typed: boolean;
	/** Something typed is wrong. */
	wrong: boolean;
	problem: ReturnType<typeof useProblem>;
	/** Answers the id. */
	create: () => Promise<string | undefined>;
	remove: (id: string) => Promise<unknown>;
	/** The tab that is shown first when it is made. */
	tab?: string;
	command: string;
	children: (fields: CreateFields) => ReactNode;
}) {
	const { at, name, words, problem } = props;
	const { region, org } = at;
	const client = useQueryClient();
	const domains = useDomains(at);
	const [typed, setTyped] = useState<Email>();
	const [strict, setStrict] = useState(false);
	const [taken, setTaken] = useState<string>();
	const email = typed ?? { local: localPartOf(name), domain: domains.data?.[0]?.name ?? "" };
	const address = emailText(email);
	const wrong = emailFault(email, domains.data);
	const check = useAddressCheck(at, wrong ? "" : address);
	const making = useCreateEnabled({
		check: async (id) => {
			const why = await addressProblem(at, address, id);
			setTaken(why);
			return why === undefined;
		},
		create: async () => (await props.create()) ?? "",
		enable: (id) => call("RegisterToWorkMail", { OrganizationId: org, EntityId: id, Email: address }, { region }),
		remove: props.remove,
		fail: problem.fail,
		changed: () => void client.invalidateQueries({ queryKey: [region, org] }),
	});
	const { half } = making;
	useGuard(props.typed || typed !== undefined ? t("unsaved") : undefined);
	const open = (id: string) =>
		go(href(region, "o", org, props.path, id) + (props.tab ? `?tab=${props.tab}` : ""), { unguarded: true });
	const make = async () => {
		setStrict(true);
		problem.clear();
		setTaken(undefined);
		if (props.wrong || wrong) return;
		const id = await making.make();
		if (!id) return;
		notify({ type: "success", content: words.created(address) });
		open(id);
	};
	const undo = async () => {
		if (await making.undo()) notify({ type: "info", content: t("undone", { name }) });
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void make();
	};
	if (props.fixed && !half)
		return (
			<Screen title={words.createTitle}>
				<Alert type="info">{props.fixed}</Alert>
			</Screen>
		);
	const fault = (strict ? wrong : undefined) ?? taken ?? check.text;
	return (
		<Screen title={words.createTitle} description={words.createHelp}>
			<form onSubmit={submit}>
				<Form
					errorText={problem.rest ?? (domains.error ? explain(domains.error) : undefined)}
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							<Button formAction="none" variant="link" onClick={() => go(href(region, "o", org, props.path))}>
								{t("cancel")}
							</Button>
							{!half && (
								<Button formAction="submit" variant="primary" loading={making.busy}>
									{words.create}
								</Button>
							)}
						</SpaceBetween>
					}
				>
					<SpaceBetween size="l">
						<Container header={<Header variant="h2">{words.details}</Header>}>
							{props.children({
								strict,
								disabled: half !== undefined,
								email: (
									<SpaceBetween size="xxs">
										<EmailField
											label={t("email")}
											description={t("emailHelp")}
											value={email}
											onChange={(next) => {
												setTyped(next);
												setTaken(undefined);
											}}
											domains={domains.data}
											error={fault ?? (half && explain(half.error))}
										/>
										{!fault && !half && check.hint}
										<WaitingDomains region={region} org={org} />
									</SpaceBetween>
								),
							})}
						</Container>
						{half && (
							<Alert
								type="warning"
								header={words.half}
								action={
									<SpaceBetween direction="horizontal" size="xs">
										<Button formAction="none" loading={making.busy} onClick={() => void make()}>
											{t("halfFinish")}
										</Button>
										<Button formAction="none" disabled={making.busy} onClick={() => void undo()}>
											{t("halfUndo")}
										</Button>
										<Button formAction="none" disabled={making.busy} onClick={() => open(half.id)}>
											{t("halfOpen")}
										</Button>
									</SpaceBetween>
								}
							>
								{words.halfHelp(explain(half.error))}
							</Alert>
						)}
					</SpaceBetween>
				</Form>
			</form>
			<CliHint
				commands={[
					props.command,
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
