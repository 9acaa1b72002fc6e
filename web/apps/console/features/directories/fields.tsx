import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FileInput from "@cloudscape-design/components/file-input";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import type { DirectoryKind } from "@postroom/api";
import { explain, kindName } from "@postroom/ui";
import { type ReactNode, useState } from "react";
import { AttributeMap } from "./attributes.tsx";
import { type Faults, pemOf, type Typed } from "./form.ts";
import { isActiveDirectory, kinds } from "./kinds.ts";
import { t } from "./words.ts";

export interface FieldsProps {
	typed: Typed;
	set: (part: Partial<Typed>) => void;
	/** What is wrong, by field: found here or refused by the server. */
	faults: Faults;
	/** What another saved there meanwhile. */
	theirs?: Partial<Typed>;
	/** A secret is kept already. */
	kept: boolean;
}

const optional = <i> – {t("optional")}</i>;

const theirsNote = (value: unknown): string | undefined =>
	value === undefined
		? undefined
		: t("theirsNow", { value: typeof value === "boolean" ? t(value ? "yes" : "no") : String(value) || t("none") });

/** The kind of a new directory, each explained. */
export function KindField({ kind, set }: { kind: DirectoryKind; set: (kind: DirectoryKind) => void }) {
	return (
		<FormField label={t("kind")} stretch>
			<RadioGroup
				value={kind}
				onChange={({ detail }) => set(detail.value as DirectoryKind)}
				items={kinds.map((value) => ({ value, label: kindName(value), description: t(`help.${value}`) }))}
			/>
		</FormField>
	);
}

/** A text in one line. */
function Text(
	props: FieldsProps & {
		field: "account" | "baseDn" | "userFilter" | "groupFilter";
		label: ReactNode;
		help: string;
		placeholder: string;
	},
) {
	const { field, typed, faults } = props;
	return (
		<FormField
			label={props.label}
			description={props.help}
			errorText={faults[field]}
			warningText={theirsNote(props.theirs?.[field])}
			stretch
		>
			<Input
				value={typed[field]}
				placeholder={props.placeholder}
				onChange={({ detail }) => props.set({ [field]: detail.value })}
				autoComplete={false}
				spellcheck={false}
			/>
		</FormField>
	);
}

/** Servers, encryption, CA and account. */
export function ConnectionFields(props: FieldsProps) {
	const { typed, set, faults, theirs } = props;
	const ad = isActiveDirectory(typed.kind);
	return (
		<SpaceBetween size="l">
			<FormField
				label={t("servers")}
				description={t("serversHelp")}
				errorText={faults.servers}
				warningText={theirsNote(theirs?.servers)}
				stretch
			>
				<Textarea
					value={typed.servers}
					rows={2}
					placeholder={ad ? "dc1.corp.example.com" : "ldap.example.com"}
					onChange={({ detail }) => set({ servers: detail.value })}
					autoComplete={false}
					spellcheck={false}
				/>
			</FormField>
			<FormField label={t("tls")} warningText={theirsNote(theirs?.startTls)} stretch>
				<RadioGroup
					value={typed.startTls ? "startTls" : "ldaps"}
					onChange={({ detail }) => set({ startTls: detail.value === "startTls" })}
					items={[
						{ value: "ldaps", label: t("ldaps"), description: t("ldapsHelp") },
						{ value: "startTls", label: t("startTls"), description: t("startTlsHelp") },
					]}
				/>
			</FormField>
			<Authority {...props} />
			<Text
				{...props}
				field="account"
				label={t("account")}
				help={t("accountHelp")}
				placeholder={ad ? "svc-postroom@corp.example.com" : "cn=postroom,dc=example,dc=com"}
			/>
			<Secret {...props} />
		</SpaceBetween>
	);
}

function Authority({ typed, set, faults, theirs }: FieldsProps) {
	const [unread, setUnread] = useState<string>();
	const choose = async (file: File | undefined) => {
		setUnread(undefined);
		if (!file) return;
		try {
			set({ ca: await pemOf(file) });
		} catch (error) {
			setUnread(t("caUnread", { why: explain(error) }));
		}
	};
	return (
		<FormField
			label={
				<span>
					{t("ca")}
					{optional}
				</span>
			}
			description={t("caHelp")}
			errorText={unread ?? faults.ca}
			warningText={theirs?.ca === undefined ? undefined : theirsNote(theirs.ca ? t("given") : "")}
			stretch
			secondaryControl={
				<FileInput accept=".pem,.crt,.cer,.der" value={[]} onChange={({ detail }) => void choose(detail.value[0])}>
					{t("caFile")}
				</FileInput>
			}
		>
			<Textarea
				value={typed.ca}
				rows={4}
				placeholder="-----BEGIN CERTIFICATE-----"
				onChange={({ detail }) => {
					setUnread(undefined);
					set({ ca: detail.value });
				}}
				autoComplete={false}
				spellcheck={false}
			/>
		</FormField>
	);
}

function Secret({ typed, set, faults, kept }: FieldsProps) {
	const [visible, setVisible] = useState(false);
	return (
		<FormField
			label={t("secret")}
			description={t("secretHelp")}
			constraintText={kept ? t("secretKept") : undefined}
			errorText={faults.secret}
			stretch
			secondaryControl={
				<Button formAction="none" onClick={() => setVisible(!visible)}>
					{t(visible ? "hide" : "show")}
				</Button>
			}
		>
			<Input
				type={visible ? "text" : "password"}
				value={typed.secret}
				onChange={({ detail }) => set({ secret: detail.value })}
				autoComplete="new-password"
				spellcheck={false}
			/>
		</FormField>
	);
}

/** Base, filters and attributes. */
export function ReadingFields(props: FieldsProps) {
	const { typed, set, faults, theirs } = props;
	const ad = isActiveDirectory(typed.kind);
	return (
		<SpaceBetween size="l">
			<Text
				{...props}
				field="baseDn"
				label={t("baseDn")}
				help={t("baseHelp")}
				placeholder={ad ? "OU=Staff,DC=corp,DC=example,DC=com" : "ou=people,dc=example,dc=com"}
			/>
			<Text
				{...props}
				field="userFilter"
				label={
					<span>
						{t("userFilter")}
						{optional}
					</span>
				}
				help={t("userFilterHelp")}
				placeholder={ad ? "(memberOf=CN=Mail,OU=Staff,DC=corp,DC=example,DC=com)" : "(employeeType=staff)"}
			/>
			<Text
				{...props}
				field="groupFilter"
				label={
					<span>
						{t("groupFilter")}
						{optional}
					</span>
				}
				help={t("groupFilterHelp")}
				placeholder="(mail=*)"
			/>
			{!ad && (
				<FormField warningText={theirsNote(theirs?.readOnly)} stretch>
					<Checkbox
						checked={typed.readOnly}
						onChange={({ detail }) => set({ readOnly: detail.checked })}
						description={t("readOnlyHelp")}
					>
						{t("readOnly")}
					</Checkbox>
				</FormField>
			)}
			<AttributeMap
				typed={typed}
				set={(attributes) => set({ attributes })}
				error={faults.attributes ?? theirsNote(theirs?.attributes)}
			/>
		</SpaceBetween>
	);
}
