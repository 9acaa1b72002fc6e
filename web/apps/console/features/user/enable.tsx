import { call } from "@postroom/api";
import { EnableDialog, type Entry, notify, useDirectory, useMany } from "@postroom/ui";
import { useState } from "react";
import { kindOf, type Seen, titleOf, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

/** Enables a user with a primary address: the last one, or one made of the name. */
export default function Enable({ where, seen, close }: { where: Where; seen: Seen; close: () => void }) {
	const { region, org } = where;
	const { user, tag } = seen;
	const name = titleOf(user);
	const refresh = useRefresh(where);
	const { foreign } = useDirectory(where);
	const [entry] = useState<Entry>({
		id: user.UserId ?? where.id,
		name: user.Name ?? "",
		title: user.DisplayName ?? "",
		state: "DISABLED",
	});
	const { outcomes, forget, run } = useMany<Entry>();
	const enable = async (emails: ReadonlyMap<string, string>) => {
		const Email = emails.get(entry.id) ?? "";
		const [outcome] = await run([entry], ({ id }) =>
			call("RegisterToWorkMail", { OrganizationId: org, EntityId: id, Email }, { region, ifMatch: tag }),
		);
		await refresh();
		if (outcome?.state !== "done") return;
		notify({ type: "success", content: t("enabledDone", { name, email: Email }) });
		close();
	};
	return (
		<EnableDialog
			at={where}
			header={t("enableOf", { name })}
			entries={[entry]}
			foreign={foreign}
			outcomes={new Map(outcomes.map((o) => [o.item.id, o]))}
			forget={() => forget(() => true)}
			enable={enable}
			close={close}
		>
			{kindOf(user).remote ? t("enableRemoteHelp") : kindOf(user).mailbox ? t("enableAgainHelp") : t("enableHelp")}
		</EnableDialog>
	);
}
