import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ResourceType } from "@postroom/api";
import { ListedField, theirsNote } from "@postroom/ui";
import { t } from "./words.ts";

/** What is typed about a resource, new or old. */
export interface Typed {
	name: string;
	text: string;
	type: ResourceType;
	listed: boolean;
}

interface FieldsProps {
	value: Typed;
	set: (patch: Partial<Typed>) => void;
	fault: (key: "name" | "text") => string | undefined;
	/** What another saved there meanwhile. */
	theirs?: Partial<Typed>;
	disabled?: boolean;
}

/** What another saved; undefined where it is what was read. */
const note = (theirs: string | undefined): string | undefined =>
	theirs === undefined ? undefined : theirsNote(theirs || t("none"));

export function NameField({ value, set, fault, theirs, disabled = false }: FieldsProps) {
	return (
		<FormField
			label={t("name")}
			description={t("nameHelp")}
			constraintText={note(theirs?.name)}
			errorText={fault("name")}
		>
			<Input
				value={value.name}
				onChange={({ detail }) => set({ name: detail.value })}
				disabled={disabled}
				autoFocus
				autoComplete={false}
				spellcheck={false}
			/>
		</FormField>
	);
}

export function OtherFields({ value, set, fault, theirs, disabled = false }: FieldsProps) {
	return (
		<SpaceBetween size="m">
			<FormField
				label={
					<span>
						{t("text")}
						<i> – {t("optional")}</i>
					</span>
				}
				description={t("textHelp")}
				constraintText={note(theirs?.text)}
				errorText={fault("text")}
			>
				<Input value={value.text} disabled={disabled} onChange={({ detail }) => set({ text: detail.value })} />
			</FormField>
			<FormField label={t("type")} constraintText={note(theirs?.type && t(theirs.type))}>
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
			<ListedField
				listed={value.listed}
				set={(listed) => set({ listed })}
				help={t("listedHelp")}
				theirs={theirs?.listed}
				disabled={disabled}
			/>
		</SpaceBetween>
	);
}
