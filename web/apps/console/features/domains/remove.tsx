import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { CliHint, ConfirmByName, cliCommand, go, href, notify } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { domainQuery } from "./state.tsx";
import { t } from "./words.ts";

/** Says what goes with a domain, and asks for its name. The server refuses while it is used. */
export default function RemoveDomain(props: { region: string; org: string; name: string; close: () => void }) {
	const { region, org, name } = props;
	const client = useQueryClient();
	const { data } = useQuery(domainQuery(region, org, name));
	return (
		<ConfirmByName
			header={t("removeHeader", { domain: name })}
			name={name}
			button={t("removeButton")}
			close={props.close}
			reread={() => client.invalidateQueries({ queryKey: [region, org] })}
			action={async () => {
				await call(
					"DeregisterMailDomain",
					{ OrganizationId: org, DomainName: name },
					{ region, ...(data?.etag ? { ifMatch: data.etag } : {}) },
				);
				// The list, which is shown next, no longer has it when that is told.
				await client.invalidateQueries({ queryKey: [region, org, "domain list"], refetchType: "all" });
				notify({ type: "success", content: t("removed", { domain: name }) });
				go(href(region, "o", org, "domains"));
				client.removeQueries({ queryKey: [region, org, "domains", name] });
			}}
		>
			<SpaceBetween size="s">
				<Box variant="p">{t("removeText", { domain: name })}</Box>
				<Box variant="p">{t("removeText2")}</Box>
				<CliHint commands={[cliCommand(region, "DeregisterMailDomain", { OrganizationId: org, DomainName: name })]} />
			</SpaceBetween>
		</ConfirmByName>
	);
}
