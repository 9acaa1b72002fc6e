import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { AuditTable, CliHint, cliCommand } from "@postroom/ui";
import { useCallback } from "react";
import type { Seen, Where } from "./user.ts";

/** The tab Audit: what was done to the user, and by whom. */
export default function Audit({ where, seen }: { where: Where; seen: Seen }) {
	const { region, org } = where;
	const id = seen.user.UserId ?? where.id;
	const load = useCallback(
		(NextToken: string | undefined) =>
			call("ListAuditRecords", { OrganizationId: org, Target: id, NextToken, MaxResults: 50 }, { region }),
		[region, org, id],
	);
	return (
		<SpaceBetween size="l">
			<AuditTable load={load} />
			<CliHint commands={[cliCommand(region, "ListAuditRecords", { OrganizationId: org, Target: id })]} />
		</SpaceBetween>
	);
}
