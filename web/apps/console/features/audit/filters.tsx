import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import DateRangePicker from "@cloudscape-design/components/date-range-picker";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { operationNames } from "@postroom/api";
import { useNarrow } from "@postroom/ui";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { type Filter, fits, names, narrowing, textOf, timeOf, type Unit, unfiltered } from "./filter.ts";
import { t } from "./words.ts";

const recent = (["1-hour", "24-hour", "7-day", "30-day"] as const).map((key) => {
	const [amount = "1", unit = "hour"] = key.split("-");
	return { key, amount: Number(amount), unit: unit as Unit, type: "relative" as const };
});

const options = operationNames.map((value) => ({ value }));

const lastOf = (amount: number, unit: string) => t("last", { count: amount, unit: t(unit as Unit, { count: amount }) });

const typed = ["actor", "operation", "target"] as const;

/** The fields above the list. What is typed counts when Enter is pressed, the field left or Apply chosen. */
export function Filters({ filter, set }: { filter: Filter; set: (next: Partial<Filter>) => void }) {
	const narrow = useNarrow();
	const [draft, setDraft] = useState(filter);
	/** The key that chooses a proposal comes to `enter` before the draft is rendered with it. */
	const latest = useRef(draft);
	const type = (next: Filter) => {
		latest.current = next;
		setDraft(next);
	};
	const key = names.map((name) => filter[name]).join("\n");
	// biome-ignore lint/correctness/useExhaustiveDependencies: the texts are the filter
	useEffect(() => type(filter), [key]);
	const faultOf = (name: (typeof typed)[number]) =>
		fits(name, draft[name].trim()) ? undefined : t(name === "operation" ? "operationFault" : "tooLong");
	/** What is at fault stays in its field, and leaves the list as it is. */
	const apply = () => {
		const changed = typed
			.map((name) => [name, latest.current[name].trim()] as const)
			.filter(([name, value]) => value !== filter[name] && fits(name, value));
		if (changed.length > 0) set(Object.fromEntries(changed));
	};
	const enter = (event: KeyboardEvent) => {
		if (event.key === "Enter") apply();
	};
	const field = { xs: 6, s: 3 };
	const fields = (
		// biome-ignore lint/a11y/noStaticElementInteractions: Enter in any of its fields applies them
		<div onKeyDown={enter} onBlur={apply}>
			<Grid gridDefinition={[field, field, field, field].map((colspan) => ({ colspan: { default: 12, ...colspan } }))}>
				<FormField label={t("period")} stretch>
					<DateRangePicker
						value={timeOf(filter.time)}
						placeholder={t("anyTime")}
						relativeOptions={recent}
						expandToViewport
						timeInputFormat="hh:mm"
						isValidRange={(range) =>
							range?.type === "absolute" && Date.parse(range.startDate) >= Date.parse(range.endDate)
								? { valid: false, errorMessage: t("periodTooLong") }
								: { valid: true }
						}
						customRelativeRangeUnits={["minute", "hour", "day", "week", "month"]}
						i18nStrings={{ formatRelativeRange: (r) => lastOf(r.amount, r.unit) }}
						onChange={({ detail }) => set({ time: textOf(detail.value) })}
					/>
				</FormField>
				<FormField label={t("actor")} errorText={faultOf("actor")} stretch>
					<Input
						value={draft.actor}
						placeholder={t("actorHint")}
						onChange={(e) => type({ ...draft, actor: e.detail.value })}
						autoComplete={false}
						spellcheck={false}
						type="search"
						clearAriaLabel={t("clear")}
					/>
				</FormField>
				<FormField label={t("operation")} errorText={faultOf("operation")} stretch>
					<Autosuggest
						value={draft.operation}
						placeholder={t("operationHint")}
						options={options}
						enteredTextLabel={(text) => t("use", { text })}
						empty={t("noMatch")}
						expandToViewport
						onChange={(e) => type({ ...draft, operation: e.detail.value })}
						onSelect={(e) => {
							type({ ...draft, operation: e.detail.value });
							apply();
						}}
						ariaLabel={t("operation")}
						clearAriaLabel={t("clear")}
					/>
				</FormField>
				<FormField label={t("target")} errorText={faultOf("target")} stretch>
					<Input
						value={draft.target}
						placeholder={t("targetHint")}
						onChange={(e) => type({ ...draft, target: e.detail.value })}
						autoComplete={false}
						spellcheck={false}
						type="search"
						clearAriaLabel={t("clear")}
					/>
				</FormField>
			</Grid>
			<SpaceBetween direction="horizontal" size="m">
				<Checkbox checked={filter.reads === ""} onChange={(e) => set({ reads: e.detail.checked ? "" : "shown" })}>
					{t("changesOnly")}
				</Checkbox>
				{narrowing(filter) > 0 && (
					<Button variant="inline-link" onClick={() => set({ ...unfiltered, reads: filter.reads })}>
						{t("clear")}
					</Button>
				)}
			</SpaceBetween>
		</div>
	);
	if (!narrow) return fields;
	// On a phone they would fill the first screen.
	const count = narrowing(filter);
	return <ExpandableSection headerText={t(count ? "filtersOn" : "filters", { count })}>{fields}</ExpandableSection>;
}
