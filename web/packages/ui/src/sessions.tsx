import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { call, dateOf, type Session } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useBusy } from "./busy.ts";
import { useProblem } from "./errors.tsx";
import { notify } from "./notices.tsx";
import { PartTable } from "./part-table.tsx";
import { t } from "./sign-in-words.ts";

const queryKey = (administrator?: string) =>
	administrator ? ["deployment", "administrators", administrator, "sessions"] : ["account", "sessions"];

const whose = (administrator?: string) => (administrator ? { AdministratorId: administrator } : {});

/** The browsers in which an administrator is signed in, the newest first; without one it is the reader. */
export const useSessions = (administrator?: string) =>
	useQuery({
		queryKey: queryKey(administrator),
		queryFn: async () => (await call("ListSessions", whose(administrator))).Sessions?.toReversed() ?? [],
	});

/** Where an administrator, or the reader, is signed in, with a way to end it. */
export function Sessions(props: {
	administrator?: string;
	mayChange: boolean;
	/** What to call the browser of a User-Agent. */
	browser: (userAgent: string | undefined) => string;
}) {
	const { administrator, mayChange, browser } = props;
	const sessions = useSessions(administrator);
	const client = useQueryClient();
	const [busy, run] = useBusy();
	const problem = useProblem();
	const again = () => client.invalidateQueries({ queryKey: queryKey(administrator) });
	const revoke = (s: Session) =>
		run(async () => {
			problem.clear();
			try {
				await call("RevokeSession", { ...whose(administrator), SessionId: s.SessionId ?? "" });
				await again();
				notify({ type: "success", content: t("revoked") });
			} catch (error) {
				problem.fail(error);
				await again();
			}
		});
	const end = (s: Session) =>
		!s.Current && (
			<Button
				variant="inline-link"
				disabled={busy}
				ariaLabel={t("revokeOne", { address: s.SourceAddress ?? "", time: formatMoment(dateOf(s.CreatedDate)) })}
				onClick={() => void revoke(s)}
			>
				{t("revoke")}
			</Button>
		);
	return (
		<>
			{problem.rest && <Alert type="error">{problem.rest}</Alert>}
			<PartTable<Session>
				header={t("sessions")}
				description={t(administrator ? "sessionsTheirs" : "sessionsOwn")}
				items={sessions.data}
				error={sessions.error}
				again={() => void sessions.refetch()}
				id={(s) => s.SessionId ?? ""}
				empty={t(administrator ? "noSessionsTheirs" : "noSessionsOwn")}
				columns={[
					{
						id: "address",
						header: t("address"),
						isRowHeader: true,
						cell: (s) => (
							<>
								{s.SourceAddress} {s.Current && <StatusIndicator type="success">{t("thisOne")}</StatusIndicator>}
							</>
						),
					},
					{ id: "browser", header: t("browser"), cell: (s) => browser(s.UserAgent) },
					{ id: "signedIn", header: t("signedIn"), cell: (s) => formatMoment(dateOf(s.CreatedDate)) },
					{ id: "used", header: t("lastUsed"), cell: (s) => formatMoment(dateOf(s.LastUsedDate)) },
					{ id: "expires", header: t("expires"), cell: (s) => formatMoment(dateOf(s.ExpiresDate)) },
					...(mayChange ? [{ id: "actions", header: t("actions"), cell: end }] : []),
				]}
			/>
		</>
	);
}
