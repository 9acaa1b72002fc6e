import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import { call, callWithTag, type FoundUser } from "@postroom/api";
import { CliHint, cliCommand, Dialog, explain, isConflict, notify, tagOf } from "@postroom/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type DialogProps, userNames } from "../data.ts";
import { t } from "../words.ts";
import { useBatch } from "./batch.ts";
import { Outcomes } from "./parts.tsx";

/** Makes users members of a group. */
export default function AddToGroup(props: DialogProps) {
	const { region, org, users, close } = props;
	const [able] = useState(users);
	const { outcomes, run } = useBatch(props);
	const [group, setGroup] = useState<SelectProps.Option | null>(null);
	/** The group's revision: as it was chosen, then as each member made it. */
	const tag = useRef<string>(undefined);
	const [text, setText] = useState("");
	const [strict, setStrict] = useState(false);
	const groups = useQuery({
		queryKey: [region, org, "groups to add to", text],
		queryFn: () =>
			call("FindGroups", { OrganizationId: org, Query: text || undefined, SortBy: "NAME", MaxResults: 50 }, { region }),
		placeholderData: keepPreviousData,
	});
	const open = able.filter((u) => outcomes.get(u.Id ?? "")?.state !== "done");
	const input = (id: string) => ({ OrganizationId: org, GroupId: group?.value ?? "", MemberId: id });
	const add = async () => {
		setStrict(true);
		if (!group) return;
		let changed = false;
		const one = async (u: FoundUser) => {
			try {
				const { etag } = await callWithTag("AssociateMemberToGroup", input(u.Id ?? ""), {
					region,
					ifMatch: tag.current,
				});
				tag.current = etag;
			} catch (error) {
				if (!isConflict(error)) throw error;
				changed = true;
				throw new Error(t("groupChanged", { group: group.label ?? "" }), { cause: error });
			}
		};
		// One after the other: each makes a revision of its own.
		const done = await run(able, one, 1);
		if (changed) {
			// Who was told so goes on with what the group is now; where it cannot be read, there is none newer.
			const now = { OrganizationId: org, GroupId: group.value ?? "" };
			tag.current = (await callWithTag("DescribeGroup", now, { region }).catch(() => undefined))?.etag ?? tag.current;
		}
		if (done.length === open.length) await close([]);
		if (done[0])
			notify({
				type: "success",
				content: t("grouped", { count: done.length, name: done[0].Name ?? "", group: group.label ?? "" }),
			});
	};
	return (
		<Dialog
			header={t("groupTitle")}
			button={t("groupButton")}
			blocked={open.length === 0}
			act={add}
			begun={outcomes.size > 0}
			close={() => close(outcomes.size > 0 ? open : undefined)}
		>
			<div>{t("groupHelp", { count: able.length, name: able[0]?.Name ?? "" })}</div>
			{able.length > 1 && <div>{userNames(able)}</div>}
			{groups.error && <Alert type="error">{explain(groups.error)}</Alert>}
			<FormField label={t("group")} errorText={strict && !group ? t("groupMissing") : undefined}>
				<Select
					selectedOption={group}
					onChange={({ detail }) => {
						setGroup(detail.selectedOption);
						tag.current = tagOf(groups.data?.Groups?.find((g) => g.Id === detail.selectedOption.value)?.Revision);
					}}
					placeholder={t("groupChoose")}
					filteringType="manual"
					filteringPlaceholder={t("groupFind")}
					filteringAriaLabel={t("groupFind")}
					onLoadItems={(e) => setText(e.detail.filteringText.trim())}
					statusType={groups.isLoading ? "loading" : "finished"}
					loadingText={t("groupLoading")}
					empty={t(text ? "groupNoMatch" : "groupEmpty")}
					disabled={outcomes.size > 0}
					options={
						groups.data?.Groups?.map((g) => ({
							value: g.Id ?? "",
							label: g.Name ?? "",
							...(g.Email ? { description: g.Email } : {}),
						})) ?? []
					}
				/>
			</FormField>
			<Outcomes outcomes={outcomes} />
			<CliHint
				commands={able.slice(0, 20).map((u) => cliCommand(region, "AssociateMemberToGroup", input(u.Id ?? "")))}
			/>
		</Dialog>
	);
}
