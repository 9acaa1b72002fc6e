import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { cliCommand, EntryCreate, ListedField, useDirectory, useProblem } from "@postroom/ui";
import { useState } from "react";
import { t } from "./words.ts";

function nameFault(name: string): string | undefined {
	if (name === "") return t("nameMissing");
	if ([...name].length > 256) return t("nameLong");
	if (name.trim() !== name || /[^\u0020-\u007e\u00a0-\u00ff]/.test(name)) return t("nameForm");
	return undefined;
}

/** A new group, enabled at once with its address. */
export default function CreateGroup({ region, org }: { region: string; org: string }) {
	const [name, setName] = useState("");
	const [listed, setListed] = useState(true);
	const { fixed } = useDirectory({ region, org });
	const problem = useProblem({ name: ["NameAvailabilityException", "ReservedNameException", /name of a group/i] });
	const input = { OrganizationId: org, Name: name, ...(listed ? {} : { HiddenFromGlobalAddressList: true }) };
	return (
		<EntryCreate
			at={{ region, org }}
			path="groups"
			fixed={fixed}
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
			typed={name !== "" || !listed}
			wrong={nameFault(name) !== undefined}
			problem={problem}
			create={async () => (await call("CreateGroup", input, { region })).GroupId}
			remove={(GroupId) => call("DeleteGroup", { OrganizationId: org, GroupId }, { region })}
			tab="members"
			command={cliCommand(region, "CreateGroup", { ...input, Name: name || "NAME" })}
		>
			{({ strict, disabled, email }) => (
				<SpaceBetween size="m">
					<FormField
						label={t("name")}
						description={t("nameHelp")}
						errorText={(strict ? nameFault(name) : undefined) ?? problem.field("name")}
					>
						<Input
							value={name}
							onChange={({ detail }) => {
								setName(detail.value);
								problem.clear();
							}}
							disabled={disabled}
							autoFocus
							autoComplete={false}
							spellcheck={false}
						/>
					</FormField>
					{email}
					<ListedField listed={listed} set={setListed} help={t("listedHelp")} disabled={disabled} />
				</SpaceBetween>
			)}
		</EntryCreate>
	);
}
