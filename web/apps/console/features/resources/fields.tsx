import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ResourceType } from "@postroom/api";
import { t } from "./words.ts";

/** What is typed about a resource, new or old. */
export interface Typed {
	name: string;
	text: string;
	type: ResourceType;
	listed: boolean;
}

const word = (key: keyof Typed, value: unknown): string => {
	if (key === "listed") return t(value ? "shown" : "hidden");
	if (key === "type") return t(value === "EQUIPMENT" ? "EQUIPMENT" : "ROOM");
	return value ? String(value) : t("none");
};

/** One field of a resource: its word, its fault, what another saved there meanwhile. */
interface FieldProps {
	value: Typed;
	set: (patch: Partial<Typed>) => void;
	fault: (key: "name" | "text") => string | undefined;
	theirs?: Partial<Typed>;
	disabled?: boolean;
}

const note = (props: FieldProps, key: keyof Typed): string | undefined =>
	props.theirs && key in props.theirs ? t("theirs", { value: word(key, props.theirs[key]) }) : undefined;

export function NameField(props: FieldProps) {
	return (
		<FormField
			label={t("name")}
			description={t("nameHelp")}
			constraintText={note(props, "name")}
			errorText={props.fault("name")}
		>
			<Input
				value={props.value.name}
				onChange={({ detail }) => props.set({ name: detail.value })}
				disabled={props.disabled ?? false}
				autoFocus
				autoComplete={false}
				spellcheck={false}
			/>
		</FormField>
	);
}

export function OtherFields(props: FieldProps) {
	const { value, set } = props;
	const disabled = props.disabled ?? false;
	return (
		<SpaceBetween size="m">
			<FormField
				label={t("text")}
				description={t("textHelp")}
				constraintText={note(props, "text")}
				errorText={props.fault("text")}
			>
				<Input value={value.text} disabled={disabled} onChange={({ detail }) => set({ text: detail.value })} />
			</FormField>
			<FormField label={t("type")} constraintText={note(props, "type")}>
				<RadioGroup
					value={value.type}
					ariaLabel={t("type")}
					onChange={({ detail }) => set({ type: detail.value === "EQUIPMENT" ? "EQUIPMENT" : "ROOM" })}
					items={[
						{ value: "ROOM", label: t("ROOM"), description: t("roomHelp"), disabled },
						{ value: "EQUIPMENT", label: t("EQUIPMENT"), description: t("equipmentHelp"), disabled },
					]}
				/>
			</FormField>
			<FormField label={t("addressList")} constraintText={note(props, "listed")}>
				<Checkbox
					checked={value.listed}
					disabled={disabled}
					onChange={({ detail }) => set({ listed: detail.checked })}
					description={t("listedHelp")}
				>
					{t("listed")}
				</Checkbox>
			</FormField>
		</SpaceBetween>
	);
}
