import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type Candidate, call, findPeople } from "@postroom/api";
import { ManyOutcome, notify, PeoplePicker, titleOf, useBusy, useMany } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "./words.ts";

/** Finds users and groups and adds up to 100 of them; those that were refused stay chosen, with the reason. */
export default function AddMembers(props: {
	region: string;
	org: string;
	id: string;
	name: string;
	/** Members that are known already. */
	there: ReadonlySet<string>;
	close: () => void;
}) {
	const { region, org, id, name } = props;
	const client = useQueryClient();
	const [chosen, setChosen] = useState<Candidate[]>([]);
	const [strict, setStrict] = useState(false);
	const [busy, run] = useBusy();
	const many = useMany<Candidate>();
	const add = () => {
		setStrict(true);
		if (chosen.length === 0) return;
		void run(async () => {
			// No If-Match: two who add members never undo each other's.
			const outcomes = await many.run(chosen, (c) =>
				call("AssociateMemberToGroup", { OrganizationId: org, GroupId: id, MemberId: c.id }, { region }),
			);
			await client.invalidateQueries({ queryKey: [region, org] });
			const left = outcomes.filter((o) => o.state !== "done");
			setChosen(left.map((o) => o.item));
			if (left.length < outcomes.length)
				notify({ type: "success", content: t("added", { count: outcomes.length - left.length, name }) });
			if (left.length === 0) props.close();
		});
	};
	return (
		<Modal
			visible
			size="large"
			header={t("addHeader", { name })}
			onDismiss={props.close}
			footer={
				<Box float="right">
					<SpaceBetween direction="horizontal" size="xs">
						<Button variant="link" disabled={busy} onClick={props.close}>
							{t(many.outcomes.length > 0 ? "close" : "cancel")}
						</Button>
						<Button variant="primary" loading={busy} onClick={add}>
							{t("addButton")}
						</Button>
					</SpaceBetween>
				</Box>
			}
		>
			<SpaceBetween size="m">
				<ManyOutcome outcomes={many.outcomes} name={titleOf} id={(c) => c.id} running={busy} />
				<FormField stretch errorText={strict && chosen.length === 0 && !busy ? t("addMissing") : undefined}>
					<PeoplePicker
						find={(text, signal) => findPeople({ region, org }, text, ["USER", "GROUP"], signal)}
						chosen={chosen}
						onChange={setChosen}
						most={100}
						excluded={(c) => (c.id === id ? t("addSelf") : props.there.has(c.id) ? t("addThere") : undefined)}
					/>
				</FormField>
			</SpaceBetween>
		</Modal>
	);
}
