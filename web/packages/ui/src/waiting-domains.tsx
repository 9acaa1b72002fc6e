import Box from "@cloudscape-design/components/box";
import { call, type Within } from "@postroom/api";
import { useQuery } from "@tanstack/react-query";
import { t } from "./entry-words.ts";
import { Link } from "./link.tsx";
import { href } from "./place.ts";

/** So many are named. */
const named = 3;

/** Why a domain is missing in a choice of the verified ones: its record was not seen yet. */
export function WaitingDomains({ region, org }: Within) {
	const { data } = useQuery({
		queryKey: [region, org, "domains", "waiting"],
		queryFn: () =>
			call("FindMailDomains", { OrganizationId: org, States: ["PENDING", "FAILED"], MaxResults: named }, { region }),
		staleTime: 30_000,
	});
	const { MailDomains = [], Total = 0 } = data ?? {};
	if (MailDomains.length === 0) return null;
	return (
		<Box color="text-body-secondary" fontSize="body-s">
			{MailDomains.map(({ DomainName = "" }) => (
				<div key={DomainName}>
					<Link href={href(region, "o", org, "domains", DomainName)} fontSize="inherit">
						{DomainName}
					</Link>{" "}
					{t("domainWaits")}
				</div>
			))}
			{Total > MailDomains.length && (
				<Link href={href(region, "o", org, "domains")} fontSize="inherit">
					{t("domainsWaitMore", { count: Total - MailDomains.length })}
				</Link>
			)}
		</Box>
	);
}
