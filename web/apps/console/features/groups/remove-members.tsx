import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, type Member } from "@postroom/api";
import { ManyOutcome, notify, useBusy, useMany } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "./words.ts";

/** Takes members out of the group. */
export default function RemoveMembers(props: {
	region: string;
	org: string;
	id: string;
	name: string;
	members: readonly Member[];
	close: () => void;
}) {
	const { region, org, id, name } = props;
	const client = useQueryClient();
	// The selection changes while they go.
	const [members, setMembers] = useState(props.members);
	const [busy, run] = useBusy();
	const many = useMany<Member>();
	const remove = () =>
		run(async () => {
			const outcomes = await many.run(members, (m) =>
				call("DisassociateMemberFromGroup", { OrganizationId: org, GroupId: id, MemberId: m.Id ?? "" }, { region }),
			);
			await client.invalidateQueries({ queryKey: [region, org] });
			const left = outcomes.filter((o) => o.state !== "done");
			if (left.length < outcomes.length)
				notify({ type: "success", content: t("removed", { count: outcomes.length - left.length, name }) });
			if (left.length === 0) props.close();
			else setMembers(left.map((o) => o.item));
		});
	const names = members.map((m) => m.Name).slice(0, 20);
	return (
		<Modal
			visible
			header={t("removeHeader", { count: members.length, name })}
			onDismiss={props.close}
			footer={
				<Box float="right">
					<SpaceBetween direction="horizontal" size="xs">
						<Button variant="link" disabled={busy} onClick={props.close}>
							{t("cancel")}
						</Button>
						<Button variant="primary" loading={busy} onClick={() => void remove()}>
							{t("membersRemove")}
						</Button>
					</SpaceBetween>
				</Box>
			}
		>
			<SpaceBetween size="m">
				<div>{t("removeMembersHelp", { names: names.join(", ") + (members.length > names.length ? ", …" : "") })}</div>
				<ManyOutcome outcomes={many.outcomes} name={(m) => m.Name ?? ""} id={(m) => m.Id ?? ""} running={busy} />
			</SpaceBetween>
		</Modal>
	);
}
