import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import { codesIn } from "./codes.ts";
import { t } from "./words.ts";

/** A filter of a list by several codes; none chosen is any. */
export function CodesFilter(props: {
	label: string;
	/** What it says where none is chosen. */
	any: string;
	all: readonly string[];
	word: (code: string) => string;
	/** As in the URL. */
	value: string;
	set: (value: string) => void;
}) {
	const chosen = codesIn(props.value, props.all) ?? [];
	return (
		<ButtonDropdown
			items={props.all.map((id) => ({
				itemType: "checkbox" as const,
				id,
				text: props.word(id),
				checked: chosen.includes(id),
			}))}
			onItemClick={({ detail }) =>
				props.set(props.all.filter((c) => (c === detail.id ? detail.checked : chosen.includes(c))).join(","))
			}
		>
			{chosen.length > 0
				? t("filterChosen", { label: props.label, chosen: chosen.map(props.word).join(", ") })
				: props.any}
		</ButtonDropdown>
	);
}
