import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, callWithTag, type DescribeOrganizationContentsResponse, type OrganizationSummary } from "@postroom/api";
import { formatBytes } from "@postroom/i18n";
import { CliHint, ConfirmByName, Counting, cliCommand, isForeign, notify } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "./words.ts";

/** A line for each kind of thing that there is any of. */
function lossesOf(has: DescribeOrganizationContentsResponse): string[] {
	const { Users = 0, Groups = 0, Resources = 0, Mailboxes = 0, KeptMailboxes = 0, MailDomains = 0 } = has;
	const { Messages = 0, MailboxBytes = 0 } = has;
	const mail = { messages: t("deleteMessages", { count: Messages }), size: formatBytes(MailboxBytes) };
	return [
		...(Users > 0 ? [t("deleteUsers", { count: Users })] : []),
		...(Groups > 0 ? [t("deleteGroups", { count: Groups })] : []),
		...(Resources > 0 ? [t("deleteResources", { count: Resources })] : []),
		...(Mailboxes > 0 ? [t("deleteMailboxes", { count: Mailboxes, ...mail })] : []),
		...(KeptMailboxes > 0 ? [t("deleteKept", { count: KeptMailboxes })] : []),
		...(MailDomains > 0 ? [t("deleteDomains", { count: MailDomains })] : []),
		...(isForeign(has) ? [] : [t("deleteDirectory")]),
	];
}

/** Whether as many things would go. Mail comes at any time, and is no other thing. */
const sameLosses = (a: DescribeOrganizationContentsResponse, b: DescribeOrganizationContentsResponse): boolean =>
	(["Users", "Groups", "Resources", "Mailboxes", "KeptMailboxes", "MailDomains"] as const).every(
		(kind) => (a[kind] ?? 0) === (b[kind] ?? 0),
	);

/** Says in numbers what goes with an organization, and asks for its alias. What is not counted is not destroyed. */
export default function DeleteOrganization(props: { region: string; of: OrganizationSummary; close: () => void }) {
	const { region } = props;
	const org = props.of.OrganizationId ?? "";
	const alias = props.of.Alias ?? "";
	const client = useQueryClient();
	const contents = useQuery({
		queryKey: [region, org, "contents"],
		queryFn: () => callWithTag("DescribeOrganizationContents", { OrganizationId: org }, { region }),
		staleTime: 0,
		gcTime: 0,
	});
	const known = contents.data;
	const input = {
		OrganizationId: org,
		DeleteDirectory: true,
		...(known?.output.Enabled ? { ForceDelete: true } : {}),
	};
	const destroy = async () => {
		if (!known) return;
		// Users come and go without a new revision of the organization: they are counted anew.
		const { data: now } = await contents.refetch({ throwOnError: true });
		if (!now || !sameLosses(known.output, now.output)) throw new Error(t("deleteChanged"));
		await call("DeleteOrganization", input, { region, ifMatch: known.etag });
		void client.invalidateQueries({ queryKey: [region, "directories"] });
		await client.invalidateQueries({ queryKey: [region, "organizations"] });
		notify({ type: "success", content: t("deleteStarted", { alias }) });
	};
	return (
		<ConfirmByName
			header={t("deleteHeader", { alias })}
			name={alias}
			button={t("deleteButton")}
			blocked={!known}
			close={props.close}
			action={destroy}
			reread={contents.refetch}
		>
			<SpaceBetween size="s">
				<Box variant="p">{t("deleteText")}</Box>
				{known ? (
					<ul>
						{lossesOf(known.output).map((line) => (
							<li key={line}>{line}</li>
						))}
					</ul>
				) : (
					<Counting of={[contents]} />
				)}
				{known && isForeign(known.output) && <Box variant="p">{t("deleteForeign")}</Box>}
				<CliHint
					commands={[
						cliCommand(region, "DescribeOrganizationContents", { OrganizationId: org }),
						cliCommand(region, "DeleteOrganization", input),
					]}
				/>
			</SpaceBetween>
		</ConfirmByName>
	);
}
