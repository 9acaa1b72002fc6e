import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
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
import { NameField, OtherFields, type Typed } from "./fields.tsx";
import { nameFault, refusals, textFault } from "./form.ts";
import { StateSign } from "./list.tsx";
import type { PartProps } from "./page.tsx";
import { t } from "./words.ts";

/** What the resource is, and its addresses. */
export default function General({ region, org, id, seen }: PartProps) {
	const at = { region, org };
	const { resource, etag } = seen;
	const client = useQueryClient();
	const [editing, setEditing] = useState(false);
	const aliases = useAliases(at, id);
	const enabled = resource.State === "ENABLED";
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
							actions={may("UpdateResource") && <Button onClick={() => setEditing(true)}>{t("edit")}</Button>}
						>
							{t("details")}
						</Header>
					}
				>
					<KeyValuePairs
						columns={3}
						items={[
							{ label: t("name"), value: resource.Name },
							{ label: t("type"), value: t(resource.Type ?? "ROOM") },
							{ label: t("text"), value: resource.Description ?? t("none") },
							{ label: t("state"), value: <StateSign state={resource.State} /> },
							{ label: t("email"), value: resource.Email ?? t("none") },
							{ label: t("addressList"), value: t(resource.HiddenFromGlobalAddressList ? "hidden" : "shown") },
							{ label: t("enabledDate"), value: formatMoment(dateOf(resource.EnabledDate)) },
							{ label: t("disabledDate"), value: formatMoment(dateOf(resource.DisabledDate)) },
							{ label: t("id"), value: <Copyable value={id} label={t("id")} /> },
						]}
					/>
				</Container>
			)}
			<AddressesEditor
				primary={resource.Email}
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
					cliCommand(region, "DescribeResource", { OrganizationId: org, ResourceId: id }),
					cliCommand(region, "ListAliases", { OrganizationId: org, EntityId: id }),
					cliCommand(region, "CreateAlias", { OrganizationId: org, EntityId: id, Alias: "ADDRESS" }),
					cliCommand(region, "UpdatePrimaryEmailAddress", { OrganizationId: org, EntityId: id, Email: "ADDRESS" }),
				]}
			/>
		</SpaceBetween>
	);
}

const typedOf = ({ resource, etag }: Seen) => ({
	value: {
		name: resource.Name ?? "",
		text: resource.Description ?? "",
		type: resource.Type ?? "ROOM",
		listed: resource.HiddenFromGlobalAddressList !== true,
	} satisfies Typed,
	etag,
});

function Edit({ region, org, id, seen, close }: PartProps & { close: () => void }) {
	const client = useQueryClient();
	const form = useDraft<Typed>(typedOf(seen));
	const [strict, setStrict] = useState(false);
	const [busy, run] = useBusy();
	const problem = useProblem(refusals);
	useGuard(form.changed.length > 0 ? t("unsaved") : undefined);
	const { draft, changed } = form;
	const faults = { name: nameFault(draft.name), text: textFault(draft.text) };
	const input = {
		OrganizationId: org,
		ResourceId: id,
		...(changed.includes("name") ? { Name: draft.name } : {}),
		...(changed.includes("text") ? { Description: draft.text } : {}),
		...(changed.includes("type") ? { Type: draft.type } : {}),
		...(changed.includes("listed") ? { HiddenFromGlobalAddressList: !draft.listed } : {}),
	};
	const save = () =>
		run(async () => {
			setStrict(true);
			problem.clear();
			// A name that the directory brought may be one that we would not give.
			if ((changed.includes("name") && faults.name) || faults.text) return;
			try {
				if (changed.length > 0) await call("UpdateResource", input, { region, ifMatch: form.etag });
				await client.invalidateQueries({ queryKey: [region, org] });
				notify({ type: "success", content: t("saved", { name: draft.name }) });
				close();
			} catch (error) {
				problem.fail(error);
				if (!isConflict(error)) return;
				await client.invalidateQueries({ queryKey: [region, org] });
				const now = client.getQueryData<Seen>([region, org, "resource", id]);
				if (now) form.rebase(typedOf(now));
			}
		});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void save();
	};
	const fields = {
		value: draft,
		set: (patch: Partial<Typed>) => {
			form.set(patch);
			problem.clear();
		},
		fault: (key: "name" | "text") => (strict && changed.includes(key) ? faults[key] : undefined) ?? problem.field(key),
		theirs: form.theirs,
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
						<NameField {...fields} />
						<OtherFields {...fields} />
					</SpaceBetween>
				</Form>
				<CliHint commands={[cliCommand(region, "UpdateResource", input)]} />
			</Container>
		</form>
	);
}
