import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { aliasesOf, call, dateOf } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { may } from "@postroom/session";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { AddressesEditor } from "./addresses.tsx";
import { BreakableText } from "./breakable-text.tsx";
import { CliHint } from "./cli.tsx";
import { cliCommand } from "./cli-command.ts";
import { Copyable } from "./copied.tsx";
import type { EntryPart } from "./entry-page.tsx";
import { EntryState } from "./entry-state.tsx";
import { t } from "./entry-words.ts";
import { useDomains } from "./verified-domains.ts";

/** The tab General: what an entry is, which can be edited, and its addresses. */
export function EntryGeneral(props: {
	part: EntryPart;
	words: Record<"details" | "name" | "id", string>;
	/** What only this kind has. */
	more?: readonly { label: string; value: string }[];
	/** The form in place of what is shown; missing where nothing may be changed. */
	edit: ((close: () => void) => ReactNode) | undefined;
	/** Why it cannot be edited here. */
	fixed?: string | undefined;
	/** The command that reads it. */
	command: string;
}) {
	const { words, edit, fixed } = props;
	const { at, id, seen } = props.part;
	const { output } = seen;
	const [editing, setEditing] = useState(false);
	const about = { OrganizationId: at.org, EntityId: id };
	return (
		<SpaceBetween size="l">
			{editing && edit ? (
				edit(() => setEditing(false))
			) : (
				<Container
					header={
						<Header
							variant="h2"
							actions={
								edit && (
									<Button disabled={fixed !== undefined} disabledReason={fixed} onClick={() => setEditing(true)}>
										{t("edit")}
									</Button>
								)
							}
						>
							{words.details}
						</Header>
					}
				>
					<KeyValuePairs
						columns={3}
						items={[
							{ label: words.name, value: output.Name },
							...(props.more ?? []),
							{ label: t("state"), value: <EntryState state={output.State} /> },
							{ label: t("addressList"), value: shownOrHidden(!output.HiddenFromGlobalAddressList) },
							{ label: t("email"), value: output.Email ? <BreakableText text={output.Email} /> : t("none") },
							{ label: t("enabledDate"), value: formatMoment(dateOf(output.EnabledDate)) },
							{ label: t("disabledDate"), value: formatMoment(dateOf(output.DisabledDate)) },
							{ label: words.id, value: <Copyable value={id} label={words.id} /> },
						]}
					/>
				</Container>
			)}
			<Addresses {...props.part} />
			<CliHint
				commands={[
					props.command,
					cliCommand(at.region, "ListAliases", about),
					cliCommand(at.region, "CreateAlias", { ...about, Alias: "ADDRESS" }),
					cliCommand(at.region, "UpdatePrimaryEmailAddress", { ...about, Email: "ADDRESS" }),
				]}
			/>
		</SpaceBetween>
	);
}

function Addresses({ at, id, seen, newest }: EntryPart) {
	const { region, org } = at;
	const aliases = useQuery({ queryKey: [region, org, "aliases", id], queryFn: () => aliasesOf(at, id) });
	const enabled = seen.output.State === "ENABLED";
	const domains = useDomains(at, enabled && may("CreateAlias"));
	const about = { OrganizationId: org, EntityId: id };
	const options = { region, ifMatch: seen.etag };
	const then = async (done: Promise<unknown>) => {
		try {
			await done;
		} finally {
			// After a refusal as well: another may have changed it.
			await newest();
		}
	};
	return (
		<AddressesEditor
			at={at}
			primary={seen.output.Email}
			aliases={aliases.data}
			error={aliases.error}
			again={() => void aliases.refetch()}
			enabled={enabled}
			domains={domains.data}
			onAdd={may("CreateAlias") ? (Alias) => then(call("CreateAlias", { ...about, Alias }, options)) : undefined}
			onDefault={
				may("UpdatePrimaryEmailAddress")
					? (Email) => then(call("UpdatePrimaryEmailAddress", { ...about, Email }, options))
					: undefined
			}
			onRemove={may("DeleteAlias") ? (Alias) => then(call("DeleteAlias", { ...about, Alias }, options)) : undefined}
		/>
	);
}

const shownOrHidden = (listed: boolean): string => t(listed ? "shown" : "hidden");

/** What another saved meanwhile in a field that was changed here. */
export const theirsNote = (value: string): string => t("theirs", { value });

/** Whether users find the entry in their address book. */
export function ListedField(props: {
	listed: boolean;
	set: (listed: boolean) => void;
	help: string;
	/** What another saved there meanwhile. */
	theirs?: boolean | undefined;
	disabled?: boolean;
}) {
	const { theirs } = props;
	return (
		<FormField
			label={t("addressList")}
			constraintText={theirs === undefined ? undefined : theirsNote(shownOrHidden(theirs))}
		>
			<Checkbox
				checked={props.listed}
				disabled={props.disabled ?? false}
				onChange={({ detail }) => props.set(detail.checked)}
				description={props.help}
			>
				{t("listed")}
			</Checkbox>
		</FormField>
	);
}
