import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import { call, type DescribeResourceResponse } from "@postroom/api";
import { may } from "@postroom/session";
import { cliCommand, EditForm, go, theirsNote, useEdit } from "@postroom/ui";
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
	return (
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
						<Button formAction="none" onClick={() => go(`${window.location.pathname}?tab=delegates`)}>
							{t("toDelegates")}
						</Button>
					}
				>
					{t("acceptNeeds", { name })}
				</Alert>
			)}
		</EditForm>
	);
}
