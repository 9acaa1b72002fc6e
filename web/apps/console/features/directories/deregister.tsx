import Box from "@cloudscape-design/components/box";
import { call } from "@postroom/api";
import { CliHint, ConfirmByName, cliCommand, go, href, notify } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { directoryKey } from "./data.ts";
import { t } from "./words.ts";

/** Forgets a directory that no organization has; its alias is asked for. */
export default function Deregister(props: {
	region: string;
	id: string;
	alias: string;
	tag: string;
	close: () => void;
}) {
	const { region, id, alias } = props;
	const client = useQueryClient();
	const deregister = async () => {
		await call("DeregisterDirectory", { DirectoryId: id }, { region, ifMatch: props.tag });
		// The list, which is shown next, no longer has it when that is told.
		await client.invalidateQueries({ queryKey: [region, "directories"], exact: true, refetchType: "all" });
		notify({ type: "success", content: t("deregistered", { alias }) });
		go(href(region, "directories"), { unguarded: true });
		client.removeQueries({ queryKey: directoryKey(region, id) });
	};
	return (
		<ConfirmByName
			header={t("deregisterHeader", { alias })}
			name={alias}
			button={t("deregister")}
			action={deregister}
			reread={() => client.invalidateQueries({ queryKey: [region, "directories"] })}
			close={props.close}
		>
			<Box variant="p">{t("deregisterHelp")}</Box>
			<CliHint commands={[cliCommand(region, "DeregisterDirectory", { DirectoryId: id })]} />
		</ConfirmByName>
	);
}
