import SpaceBetween from "@cloudscape-design/components/space-between";
import { browserName } from "@postroom/session";
import { CliHint, cliCommand, Sessions } from "@postroom/ui";

/** The browsers in which the administrator is signed in. */
export default function OwnSessions({ region }: { region: string }) {
	return (
		<SpaceBetween size="l">
			<Sessions mayChange browser={browserName} />
			<CliHint
				commands={[
					cliCommand(region, "ListSessions", {}),
					cliCommand(region, "RevokeSession", { SessionId: "SESSION_ID" }),
				]}
			/>
		</SpaceBetween>
	);
}
