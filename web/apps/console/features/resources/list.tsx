import type { FoundResource } from "@postroom/api";
import { may } from "@postroom/session";
import { cliCommand, EntryList } from "@postroom/ui";
import { resources } from "./find.ts";
import { t } from "./words.ts";
import { useResourceWork } from "./work.tsx";

/** The resources of an organization. */
export default function Resources({ region, org }: { region: string; org: string }) {
	const at = { region, org };
	return (
		<EntryList<FoundResource>
			at={at}
			kind={resources}
			words={{
				title: t("title"),
				description: t("description"),
				filter: t("filter"),
				name: t("name"),
				id: t("id"),
				create: t("create"),
				empty: t("empty"),
			}}
			columns={[
				{ id: "type", header: t("type"), cell: (r) => t(r.Type ?? "ROOM") },
				{ id: "text", header: t("text"), cell: (r) => r.Description ?? t("none") },
			]}
			mayCreate={may("CreateResource")}
			work={useResourceWork(at)}
			command={(input) => cliCommand(region, "FindResources", input)}
		/>
	);
}
