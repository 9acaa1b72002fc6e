import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Table from "@cloudscape-design/components/table";
import { useStacked } from "@postroom/ui";
import { attributesOf, type Typed, withAttribute } from "./form.ts";
import { type Attribute, presetOf } from "./kinds.ts";
import { t } from "./words.ts";

/** Which attribute of the directory each detail is read from, over the kind's preset. */
export function AttributeMap(props: { typed: Typed; set: (attributes: string) => void; error: string | undefined }) {
	const { typed, set } = props;
	const stacked = useStacked();
	const preset = presetOf(typed.kind);
	const over = attributesOf(typed);
	const all = Object.keys(preset) as Attribute[];
	const changed = Object.keys(over).length;
	return (
		<ExpandableSection
			headerText={t("attributes")}
			headerDescription={t("attributesHelp")}
			headerCounter={changed > 0 ? `(${t("attributesChanged", { count: changed })})` : ""}
			headingTagOverride="h3"
			{...(props.error ? { expanded: true } : {})}
		>
			<FormField errorText={props.error} stretch>
				<Table<Attribute>
					variant="embedded"
					wrapLines
					items={all}
					trackBy={(a) => a}
					ariaLabels={{ tableLabel: t("attributes") }}
					columnDefinitions={stacked<Attribute>([
						{ id: "ours", header: t("attribute"), isRowHeader: true, minWidth: 160, cell: (a) => t(`attr.${a}`) },
						{
							id: "theirs",
							header: t("theirs"),
							minWidth: 240,
							cell: (a) => (
								<FormField
									constraintText={preset[a] ? t("preset", { theirs: preset[a] }) : t("presetNone")}
									secondaryControl={
										a in over && (
											<Button
												formAction="none"
												iconName="undo"
												variant="icon"
												ariaLabel={t("resetOf", { name: t(`attr.${a}`) })}
												onClick={() => set(withAttribute(typed, a, preset[a] ?? ""))}
											/>
										)
									}
								>
									<Input
										value={over[a] ?? preset[a] ?? ""}
										ariaLabel={t("theirsOf", { name: t(`attr.${a}`) })}
										onChange={({ detail }) => set(withAttribute(typed, a, detail.value))}
										autoComplete={false}
										spellcheck={false}
									/>
								</FormField>
							),
						},
					])}
				/>
			</FormField>
		</ExpandableSection>
	);
}
