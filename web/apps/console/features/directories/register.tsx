import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { CliHint, cliCommand, Dialog, go, href, notify, Screen, useBusy, useGuard, useProblem } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { ConnectionFields, KindField, ReadingFields } from "./fields.tsx";
import {
	dropDraft,
	type Fault,
	type Faults,
	faultsOf,
	isSound,
	isUntouched,
	keepDraft,
	keptDraft,
	refusals,
	settingsOf,
	type Typed,
} from "./form.ts";
import { stepName, TestSteps, useTest } from "./test.tsx";
import { t } from "./words.ts";

/** A new directory: it can be tested before it is registered. */
export default function RegisterDirectory({ region }: { region: string }) {
	const [draft, setDraft] = useState(() => keptDraft(region));
	const { alias, typed } = draft;
	const [strict, setStrict] = useState({ settings: false, alias: false });
	const [done, setDone] = useState(false);
	const [asking, setAsking] = useState(false);
	const [busy, run] = useBusy();
	const client = useQueryClient();
	const problem = useProblem(refusals);
	const given = { ...settingsOf(typed), Secret: typed.secret };
	const shown = {
		...given,
		Servers: given.Servers.length > 0 ? given.Servers : ["HOST"],
		Account: given.Account || "ACCOUNT",
		BaseDn: given.BaseDn || "DN",
	};
	const test = useTest(region, given, problem.fail);
	useGuard(!done && !isUntouched(draft) ? t("leave") : undefined);
	useEffect(() => {
		if (!done) keepDraft(region, draft);
	}, [region, draft, done]);

	const set = (part: Partial<Typed>) => {
		setDraft((now) => ({ ...now, typed: { ...now.typed, ...part } }));
		problem.clear();
	};
	const own = faultsOf(typed, false);
	const faultOf = (field: Fault): string | undefined =>
		problem.field(field) ?? (strict.settings ? own[field] : undefined);
	const faults: Faults = Object.fromEntries((Object.keys(typed) as Fault[]).map((f) => [f, faultOf(f)]));
	const aliasFault = strict.alias && alias.trim() === "" ? t("aliasMissing") : problem.field("alias");
	const tryOut = () => {
		problem.clear();
		setStrict((now) => ({ ...now, settings: true }));
		if (isSound(own)) void test.run();
	};
	// What a test says of other settings says nothing of these.
	const steps = test.current ? test.steps : undefined;
	const failed = steps?.find((s) => s.Outcome === "FAILED");
	const register = (all: boolean) =>
		run(async () => {
			problem.clear();
			setStrict({ settings: true, alias: true });
			if (alias.trim() === "" || !isSound(own)) return;
			if (failed && !all) return setAsking(true);
			setAsking(false);
			try {
				const input = { ...given, Alias: alias.trim() };
				const { DirectoryId = "" } = await call("RegisterDirectory", input, { region });
				setDone(true);
				dropDraft(region);
				await client.invalidateQueries({ queryKey: [region, "directories"] });
				notify({
					type: steps && !failed ? "success" : "warning",
					content: t(failed ? "registeredFailing" : steps ? "registered" : "registeredUntested", {
						alias: alias.trim(),
					}),
				});
				go(href(region, "directories", DirectoryId), { unguarded: true });
			} catch (error) {
				problem.fail(error);
			}
		});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void register(false);
	};
	const cancel = () => {
		go(href(region, "directories"), { left: () => dropDraft(region) });
	};
	const fields = { typed, set, faults, kept: false };
	return (
		<Screen title={t("registerTitle")} description={t("registerHelp")}>
			<form onSubmit={submit}>
				<Form
					errorText={problem.rest}
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							<Button variant="link" formAction="none" onClick={cancel}>
								{t("cancel")}
							</Button>
							<Button formAction="none" loading={test.busy} onClick={tryOut}>
								{t("test")}
							</Button>
							<Button variant="primary" formAction="submit" loading={busy}>
								{t("register")}
							</Button>
						</SpaceBetween>
					}
				>
					<SpaceBetween size="l">
						<Container header={<Header variant="h2">{t("what")}</Header>}>
							<SpaceBetween size="l">
								<FormField
									label={t("alias")}
									description={t("aliasHelp")}
									constraintText={t("aliasRule")}
									errorText={aliasFault}
								>
									<Input
										value={alias}
										onChange={({ detail }) => {
											setDraft((now) => ({ ...now, alias: detail.value }));
											problem.clear();
										}}
										autoFocus
										autoComplete={false}
										spellcheck={false}
									/>
								</FormField>
								<KindField
									kind={typed.kind}
									// Another kind has another preset: what was laid over the old one is not for it.
									set={(kind) =>
										set({
											kind,
											...((kind === "LDAP") === (typed.kind === "LDAP") ? {} : { attributes: "{}" }),
										})
									}
								/>
							</SpaceBetween>
						</Container>
						<Container header={<Header variant="h2">{t("connection")}</Header>}>
							<ConnectionFields {...fields} />
						</Container>
						<Container header={<Header variant="h2">{t("reading")}</Header>}>
							<ReadingFields {...fields} />
						</Container>
						{(test.busy || test.steps) && (
							<Container>
								<TestSteps test={test} />
							</Container>
						)}
					</SpaceBetween>
				</Form>
			</form>
			{asking && (
				<Dialog
					header={t("registerFailedHeader", { alias: alias.trim() })}
					button={t("registerAnyway")}
					act={() => register(true)}
					close={() => setAsking(false)}
				>
					<Alert type="warning">
						{t("registerFailed", { step: stepName(failed?.Name), text: failed?.Text ?? "" })}
					</Alert>
					<div>{t("registerFailedHelp")}</div>
				</Dialog>
			)}
			<CliHint
				commands={[
					cliCommand(region, "TestDirectory", shown),
					cliCommand(region, "RegisterDirectory", { ...shown, Alias: alias.trim() || "ALIAS" }),
				]}
			/>
		</Screen>
	);
}
