import Box from "@cloudscape-design/components/box";
import type { AuditRecord } from "@postroom/api";
import { targetOf } from "./records.ts";

/** What a record is about, with what was changed of it; why it was refused is said by its outcome. */
export function About({ of }: { of: AuditRecord }) {
	const detail = of.Outcome === "SUCCESS" ? of.Detail : undefined;
	return (
		<>
			{targetOf(of)}
			{detail && (
				<Box variant="small" display="block" color="text-body-secondary">
					{detail}
				</Box>
			)}
		</>
	);
}
