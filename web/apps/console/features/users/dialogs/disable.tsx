import Alert from "@cloudscape-design/components/alert";
import { call, type FoundUser } from "@postroom/api";
import { formatDay } from "@postroom/i18n";
import { CliHint, cliCommand, Dialog, notify } from "@postroom/ui";
import { useState } from "react";
import { type DialogProps, keptDays, system, userNames } from "../data.ts";
import { t } from "../words.ts";
import { useBatch } from "./batch.ts";
import { LeftOut, Outcomes } from "./parts.tsx";

/** A user once disabled; of its new revision only the list knows. */
const after = ({ Revision: _, ...user }: FoundUser): FoundUser => ({ ...user, State: "DISABLED" });

/** Locks users out; their mailboxes are kept for a while. */
export default function Disable(props: DialogProps) {
	const { region, org, users, close } = props;
	const [able] = useState(() => users.filter((u) => u.State === "ENABLED" && !system(u)));
	const left = users.filter((u) => !able.some((a) => a.Id === u.Id));
	const { outcomes, run } = useBatch(props);
	const date = formatDay(new Date(Date.now() + keptDays * 86_400_000));
	const open = able.filter((u) => outcomes.get(u.Id ?? "")?.state !== "done");
	const disable = async () => {
		const done = await run(able, (u, options) =>
			call("DeregisterFromWorkMail", { OrganizationId: org, EntityId: u.Id ?? "" }, options),
		);
		// They stay chosen, for what is to follow; as they are now, also where a filter hides them.
		if (done.length === open.length) await close(users.map((u) => (able.some((a) => a.Id === u.Id) ? after(u) : u)));
		if (done[0])
			notify({ type: "success", content: t("disabled", { count: done.length, name: done[0].Name ?? "", date }) });
	};
	const count = able.length;
	return (
		<Dialog
			header={count === 0 ? t("disable") : t("disableTitle", { count, name: able[0]?.Name ?? "" })}
			button={t("disableButton")}
			blocked={open.length === 0}
			act={disable}
			begun={outcomes.size > 0}
			close={() => close(outcomes.size > 0 ? open : undefined)}
		>
			{count === 0 ? (
				<Alert type="warning">{t("disableNone")}</Alert>
			) : (
				<Alert type="warning">
					{t("disableHelp", { count, name: able[0]?.Name ?? "" })}{" "}
					{t("disableKept", { count, date, name: able[0]?.Name ?? "" })}
				</Alert>
			)}
			{count > 1 && <div>{userNames(able)}</div>}
			<LeftOut users={left} already="isNotEnabled" />
			<Outcomes outcomes={outcomes} />
			<CliHint
				commands={able
					.slice(0, 20)
					.map((u) => cliCommand(region, "DeregisterFromWorkMail", { OrganizationId: org, EntityId: u.Id ?? "" }))}
			/>
		</Dialog>
	);
}
