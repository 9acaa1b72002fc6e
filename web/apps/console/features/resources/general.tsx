import { call, type DescribeResourceResponse } from "@postroom/api";
import { may } from "@postroom/session";
import { cliCommand, EditForm, EntryGeneral, useEdit } from "@postroom/ui";
import { useState } from "react";
import { NameField, OtherFields, type Typed } from "./fields.tsx";
import { nameFault, refusals, textFault } from "./form.ts";
import type { Part } from "./page.tsx";
import { t } from "./words.ts";

/** What the resource is, and its addresses. */
export default function General(part: Part) {
	const { region, org } = part.at;
	const resource = part.seen.output;
	return (
		<EntryGeneral
			part={part}
			words={{ details: t("details"), name: t("name"), id: t("id") }}
			more={[
				{ label: t("type"), value: t(resource.Type ?? "ROOM") },
				{ label: t("text"), value: resource.Description ?? t("none") },
			]}
			edit={may("UpdateResource") ? (close) => <Edit {...part} close={close} /> : undefined}
			command={cliCommand(region, "DescribeResource", { OrganizationId: org, ResourceId: part.id })}
		/>
	);
}

const typedOf = (resource: DescribeResourceResponse): Typed => ({
	name: resource.Name ?? "",
	text: resource.Description ?? "",
	type: resource.Type ?? "ROOM",
	listed: resource.HiddenFromGlobalAddressList !== true,
});

function Edit({ close, ...part }: Part & { close: () => void }) {
	const { region, org } = part.at;
	const [strict, setStrict] = useState(false);
	const edit = useEdit(part, typedOf, refusals);
	const { draft, changed, problem } = edit;
	const input = {
		OrganizationId: org,
		ResourceId: part.id,
		...(changed.includes("name") ? { Name: draft.name } : {}),
		...(changed.includes("text") ? { Description: draft.text } : {}),
		...(changed.includes("type") ? { Type: draft.type } : {}),
		...(changed.includes("listed") ? { HiddenFromGlobalAddressList: !draft.listed } : {}),
	};
	// A name that the directory brought may be one that we would not give.
	const faults = {
		name: changed.includes("name") ? nameFault(draft.name) : undefined,
		text: changed.includes("text") ? textFault(draft.text) : undefined,
	};
	const save = async () => {
		setStrict(true);
		if (faults.name || faults.text) return;
		const said = t("saved", { name: draft.name });
		if (await edit.save((ifMatch) => call("UpdateResource", input, { region, ifMatch }), said)) close();
	};
	const fields = {
		value: draft,
		set: edit.set,
		fault: (key: "name" | "text") => (strict ? faults[key] : undefined) ?? problem.field(key),
		theirs: edit.theirs,
	};
	return (
		<EditForm
			header={t("details")}
			error={problem.rest}
			busy={edit.busy}
			save={() => void save()}
			cancel={close}
			command={cliCommand(region, "UpdateResource", input)}
		>
			<NameField {...fields} />
			<OtherFields {...fields} />
		</EditForm>
	);
}
