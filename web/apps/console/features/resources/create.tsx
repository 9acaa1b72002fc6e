import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { cliCommand, EntryCreate, useProblem } from "@postroom/ui";
import { useState } from "react";
import { NameField, OtherFields, type Typed } from "./fields.tsx";
import { nameFault, refusals, textFault } from "./form.ts";
import { t } from "./words.ts";

const blank: Typed = { name: "", text: "", type: "ROOM", listed: true };

/** A new room or piece of equipment, enabled at once with its address. */
export default function CreateResource({ region, org }: { region: string; org: string }) {
	const [value, setValue] = useState(blank);
	const problem = useProblem(refusals);
	const { name } = value;
	const faults = { name: nameFault(name), text: textFault(value.text) };
	const input = {
		OrganizationId: org,
		Name: name,
		Type: value.type,
		...(value.text ? { Description: value.text } : {}),
		...(value.listed ? {} : { HiddenFromGlobalAddressList: true }),
	};
	const set = (patch: Partial<Typed>) => {
		setValue({ ...value, ...patch });
		problem.clear();
	};
	return (
		<EntryCreate
			at={{ region, org }}
			path="resources"
			words={{
				createTitle: t("createTitle"),
				createHelp: t("createHelp"),
				details: t("details"),
				create: t("create"),
				created: (email) => t("created", { name, email }),
				half: t("half"),
				halfHelp: (why) => t("halfHelp", { name, why }),
			}}
			name={name}
			typed={value !== blank}
			wrong={Boolean(faults.name || faults.text)}
			problem={problem}
			create={async () => (await call("CreateResource", input, { region })).ResourceId}
			remove={(ResourceId) => call("DeleteResource", { OrganizationId: org, ResourceId }, { region })}
			command={cliCommand(region, "CreateResource", { ...input, Name: name || "NAME" })}
		>
			{({ strict, disabled, email }) => {
				const fault = (key: "name" | "text") => (strict ? faults[key] : undefined) ?? problem.field(key);
				const fields = { value, set, fault, disabled };
				return (
					<SpaceBetween size="m">
						<NameField {...fields} />
						{email}
						<OtherFields {...fields} />
					</SpaceBetween>
				);
			}}
		</EntryCreate>
	);
}
