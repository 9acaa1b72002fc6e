import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, dateOf } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { may } from "@postroom/session";
import {
	AddressesEditor,
	CliHint,
	Copyable,
	cliCommand,
	isConflict,
	notify,
	useBusy,
	useDraft,
	useGuard,
	useProblem,
} from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Seen, useAliases, useDomains } from "./data.ts";
import { StateSign } from "./list.tsx";
import type { PartProps } from "./page.tsx";
import { t } from "./words.ts";

/** What the group is, and its addresses. */
export default function General({ region, org, id, seen }: PartProps) {
	const at = { region, org };
	const { group, etag } = seen;
	const client = useQueryClient();
	const [editing, setEditing] = useState(false);
	const aliases = useAliases(at, id);
	const enabled = group.State === "ENABLED";
	const domains = useDomains(at, enabled && may("CreateAlias"));
	const options = { region, ifMatch: etag };
	const then = async (done: Promise<unknown>) => {
		try {
			await done;
		} finally {
			// After a refusal as well: another may have changed it.
			await client.invalidateQueries({ queryKey: [region, org] });
		}
	};
	return (
		<SpaceBetween size="l">
			{editing ? (
				<Edit region={region} org={org} id={id} seen={seen} close={() => setEditing(false)} />
			) : (
				<Container
					header={
						<Header
							variant="h2"
							actions={may("UpdateGroup") && <Button onClick={() => setEditing(true)}>{t("edit")}</Button>}
						>
							{t("details")}
						</Header>
					}
				>
					<KeyValuePairs
						columns={3}
						items={[
							{ label: t("name"), value: group.Name },
							{ label: t("state"), value: <StateSign state={group.State} /> },
							{ label: t("addressList"), value: t(group.HiddenFromGlobalAddressList ? "hidden" : "shown") },
							{ label: t("email"), value: group.Email ?? t("none") },
							{ label: t("enabledDate"), value: formatMoment(dateOf(group.EnabledDate)) },
							{ label: t("disabledDate"), value: formatMoment(dateOf(group.DisabledDate)) },
							{ label: t("id"), value: <Copyable value={group.GroupId ?? id} label={t("id")} /> },
						]}
					/>
				</Container>
			)}
			<AddressesEditor
				primary={group.Email}
				aliases={aliases.data}
				error={aliases.error}
				again={() => void aliases.refetch()}
				enabled={enabled}
				domains={domains.data}
				onAdd={
					may("CreateAlias")
						? (Alias) => then(call("CreateAlias", { OrganizationId: org, EntityId: id, Alias }, options))
						: undefined
				}
				onDefault={
					may("UpdatePrimaryEmailAddress")
						? (Email) => then(call("UpdatePrimaryEmailAddress", { OrganizationId: org, EntityId: id, Email }, options))
						: undefined
				}
				onRemove={
					may("DeleteAlias")
						? (Alias) => then(call("DeleteAlias", { OrganizationId: org, EntityId: id, Alias }, options))
						: undefined
				}
			/>
			<CliHint
				commands={[
					cliCommand(region, "DescribeGroup", { OrganizationId: org, GroupId: id }),
					cliCommand(region, "ListAliases", { OrganizationId: org, EntityId: id }),
					cliCommand(region, "CreateAlias", { OrganizationId: org, EntityId: id, Alias: "ADDRESS" }),
					cliCommand(region, "UpdatePrimaryEmailAddress", { OrganizationId: org, EntityId: id, Email: "ADDRESS" }),
				]}
			/>
		</SpaceBetween>
	);
}

function Edit({ region, org, id, seen, close }: PartProps & { close: () => void }) {
	const client = useQueryClient();
	const form = useDraft({ value: { listed: seen.group.HiddenFromGlobalAddressList !== true }, etag: seen.etag });
	const [busy, run] = useBusy();
	const problem = useProblem();
	useGuard(form.changed.length > 0 ? t("unsaved") : undefined);
	const name = seen.group.Name ?? "";
	const input = { OrganizationId: org, GroupId: id, HiddenFromGlobalAddressList: !form.draft.listed };
	const save = () =>
		run(async () => {
			problem.clear();
			try {
				if (form.changed.length > 0) await call("UpdateGroup", input, { region, ifMatch: form.etag });
				await client.invalidateQueries({ queryKey: [region, org] });
				notify({ type: "success", content: t("saved", { name }) });
				close();
			} catch (error) {
				problem.fail(error);
				if (!isConflict(error)) return;
				await client.invalidateQueries({ queryKey: [region, org] });
				const now = client.getQueryData<Seen>([region, org, "group", id]);
				if (now) form.rebase({ value: { listed: now.group.HiddenFromGlobalAddressList !== true }, etag: now.etag });
			}
		});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void save();
	};
	return (
		<form onSubmit={submit}>
			<Container header={<Header variant="h2">{t("details")}</Header>}>
				<Form
					errorText={problem.rest}
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							<Button formAction="none" variant="link" onClick={close}>
								{t("cancel")}
							</Button>
							<Button formAction="submit" variant="primary" loading={busy}>
								{t("save")}
							</Button>
						</SpaceBetween>
					}
				>
					<SpaceBetween size="m">
						<FormField label={t("name")} constraintText={t("fixedName")}>
							<Input value={name} disabled />
						</FormField>
						<FormField
							label={t("addressList")}
							constraintText={
								form.theirs.listed === undefined
									? undefined
									: t("theirs", { value: t(form.theirs.listed ? "shown" : "hidden") })
							}
						>
							<Checkbox
								checked={form.draft.listed}
								onChange={({ detail }) => form.set({ listed: detail.checked })}
								description={t("listedHelp")}
							>
								{t("listed")}
							</Checkbox>
						</FormField>
					</SpaceBetween>
				</Form>
				<CliHint commands={[cliCommand(region, "UpdateGroup", input)]} />
			</Container>
		</form>
	);
}
