import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import type { AddressSource } from "@postroom/api";
import { t } from "./directory-words.ts";

const sources: readonly AddressSource[] = ["NAME", "UPN", "MAIL"];

/** What of a foreign directory the addresses of its users are proposed from. */
export function ProposeFrom(props: { value: AddressSource; set: (from: AddressSource) => void; disabled?: boolean }) {
	const options = sources.map((value) => ({ value, label: t(`from${value}`) }));
	return (
		<FormField label={t("from")}>
			<Select
				selectedOption={options.find((o) => o.value === props.value) ?? null}
				options={options}
				disabled={props.disabled ?? false}
				onChange={({ detail }) => {
					const found = sources.find((s) => s === detail.selectedOption.value);
					if (found) props.set(found);
				}}
			/>
		</FormField>
	);
}
