import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import { call, type DescribeResourceResponse } from "@postroom/api";
import { may } from "@postroom/session";
import { AddPeople, cliCommand, EditForm, theirsNote, useEdit } from "@postroom/ui";
import { useState } from "react";
import { addDelegates } from "./add-delegates.ts";
import { useDelegateCount } from "./data.ts";
import type { Part } from "./page.tsx";
import { t } from "./words.ts";

const bookingOf = ({ BookingOptions: options }: DescribeResourceResponse) => ({
	accept: options?.AutoAcceptRequests ?? false,
	recurring: options?.AutoDeclineRecurringRequests ?? false,
	conflicting: options?.AutoDeclineConflictingRequests ?? false,
});

const switches = ["accept", "recurring", "conflicting"] as const;
const help = { accept: "acceptHelp", recurring: "recurringHelp", conflicting: "conflictingHelp" } as const;

/** How the resource answers requests: by itself, or by its delegates. */
export default function BookingOptions(part: Part) {
	const { at, id, seen } = part;
	const { region, org } = at;
	const name = seen.output.Name ?? "";
	const edit = useEdit(part, bookingOf, { accept: ["InvalidConfigurationException"] });
	const { draft, problem } = edit;
	const delegates = useDelegateCount(at, id);
	const change = may("UpdateResource");
	const [adding, setAdding] = useState(false);
	const steps = addDelegates(part);
	const alone = !draft.accept && delegates.data === 0;
	const input = {
		OrganizationId: org,
		ResourceId: id,
		BookingOptions: {
			AutoAcceptRequests: draft.accept,
			AutoDeclineRecurringRequests: draft.recurring,
			AutoDeclineConflictingRequests: draft.conflicting,
		},
	};
	const save = () =>
		edit.save((ifMatch) => call("UpdateResource", input, { region, ifMatch }), t("bookingSaved", { name }));
	// What is chosen stays: with a delegate it can be saved.
	const added = () => {
		setAdding(false);
		void edit.rebase();
	};
	const form = (
		<EditForm
			header={t("booking")}
			description={t("bookingHelp", { name })}
			error={problem.rest}
			busy={edit.busy}
			blocked={alone}
			save={change ? () => void save() : undefined}
			command={cliCommand(region, "UpdateResource", input)}
		>
			{switches.map((key) => (
				<FormField
					key={key}
					errorText={key === "accept" ? problem.field("accept") : undefined}
					constraintText={edit.theirs[key] === undefined ? undefined : theirsNote(t(edit.theirs[key] ? "yes" : "no"))}
				>
					<Checkbox
						checked={draft[key]}
						disabled={!change}
						description={t(help[key])}
						onChange={({ detail }) => edit.set({ [key]: detail.checked })}
					>
						{t(key)}
					</Checkbox>
				</FormField>
			))}
			{alone && (
				<Alert
					type="warning"
					action={
						steps.add && (
							<Button formAction="none" onClick={() => setAdding(true)}>
								{t("toDelegates")}
							</Button>
						)
					}
				>
					{t("acceptNeeds", { name })}
				</Alert>
			)}
		</EditForm>
	);
	return (
		<>
			{form}
			{adding && <AddPeople {...steps} there={new Set()} close={added} />}
		</>
	);
}
