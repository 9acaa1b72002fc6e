import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { call, callWithTag, type OrganizationSummary } from "@postroom/api";
import { CliHint, ConfirmByName, cliCommand, explain, isForeign, notify } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "./words.ts";

interface Losses {
	users: number;
	groups: number;
	resources: number;
	mailboxes: number;
	domains: number;
	/** Whether anything is enabled: then the API wants ForceDelete. */
	enabled: boolean;
	etag: string;
	/** Its directory lives elsewhere, and stays. */
	foreign: boolean;
}

async function lossesOf(region: string, org: string): Promise<Losses> {
	const input = { OrganizationId: org, MaxResults: 1 };
	const on = { ...input, States: ["ENABLED" as const] };
	const find = async (name: "FindUsers" | "FindGroups" | "FindResources" | "FindMailDomains", i: typeof input) =>
		(await call(name, i, { region })).Total ?? 0;
	const [users, groups, resources, usersOn, groupsOn, resourcesOn, domainCount, organization] = await Promise.all([
		find("FindUsers", input),
		find("FindGroups", input),
		find("FindResources", input),
		find("FindUsers", on),
		find("FindGroups", on),
		find("FindResources", on),
		find("FindMailDomains", input),
		callWithTag("DescribeOrganization", { OrganizationId: org }, { region }),
	]);
	return {
		users,
		groups,
		resources,
		mailboxes: usersOn + resourcesOn,
		domains: domainCount,
		enabled: usersOn + groupsOn + resourcesOn > 0,
		etag: organization.etag,
		foreign: isForeign(organization.output),
	};
}

/** Says in numbers what goes with an organization, and asks for its alias. */
export default function DeleteOrganization(props: { region: string; of: OrganizationSummary; close: () => void }) {
	const { region } = props;
	const org = props.of.OrganizationId ?? "";
	const alias = props.of.Alias ?? "";
	const client = useQueryClient();
	const losses = useQuery({
		queryKey: [region, org, "losses"],
		queryFn: () => lossesOf(region, org),
		staleTime: 0,
		gcTime: 0,
	});
	const known = losses.data;
	const force = known?.enabled ?? false;
	return (
		<ConfirmByName
			header={t("deleteHeader", { alias })}
			name={alias}
			button={t("deleteButton")}
			close={props.close}
			action={async () => {
				// What could not be counted is not destroyed.
				const counted = known ?? (await lossesOf(region, org));
				await call(
					"DeleteOrganization",
					{ OrganizationId: org, DeleteDirectory: true, ...(counted.enabled ? { ForceDelete: true } : {}) },
					{ region, ifMatch: counted.etag },
				);
				void client.invalidateQueries({ queryKey: [region, "directories"] });
				await client.invalidateQueries({ queryKey: [region, "organizations"] });
				notify({ type: "success", content: t("deleteStarted", { alias }) });
			}}
		>
			<SpaceBetween size="s">
				<Box variant="p">{t("deleteText")}</Box>
				{known ? (
					<ul>
						{known.users > 0 && <li>{t("deleteUsers", { count: known.users })}</li>}
						{known.groups > 0 && <li>{t("deleteGroups", { count: known.groups })}</li>}
						{known.resources > 0 && <li>{t("deleteResources", { count: known.resources })}</li>}
						{known.mailboxes > 0 && <li>{t("deleteMailboxes", { count: known.mailboxes })}</li>}
						{known.domains > 0 && <li>{t("deleteDomains", { count: known.domains })}</li>}
						{!known.foreign && <li>{t("deleteDirectory")}</li>}
					</ul>
				) : losses.error ? (
					<StatusIndicator type="error">
						{t("deleteCountFailed")}: {explain(losses.error)}
					</StatusIndicator>
				) : (
					<StatusIndicator type="loading">{t("deleteCounting")}</StatusIndicator>
				)}
				{known?.foreign && <Box variant="p">{t("deleteForeign")}</Box>}
				<CliHint
					commands={[
						cliCommand(region, "DeleteOrganization", {
							OrganizationId: org,
							DeleteDirectory: true,
							...(force ? { ForceDelete: true } : {}),
						}),
					]}
				/>
			</SpaceBetween>
		</ConfirmByName>
	);
}
