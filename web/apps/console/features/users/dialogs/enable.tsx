import Alert from "@cloudscape-design/components/alert";
import { call } from "@postroom/api";
import { Dialog, EnableDialog, notify, useDirectory } from "@postroom/ui";
import { useState } from "react";
import { type DialogProps, system, userNames } from "../data.ts";
import { t } from "../words.ts";
import { useBatch } from "./batch.ts";
import { LeftOut } from "./parts.tsx";

/** The flow "Enabling existing users". */
export default function Enable(props: DialogProps) {
	const { region, org, users, close } = props;
	const [able] = useState(() => users.filter((u) => u.State !== "ENABLED" && !system(u)));
	const [left] = useState(() => users.filter((u) => !able.includes(u)));
	const { outcomes, run, forget } = useBatch(props);
	const { foreign } = useDirectory({ region, org });
	const enable = async (emails: ReadonlyMap<string, string>) => {
		const list = able.filter((u) => emails.has(u.Id ?? ""));
		const open = list.filter((u) => outcomes.get(u.Id ?? "")?.state !== "done");
		const done = await run(list, (u, options) => {
			const EntityId = u.Id ?? "";
			return call("RegisterToWorkMail", { OrganizationId: org, EntityId, Email: emails.get(EntityId) ?? "" }, options);
		});
		if (done.length === open.length) await close([]);
		if (done[0]) notify({ type: "success", content: t("enabled", { count: done.length, name: done[0].Name ?? "" }) });
	};
	if (able.length === 0)
		return (
			<Dialog header={t("enable")} close={() => void close()}>
				<Alert type="warning">{t("enableNone", { names: userNames(left) })}</Alert>
			</Dialog>
		);
	return (
		<EnableDialog
			at={{ region, org }}
			header={t("enableTitle", { count: able.length, name: able[0]?.Name ?? "" })}
			entries={able.map((u) => ({
				id: u.Id ?? "",
				name: u.Name ?? "",
				title: u.DisplayName ?? "",
				state: u.State ?? "DISABLED",
			}))}
			foreign={foreign}
			outcomes={outcomes}
			forget={forget}
			enable={enable}
			close={(ids) => void close(outcomes.size > 0 ? able.filter((u) => ids.includes(u.Id ?? "")) : undefined)}
		>
			<LeftOut users={left} already="isEnabled" />
		</EnableDialog>
	);
}
