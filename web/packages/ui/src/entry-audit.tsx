import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Within } from "@postroom/api";
import { AuditTable } from "./audit-table.tsx";
import { CliHint } from "./cli.tsx";
import { cliCommand } from "./cli-command.ts";

/** The tab Audit: what was done to an entry, and by whom. */
export default function EntryAudit({ at, id }: { at: Within; id: string }) {
	return (
		<SpaceBetween size="l">
			<AuditTable at={at} id={id} />
			<CliHint commands={[cliCommand(at.region, "ListAuditRecords", { OrganizationId: at.org, Target: id })]} />
		</SpaceBetween>
	);
}
