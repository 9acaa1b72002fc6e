import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { call, type DescribeGroupResponse } from "@postroom/api";
import { may } from "@postroom/session";
import { cliCommand, EditForm, EntryGeneral, ListedField, useDirectory, useEdit } from "@postroom/ui";
import type { Part } from "./page.tsx";
import { t } from "./words.ts";

/** What the group is, and its addresses. */
export default function General(part: Part) {
	const { region, org } = part.at;
	return (
		<EntryGeneral
			part={part}
			fixed={useDirectory(part.at).fixed}
			words={{ details: t("details"), name: t("name"), id: t("id") }}
			edit={may("UpdateGroup") ? (close) => <Edit {...part} close={close} /> : undefined}
			command={cliCommand(region, "DescribeGroup", { OrganizationId: org, GroupId: part.id })}
		/>
	);
}

const typedOf = (group: DescribeGroupResponse) => ({ listed: group.HiddenFromGlobalAddressList !== true });

function Edit({ close, ...part }: Part & { close: () => void }) {
	const { region, org } = part.at;
	const name = part.seen.output.Name ?? "";
	const edit = useEdit(part, typedOf);
	const { listed } = edit.draft;
	const input = { OrganizationId: org, GroupId: part.id, HiddenFromGlobalAddressList: !listed };
	const save = async () => {
		const done = await edit.save((ifMatch) => call("UpdateGroup", input, { region, ifMatch }), t("saved", { name }));
		if (done) close();
	};
	return (
		<EditForm
			header={t("details")}
			error={edit.problem.rest}
			busy={edit.busy}
			save={() => void save()}
			cancel={close}
			command={cliCommand(region, "UpdateGroup", input)}
		>
			<FormField label={t("name")} constraintText={t("fixedName")}>
				<Input value={name} disabled />
			</FormField>
			<ListedField
				listed={listed}
				set={(now) => edit.set({ listed: now })}
				help={t("listedHelp")}
				theirs={edit.theirs.listed}
			/>
		</EditForm>
	);
}
