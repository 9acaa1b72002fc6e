import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { call } from "@postroom/api";
import { formatBytes, formatNumber } from "@postroom/i18n";
import { may } from "@postroom/session";
import { CliHint, cliCommand, ErrorBox, lateDialog } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { readUser, type Seen, type Where } from "./user.ts";
import { t } from "./words.ts";

const EditQuota = lateDialog(() => import("./edit-quota.tsx"));

const megabyte = 1024 * 1024;

/** From this share on the user is warned. */
const warned = 90;

export interface Room {
	/** In megabytes. */
	quota: number;
	/** In megabytes. */
	used: number;
	/** The user's revision, read before the quota. */
	tag: string;
}

export async function readRoom(where: Where, signal?: AbortSignal): Promise<Room> {
	const { region, org, id } = where;
	const { tag } = await readUser(where, signal);
	const options = { region, ...(signal ? { signal } : {}) };
	const details = await call("GetMailboxDetails", { OrganizationId: org, UserId: id }, options);
	return { quota: details.MailboxQuota ?? 0, used: details.MailboxSize ?? 0, tag };
}

/** The tab Quota: how much room the mailbox has, and how much is used. */
export default function Quota({ where, seen }: { where: Where; seen: Seen }) {
	const { region, org } = where;
	const id = seen.user.UserId ?? where.id;
	const [editing, setEditing] = useState(false);
	const room = useQuery({
		queryKey: [region, org, "user", where.id, "room"],
		queryFn: ({ signal }) => readRoom({ region, org, id }, signal),
	});
	if (room.error && !room.data)
		return <ErrorBox header={t("quota")} error={room.error} again={() => void room.refetch()} />;
	if (!room.data) return <Spinner size="large" />;
	const { quota, used } = room.data;
	const share = quota > 0 ? Math.min(100, (100 * used) / quota) : 100;
	const [whole, exact] = [formatBytes(quota * megabyte), `${formatNumber(quota)} MB`];
	const words = { used: formatBytes(used * megabyte), whole: whole === exact ? whole : `${whole} (${exact})` };
	return (
		<SpaceBetween size="l">
			<Container
				header={
					<Header
						variant="h2"
						actions={
							<SpaceBetween direction="horizontal" size="xs">
								<Button
									iconName="refresh"
									ariaLabel={t("refresh")}
									loading={room.isFetching}
									onClick={() => void room.refetch()}
								/>
								{may("UpdateMailboxQuota") && <Button onClick={() => setEditing(true)}>{t("edit")}</Button>}
							</SpaceBetween>
						}
					>
						{t("quota")}
					</Header>
				}
			>
				<SpaceBetween size="m">
					<ProgressBar
						value={Math.round(share)}
						label={t("quotaUsed")}
						additionalInfo={t("quotaOf", words)}
						description={t("quotaHelp", { share: warned })}
					/>
					{used > quota ? (
						<Alert type="warning">{t("quotaOver")}</Alert>
					) : (
						share >= warned && <Alert type="warning">{t("quotaNear")}</Alert>
					)}
				</SpaceBetween>
			</Container>
			<CliHint commands={[cliCommand(region, "GetMailboxDetails", { OrganizationId: org, UserId: id })]} />
			{editing && (
				<EditQuota where={{ region, org, id }} seen={seen} room={room.data} close={() => setEditing(false)} />
			)}
		</SpaceBetween>
	);
}
