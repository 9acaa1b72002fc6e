import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { call, dateOf, type Session } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { browserName, may } from "@postroom/session";
import { notify, PartTable, useBusy, useProblem } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "./words.ts";

const queryKey = (id: string) => ["deployment", "administrators", id, "sessions"];

export const useSessions = (id: string) =>
	useQuery({
		queryKey: queryKey(id),
		queryFn: async () => (await call("ListSessions", { AdministratorId: id })).Sessions ?? [],
	});

/** Where an administrator is signed in, with a way to end it. */
export function Sessions({ administrator }: { administrator: string }) {
	const sessions = useSessions(administrator);
	const client = useQueryClient();
	const [busy, run] = useBusy();
	const problem = useProblem();
	const revoke = (s: Session) =>
		run(async () => {
			problem.clear();
			try {
				await call("RevokeSession", { AdministratorId: administrator, SessionId: s.SessionId ?? "" });
				notify({ type: "success", content: t("revoked") });
			} catch (error) {
				problem.fail(error);
			}
			await client.invalidateQueries({ queryKey: queryKey(administrator) });
		});
	return (
		<>
			{problem.rest && <Alert type="error">{problem.rest}</Alert>}
			<PartTable<Session>
				header={t("sessions")}
				description={t("sessionsHelp")}
				items={sessions.data}
				error={sessions.error}
				again={() => void sessions.refetch()}
				id={(s) => s.SessionId ?? ""}
				empty={t("noSessions")}
				columns={[
					{ id: "address", header: t("address"), rowHeader: true, cell: (s) => s.SourceAddress },
					{ id: "browser", header: t("browser"), cell: (s) => browserName(s.UserAgent) },
					{ id: "signedIn", header: t("signedIn"), cell: (s) => formatMoment(dateOf(s.CreatedDate)) },
					{ id: "used", header: t("lastUsed"), cell: (s) => formatMoment(dateOf(s.LastUsedDate)) },
					{ id: "expires", header: t("expires"), cell: (s) => formatMoment(dateOf(s.ExpiresDate)) },
					...(may("UpdateAdministrator")
						? [
								{
									id: "actions",
									header: t("actions"),
									cell: (s: Session) => (
										<Button
											variant="inline-link"
											disabled={busy}
											ariaLabel={t("revokeOne", { address: s.SourceAddress ?? "" })}
											onClick={() => void revoke(s)}
										>
											{t("revoke")}
										</Button>
									),
								},
							]
						: []),
				]}
			/>
		</>
	);
}
