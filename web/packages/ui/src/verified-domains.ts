import { verifiedDomains, type Within } from "@postroom/api";
import { useQuery } from "@tanstack/react-query";

/** The domains that addresses may be of; looked at again after a minute. */
export const useDomains = (at: Within, wanted = true) =>
	useQuery({
		queryKey: [at.region, at.org, "verified-domains"],
		queryFn: () => verifiedDomains(at),
		staleTime: 60_000,
		enabled: wanted,
	});
