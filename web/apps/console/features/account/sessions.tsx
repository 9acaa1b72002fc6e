import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { call, dateOf, type Session } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { browserName } from "@postroom/session";
import { CliHint, cliCommand, notify, PartTable, useBusy, useProblem } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "./words.ts";

const queryKey = ["account", "sessions"];

/** The browsers in which the administrator is signed in. */
export default function Sessions({ region }: { region: string }) {
	const list = useQuery({ queryKey, queryFn: async () => (await call("ListSessions", {})).Sessions ?? [] });
	const client = useQueryClient();
	const [busy, run] = useBusy();
	const problem = useProblem();
	const revoke = (s: Session) =>
		run(async () => {
			problem.clear();
			try {
				await call("RevokeSession", { SessionId: s.SessionId ?? "" });
				notify({ type: "success", content: t("revoked") });
			} catch (error) {
				problem.fail(error);
			}
			await client.invalidateQueries({ queryKey });
		});
	return (
		<SpaceBetween size="l">
			{problem.rest && <Alert type="error">{problem.rest}</Alert>}
			<PartTable<Session>
				header={t("sessions")}
				description={t("sessionsHelp")}
				items={list.data?.toReversed()}
				error={list.error}
				again={() => void list.refetch()}
				id={(s) => s.SessionId ?? ""}
				empty={t("noSessions")}
				columns={[
					{
						id: "address",
						header: t("address"),
						rowHeader: true,
						cell: (s) => (
							<>
								{s.SourceAddress}
								{s.Current && <StatusIndicator type="success">{t("thisOne")}</StatusIndicator>}
							</>
						),
					},
					{ id: "browser", header: t("browser"), cell: (s) => browserName(s.UserAgent) },
					{ id: "signedIn", header: t("signedIn"), cell: (s) => formatMoment(dateOf(s.CreatedDate)) },
					{ id: "used", header: t("lastUsed"), cell: (s) => formatMoment(dateOf(s.LastUsedDate)) },
					{ id: "expires", header: t("expires"), cell: (s) => formatMoment(dateOf(s.ExpiresDate)) },
					{
						id: "actions",
						header: t("actions"),
						cell: (s) =>
							!s.Current && (
								<Button
									variant="inline-link"
									disabled={busy}
									ariaLabel={t("revokeOne", {
										address: s.SourceAddress ?? "",
										time: formatMoment(dateOf(s.CreatedDate)),
									})}
									onClick={() => void revoke(s)}
								>
									{t("revoke")}
								</Button>
							),
					},
				]}
			/>
			<CliHint
				commands={[
					cliCommand(region, "ListSessions", {}),
					cliCommand(region, "RevokeSession", { SessionId: "SESSION_ID" }),
				]}
			/>
		</SpaceBetween>
	);
}
