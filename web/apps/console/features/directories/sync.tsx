import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import {
	call,
	type DescribeDirectoryResponse,
	type DescribeDirectorySyncResponse,
	type DirectoryFault,
	dateOf,
} from "@postroom/api";
import { formatMoment, formatNumber } from "@postroom/i18n";
import { may } from "@postroom/session";
import {
	CliHint,
	ConfirmByName,
	cliCommand,
	DirectoryPhase,
	DirectoryReading,
	ErrorBox,
	explain,
	go,
	href,
	Link,
	notify,
	PartTable,
	useBusy,
	useDirectorySync,
} from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "./words.ts";

interface At {
	region: string;
	org: string;
}

/** How far the directory is followed, and what an administrator is asked about it. */
export default function Sync(props: At & { directory: DescribeDirectoryResponse }) {
	const { region, org } = props;
	const alias = props.directory.Alias ?? "";
	const found = useDirectorySync(props, true, true);
	const client = useQueryClient();
	const [busy, run] = useBusy();
	const sync = found.data;
	if (found.error && !sync) return <ErrorBox error={found.error} again={() => void found.refetch()} />;
	if (!sync) return <Spinner size="large" />;
	const look = () =>
		run(async () => {
			try {
				await call("SyncDirectory", { OrganizationId: org }, { region });
				await client.invalidateQueries({ queryKey: [region, org] });
				notify({ type: "info", content: t("looking") });
			} catch (error) {
				notify({ type: "error", content: explain(error) });
			}
		});
	return (
		<SpaceBetween size="l">
			<Trouble sync={sync} at={props} alias={alias} />
			<Container
				header={
					<Header
						variant="h2"
						description={t("syncHelp")}
						actions={
							may("SyncDirectory") && (
								<Button loading={busy} onClick={() => void look()}>
									{t("look")}
								</Button>
							)
						}
					>
						{t("syncTitle")}
					</Header>
				}
			>
				<SpaceBetween size="l">
					{sync.Phase === "READING" && <DirectoryReading sync={sync} />}
					<KeyValuePairs columns={4} items={facts(sync)} />
				</SpaceBetween>
			</Container>
			<Faults sync={sync} at={props} again={() => void found.refetch()} />
			<CliHint
				commands={[
					cliCommand(region, "DescribeDirectorySync", { OrganizationId: org }),
					cliCommand(region, "SyncDirectory", { OrganizationId: org }),
				]}
			/>
		</SpaceBetween>
	);
}

function lag(seconds: number): string {
	if (seconds < 120) return t("seconds", { count: seconds });
	if (seconds < 7200) return t("minutes", { count: Math.round(seconds / 60) });
	return t("hours", { count: Math.round(seconds / 3600) });
}

const facts = (s: DescribeDirectorySyncResponse) => [
	{ label: t("phase"), value: s.Phase && <DirectoryPhase phase={s.Phase} /> },
	{ label: t("lastSync"), value: formatMoment(dateOf(s.LastSyncDate)) },
	{ label: t("lag"), value: s.LastSyncDate ? lag(s.LagSeconds ?? 0) : t("none") },
	{ label: t("lastFull"), value: formatMoment(dateOf(s.LastFullDate)) },
	{ label: t("users"), value: formatNumber(s.Users ?? 0) },
	{ label: t("groups"), value: formatNumber(s.Groups ?? 0) },
	{ label: t("faults"), value: formatNumber(s.FaultCount ?? 0) },
	{ label: t("writable"), value: t(s.Writable ? "yes" : "no") },
];

/** Why it is not followed, and the question whether so many shall go. */
function Trouble({ sync, at, alias }: { sync: DescribeDirectorySyncResponse; at: At; alias: string }) {
	const [asking, setAsking] = useState(false);
	const held = sync.HeldCount ?? 0;
	const numbers = { count: held, users: sync.HeldUserCount ?? 0 };
	return (
		<>
			{sync.Phase === "FAILING" && (
				<Alert
					type="error"
					header={t("failing")}
					action={<Button onClick={() => go(window.location.pathname)}>{t("toTest")}</Button>}
				>
					<SpaceBetween size="xs">
						<div>{sync.Error}</div>
						<div>{t("failingSince", { time: formatMoment(dateOf(sync.FailingSince)) })}</div>
					</SpaceBetween>
				</Alert>
			)}
			{held > 0 && (
				<Alert
					type="warning"
					header={t("held", { count: numbers.users, users: formatNumber(numbers.users) })}
					action={
						may("ConfirmDirectoryChanges") &&
						!sync.Confirmed && <Button onClick={() => setAsking(true)}>{t("letGo")}</Button>
					}
				>
					<SpaceBetween size="xs">
						<div>
							{sync.Confirmed
								? t("letGoRunning")
								: t("heldHelp", { ...numbers, time: formatMoment(dateOf(sync.HeldSinceDate)) })}
						</div>
						<Names sync={sync} />
					</SpaceBetween>
				</Alert>
			)}
			{asking && <LetGo at={at} alias={alias} {...numbers} sync={sync} close={() => setAsking(false)} />}
		</>
	);
}

function Names({ sync }: { sync: DescribeDirectorySyncResponse }) {
	const names = sync.HeldNames ?? [];
	const more = (sync.HeldCount ?? 0) - names.length;
	return <div>{t(more > 0 ? "heldMore" : "heldNames", { names: names.join(", "), count: more })}</div>;
}

/** Asks for the number of those who go, which the server compares with what it holds. */
function LetGo(props: {
	at: At;
	alias: string;
	count: number;
	users: number;
	sync: DescribeDirectorySyncResponse;
	close: () => void;
}) {
	const { region, org } = props.at;
	// As it was when it was asked for: the number must not change while it is typed.
	const [{ count, users, sync }] = useState(props);
	const client = useQueryClient();
	const confirm = async () => {
		try {
			await call("ConfirmDirectoryChanges", { OrganizationId: org, Number: count }, { region });
		} finally {
			await client.invalidateQueries({ queryKey: [region, org] });
		}
		notify({ type: "success", content: t("letGoDone", { count }) });
	};
	return (
		<ConfirmByName
			header={t("letGoHeader", { count })}
			name={String(count)}
			button={t("letGo")}
			action={confirm}
			close={props.close}
		>
			<SpaceBetween size="s">
				<Box variant="p">{t("letGoHelp", { count, users })}</Box>
				<Names sync={sync} />
				<CliHint commands={[cliCommand(region, "ConfirmDirectoryChanges", { OrganizationId: org, Number: count })]} />
			</SpaceBetween>
		</ConfirmByName>
	);
}

const pages = { USER: "users", GROUP: "groups", RESOURCE: "resources" } as const;

function Faults({ sync, at, again }: { sync: DescribeDirectorySyncResponse; at: At; again: () => void }) {
	const list = sync.Faults ?? [];
	const all = sync.FaultCount ?? 0;
	return (
		<PartTable<DirectoryFault>
			header={t("faults")}
			description={
				all > list.length
					? t("faultsMore", { count: formatNumber(list.length), all: formatNumber(all) })
					: t("faultsHelp")
			}
			items={list}
			again={again}
			id={(f) => f.Key ?? f.Name ?? ""}
			empty={t("faultsNone")}
			columns={[
				{
					id: "name",
					header: t("name"),
					isRowHeader: true,
					cell: (f) =>
						f.EntityId && f.Type ? (
							<Link href={href(at.region, "o", at.org, pages[f.Type], f.EntityId)}>{f.Name || f.EntityId}</Link>
						) : (
							(f.Name ?? f.Key)
						),
				},
				{ id: "type", header: t("type"), cell: (f) => (f.Type ? t(f.Type) : t("none")) },
				{ id: "fault", header: t("fault"), cell: (f) => f.Text },
			]}
		/>
	);
}
