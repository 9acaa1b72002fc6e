import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type CallOptions, call, type Within } from "@postroom/api";
import { may } from "@postroom/session";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Entry, EntryWork } from "./entry-actions.tsx";
import { t } from "./entry-words.ts";
import { ErrorBox } from "./errors.tsx";

/** What enabling, disabling and deleting means for one kind of entry. */
export interface OwnWork extends Pick<EntryWork, "called" | "disableHelp" | "removeHelp" | "fixed" | "foreign"> {
	remove: ((entry: Entry, options: CallOptions) => Promise<unknown>) | undefined;
}

/** Enables, disables and deletes entries; each call is about the revision that was seen. */
export function useEntryWork(at: Within, { remove, ...own }: OwnWork): EntryWork {
	const client = useQueryClient();
	const { region, org } = at;
	const seen = ({ revision }: Entry): CallOptions => ({ region, ifMatch: revision });
	return {
		...own,
		at,
		enable: may("RegisterToWorkMail")
			? (e, Email) => call("RegisterToWorkMail", { OrganizationId: org, EntityId: e.id, Email }, seen(e))
			: undefined,
		disable: may("DeregisterFromWorkMail")
			? (e) => call("DeregisterFromWorkMail", { OrganizationId: org, EntityId: e.id }, seen(e))
			: undefined,
		remove: remove && ((e) => remove(e, seen(e))),
		changed: () => client.invalidateQueries({ queryKey: [region, org] }),
	};
}

/** What deleting destroys, in numbers that are counted when the dialog opens. */
export function Losses(props: {
	at: Within;
	entries: readonly Entry[];
	/** How much of each kind is lost, and its sentence; of what is none nothing is said. */
	count: () => Promise<readonly (readonly [count: number, sentence: string])[]>;
	/** What stays. */
	kept?: string;
}) {
	const { at, entries, count } = props;
	const lost = useQuery({
		queryKey: ["losses", at.region, at.org, entries.map((e) => e.id)],
		queryFn: count,
		gcTime: 0,
	});
	if (lost.error) return <ErrorBox error={lost.error} again={() => void lost.refetch()} />;
	if (!lost.data) return <StatusIndicator type="loading">{t("lostCounting")}</StatusIndicator>;
	const lines = lost.data.filter(([sum]) => sum > 0).map(([, line]) => line);
	return (
		<SpaceBetween size="xs">
			<Box>
				{t("lostHelp")}
				{lines.length > 0 && ` ${t("lostWhat")}`}
			</Box>
			{lines.length > 0 && (
				<ul>
					{lines.map((line) => (
						<li key={line}>{line}</li>
					))}
				</ul>
			)}
			{props.kept && <Box color="text-body-secondary">{props.kept}</Box>}
		</SpaceBetween>
	);
}
