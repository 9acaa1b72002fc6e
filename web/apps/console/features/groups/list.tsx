import { may } from "@postroom/session";
import { cliCommand, EntryList } from "@postroom/ui";
import { groups } from "./find.ts";
import { t } from "./words.ts";
import { useGroupWork } from "./work.tsx";

/** The groups of an organization. */
export default function Groups({ region, org }: { region: string; org: string }) {
	const at = { region, org };
	return (
		<EntryList
			at={at}
			kind={groups}
			words={{
				title: t("title"),
				description: t("description"),
				filter: t("filter"),
				name: t("name"),
				id: t("id"),
				create: t("create"),
				empty: t("empty"),
			}}
			mayCreate={may("CreateGroup")}
			work={useGroupWork(at)}
			command={(input) => cliCommand(region, "FindGroups", input)}
		/>
	);
}
