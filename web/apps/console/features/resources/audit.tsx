import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { AuditTable, CliHint, cliCommand } from "@postroom/ui";
import { useCallback } from "react";
import type { PartProps } from "./page.tsx";

/** What was done to the resource, and by whom. */
export default function Audit({ region, org, id }: PartProps) {
	const load = useCallback(
		(NextToken: string | undefined) =>
			call("ListAuditRecords", { OrganizationId: org, Target: id, NextToken, MaxResults: 100 }, { region }),
		[region, org, id],
	);
	return (
		<SpaceBetween size="l">
			<AuditTable load={load} />
			<CliHint commands={[cliCommand(region, "ListAuditRecords", { OrganizationId: org, Target: id })]} />
		</SpaceBetween>
	);
}
