import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, type DescribeDirectoryResponse, dateOf } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { may } from "@postroom/session";
import {
	CliHint,
	Copyable,
	cliCommand,
	EditForm,
	explain,
	href,
	kindName,
	Link,
	useEdit,
	useProblem,
} from "@postroom/ui";
import { useState } from "react";
import { ConnectionFields, ReadingFields } from "./fields.tsx";
import { type Fault, type Faults, faultsOf, isSound, refusals, settingsOf, typedOf } from "./form.ts";
import type { Part } from "./page.tsx";
import { TestSteps, useTest } from "./test.tsx";
import { t } from "./words.ts";

/** How the directory is reached and read, which can be tried out and changed. */
export default function General(part: Part) {
	const [editing, setEditing] = useState(false);
	return editing ? (
		<Edit {...part} close={() => setEditing(false)} />
	) : (
		<Settings {...part} edit={() => setEditing(true)} />
	);
}

function Settings({ region, id, seen, edit }: Part & { edit: () => void }) {
	const d = seen.output;
	const problem = useProblem();
	const test = useTest(region, { DirectoryId: id }, problem.fail);
	const tryOut = () => {
		problem.clear();
		void test.run();
	};
	return (
		<SpaceBetween size="l">
			<Container
				header={
					<Header
						variant="h2"
						actions={
							<SpaceBetween direction="horizontal" size="xs">
								{may("TestDirectory") && (
									<Button loading={test.busy} onClick={tryOut}>
										{t("test")}
									</Button>
								)}
								{may("UpdateDirectory") && <Button onClick={edit}>{t("edit")}</Button>}
							</SpaceBetween>
						}
					>
						{t("settings")}
					</Header>
				}
			>
				<SpaceBetween size="l">
					<KeyValuePairs columns={3} items={facts(region, id, d)} />
					{!d.OrganizationId && <Box color="text-body-secondary">{t("freeHelp")}</Box>}
				</SpaceBetween>
			</Container>
			{problem.error !== undefined && <Box color="text-status-error">{explain(problem.error)}</Box>}
			{(test.busy || test.steps) && (
				<Container>
					<TestSteps test={test} />
				</Container>
			)}
			<CliHint
				commands={[
					cliCommand(region, "DescribeDirectory", { DirectoryId: id }),
					cliCommand(region, "TestDirectory", { DirectoryId: id }),
				]}
			/>
		</SpaceBetween>
	);
}

function facts(region: string, id: string, d: DescribeDirectoryResponse) {
	const certificates = d.CertificateAuthority?.split("-----BEGIN CERTIFICATE-----").length ?? 1;
	const attributes = Object.entries(d.Attributes ?? {});
	return [
		{ label: t("alias"), value: d.Alias },
		{ label: t("kind"), value: kindName(d.Kind) },
		{
			label: t("organization"),
			value: d.OrganizationId ? (
				<Link href={href(region, "o", d.OrganizationId)}>{d.OrganizationAlias ?? d.OrganizationId}</Link>
			) : (
				t("free")
			),
		},
		{ label: t("servers"), value: d.Servers?.join(", ") },
		{ label: t("tls"), value: t(d.StartTls ? "startTls" : "ldaps") },
		{ label: t("ca"), value: d.CertificateAuthority ? t("caOwn", { count: certificates - 1 }) : t("caSystem") },
		{ label: t("account"), value: d.Account },
		{ label: t("baseDn"), value: d.BaseDn },
		...(d.Kind === "LDAP" ? [{ label: t("readOnly"), value: t(d.ReadOnly ? "yes" : "no") }] : []),
		{ label: t("userFilter"), value: d.UserFilter || t("all") },
		{ label: t("groupFilter"), value: d.GroupFilter || t("all") },
		{
			label: t("attributes"),
			value: attributes.length > 0 ? attributes.map((pair) => pair.join(" = ")).join(", ") : t("presetAll"),
		},
		{ label: t("created"), value: formatMoment(dateOf(d.CreatedDate)) },
		{ label: t("id"), value: <Copyable value={id} label={t("id")} /> },
	];
}

function Edit({ region, id, seen, newest, close }: Part & { close: () => void }) {
	const alias = seen.output.Alias ?? "";
	const [strict, setStrict] = useState(false);
	const edit = useEdit({ seen, newest }, typedOf, refusals);
	const typed = edit.draft;
	const { problem } = edit;
	const given = { DirectoryId: id, ...settingsOf(typed), ...(typed.secret ? { Secret: typed.secret } : {}) };
	const test = useTest(region, given, problem.fail);
	const own = faultsOf(typed, true);
	const faults: Faults = Object.fromEntries(
		(Object.keys(typed) as Fault[]).map((f) => [f, problem.field(f) ?? (strict ? own[f] : undefined)]),
	);
	const tryOut = () => {
		setStrict(true);
		problem.clear();
		if (isSound(own)) void test.run();
	};
	const save = async () => {
		setStrict(true);
		if (!isSound(own)) return;
		const done = await edit.save(
			(ifMatch) => call("UpdateDirectory", given, { region, ifMatch }),
			t("saved", { alias }),
		);
		if (done) close();
	};
	const fields = { typed, set: edit.set, faults, theirs: edit.theirs, kept: true };
	return (
		<SpaceBetween size="l">
			<EditForm
				header={t("settings")}
				error={problem.rest}
				busy={edit.busy}
				save={() => void save()}
				cancel={close}
				command={cliCommand(region, "UpdateDirectory", given)}
				actions={
					<Button formAction="none" loading={test.busy} onClick={tryOut}>
						{t("test")}
					</Button>
				}
			>
				<FormField label={t("kind")} constraintText={t("kindFixed")}>
					<Input value={kindName(typed.kind)} disabled />
				</FormField>
				<ConnectionFields {...fields} />
				<ReadingFields {...fields} />
				{(test.busy || test.steps) && <TestSteps test={test} />}
			</EditForm>
		</SpaceBetween>
	);
}
