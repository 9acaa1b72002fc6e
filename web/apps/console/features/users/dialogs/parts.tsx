import Alert from "@cloudscape-design/components/alert";
import type { FoundUser } from "@postroom/api";
import { ManyOutcome, type Outcome } from "@postroom/ui";
import { system, userNames } from "../data.ts";
import { t } from "../words.ts";

/** What became of each user; nothing before it has begun. */
export const Outcomes = ({ outcomes }: { outcomes: ReadonlyMap<string, Outcome<FoundUser>> }) => (
	<ManyOutcome outcomes={[...outcomes.values()]} name={(u) => u.Name ?? ""} id={(u) => u.Id ?? ""} />
);

/** Those of the chosen users for whom nothing is done, and why: the directory's own, and those who are `already` so. */
export function LeftOut({
	users,
	already,
}: {
	users: readonly FoundUser[];
	already: "isEnabled" | "isStillEnabled" | "isNotEnabled";
}) {
	const own = users.filter(system);
	const others = users.filter((u) => !system(u));
	if (users.length === 0) return null;
	return (
		<Alert type="info">
			{others.length > 0 && <div>{t("skipped", { names: userNames(others), why: t(already) })}</div>}
			{own.length > 0 && <div>{t("skipped", { names: userNames(own), why: t("isSystem") })}</div>}
		</Alert>
	);
}
