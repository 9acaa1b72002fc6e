import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, type Within } from "@postroom/api";
import { useCallback } from "react";
import { AuditTable } from "./audit-table.tsx";
import { CliHint } from "./cli.tsx";
import { cliCommand } from "./cli-command.ts";

/** The tab Audit: what was done to an entry, and by whom. */
export default function EntryAudit({ at: { region, org }, id }: { at: Within; id: string }) {
	const load = useCallback(
		(NextToken: string | undefined, reads: boolean) =>
			call(
				"ListAuditRecords",
				{ OrganizationId: org, Target: id, ChangesOnly: !reads, NextToken, MaxResults: 50 },
				{ region },
			),
		[region, org, id],
	);
	return (
		<SpaceBetween size="l">
			<AuditTable load={load} />
			<CliHint commands={[cliCommand(region, "ListAuditRecords", { OrganizationId: org, Target: id })]} />
		</SpaceBetween>
	);
}
