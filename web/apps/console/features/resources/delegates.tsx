import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { callWithTag } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, EntryPeople, go } from "@postroom/ui";
import { addDelegates } from "./add-delegates.ts";
import { delegatesOf, useDelegateCount } from "./data.ts";
import type { Part } from "./page.tsx";
import { t } from "./words.ts";

/** Who answers the requests of the resource. */
export default function Delegates(part: Part) {
	const { at, id, seen } = part;
	const { region, org } = at;
	const count = useDelegateCount(at, id);
	const name = seen.output.Name ?? "";
	const auto = seen.output.BookingOptions?.AutoAcceptRequests === true;
	const adding = addDelegates(part);
	const about = { OrganizationId: org, ResourceId: id };
	const toBooking = (
		<Button formAction="none" onClick={() => go(`${window.location.pathname}?tab=booking`)}>
			{t("toBooking")}
		</Button>
	);
	return (
		<SpaceBetween size="l">
			{auto && (count.data ?? 0) > 0 && (
				<Alert type="info" action={toBooking}>
					{t("delegatesAuto", { name })}
				</Alert>
			)}
			<EntryPeople
				{...adding}
				name={name}
				words={{
					...adding.words,
					header: t("delegates"),
					help: t("delegatesHelp"),
					empty: t("delegatesEmpty"),
					add: t("delegatesAdd"),
					removeHeader: (count) => t("removeHeader", { count, name }),
					removeHelp: (names) => t("removeDelegatesHelp", { names }),
					removed: (count) => t("removed", { count, name }),
				}}
				read={(input, signal) => delegatesOf(at, id, input, signal)}
				remove={
					may("DisassociateDelegateFromResource")
						? ({ id: EntityId }, ifMatch) =>
								callWithTag("DisassociateDelegateFromResource", { ...about, EntityId }, { region, ifMatch })
						: undefined
				}
				stay={(chosen) =>
					!auto &&
					chosen.length === count.data && (
						<Alert type="warning" action={toBooking}>
							{t("removeLast", { name })}
						</Alert>
					)
				}
			/>
			<CliHint
				commands={[
					cliCommand(region, "FindResourceDelegates", about),
					cliCommand(region, "AssociateDelegateToResource", { ...about, EntityId: "USER_OR_GROUP" }),
				]}
			/>
		</SpaceBetween>
	);
}
