import type { DescribeResourceResponse } from "@postroom/api";
import { EntryPage, type EntryPart, EntryPermissions, late } from "@postroom/ui";
import { resources } from "./find.ts";
import { t } from "./words.ts";
import { useResourceWork } from "./work.tsx";

export type Part = EntryPart<DescribeResourceResponse>;

const General = late(() => import("./general.tsx"));
const BookingOptions = late(() => import("./booking.tsx"));
const Delegates = late(() => import("./delegates.tsx"));

/** One resource: what it is, how it is booked, who answers for it, who may use its mailbox. */
export default function ResourcePage({ region, org, id }: { region: string; org: string; id: string }) {
	const at = { region, org };
	return (
		<EntryPage
			at={at}
			id={id}
			kind={resources}
			words={{ title: t("title"), gone: t("gone"), goneHelp: t("goneHelp"), toList: t("toResources") }}
			idOf={(resource) => resource.ResourceId}
			work={useResourceWork(at)}
			tabs={(part) => [
				{ id: "general", label: t("general"), content: <General {...part} /> },
				{ id: "booking", label: t("booking"), content: <BookingOptions {...part} /> },
				{ id: "delegates", label: t("delegates"), content: <Delegates {...part} /> },
				{
					id: "permissions",
					label: t("permissions"),
					content: (
						<EntryPermissions
							at={at}
							id={part.id}
							owner={part.seen.output.Name ?? ""}
							description={t("permissionsHelp")}
							rights={["FULL_ACCESS", "SEND_AS", "SEND_ON_BEHALF"]}
						/>
					),
				},
			]}
		/>
	);
}
