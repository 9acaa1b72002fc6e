import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { call } from "@postroom/api";
import {
	ClientSettingsTable,
	CliHint,
	Copyable,
	cliCommand,
	clientSettingsText,
	ErrorBox,
	go,
	href,
	isMissing,
	Missing,
	Paper,
	Screen,
} from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { pageOf } from "./data.ts";
import { t } from "./words.ts";

/** A user that was made here, with the password to hand over. */
export interface Handed {
	id: string;
	name: string;
	password: string;
	taken: boolean;
}

/** What a new user is told: where mail programs connect, and as whom. */
export default function Result(props: {
	region: string;
	org: string;
	id: string;
	/** As they were set a moment ago; nobody knows them after a reload. */
	handed: readonly Handed[];
	/** A password was copied. */
	taken: (id: string) => void;
	/** The reader goes on to the next user. */
	forget: () => void;
}) {
	const { region, org, id, handed } = props;
	const password = handed.some((h) => h.id === id);
	const user = useQuery({
		queryKey: [region, org, "user-made", id],
		queryFn: () => call("DescribeUser", { OrganizationId: org, UserId: id }, { region }),
	});
	const regions = useQuery({ queryKey: ["regions"], queryFn: () => call("ListRegions", {}), staleTime: 600_000 });
	if (isMissing(user.error))
		return (
			<Missing
				title={t("gone")}
				help={t("goneHelp")}
				to={{ text: t("toUsers"), href: href(region, "o", org, "users") }}
			/>
		);
	if (user.error && !user.data)
		return <ErrorBox page={t("createTitle")} error={user.error} again={() => void user.refetch()} />;
	if (!user.data) return <Spinner size="large" />;
	const { Name = "", DisplayName = "", Email = "", UserRole } = user.data;
	const remote = UserRole === "REMOTE_USER";
	const ports = regions.data?.Regions?.find((r) => r.Name === region)?.ClientSettings ?? [];
	const about: [string, string][] = [
		[t("displayName"), DisplayName],
		[t("email"), Email || t("none")],
	];
	if (!remote) about.push([t("signInName"), Email]);
	// Without the password, which goes another way.
	const text = [
		...about.map(([what, value]) => `${what}: ${value}`),
		...(remote ? [] : [clientSettingsText(ports)]),
	].join("\n");
	return (
		<Screen
			title={t("resultTitle", { name: Name })}
			arrived
			step={t("createTitle")}
			actions={
				<SpaceBetween direction="horizontal" size="xs">
					<Button onClick={() => go(href(region, "o", org, "users"))}>{t("toUsers")}</Button>
					<Button onClick={() => go(href(region, "o", org, "users", "new"), { left: props.forget })}>
						{t("another")}
					</Button>
					<Button variant="primary" onClick={() => go(pageOf(region, org, id))}>
						{t("toUser")}
					</Button>
				</SpaceBetween>
			}
		>
			<Paper title={t("resultTitle", { name: Name })} text={text} />
			<Alert type="success">{t(remote ? "resultRemote" : "resultMailbox")}</Alert>
			<Container
				header={
					<Header
						variant="h2"
						actions={
							<SpaceBetween direction="horizontal" size="xs">
								<CopyToClipboard
									copyButtonText={t("copyAll")}
									copySuccessText={t("copied")}
									copyErrorText={t("copyFailed")}
									textToCopy={text}
								/>
								<Button iconName="file" onClick={() => window.print()}>
									{t("print")}
								</Button>
							</SpaceBetween>
						}
					>
						{t("resultSettings")}
					</Header>
				}
			>
				<SpaceBetween size="l">
					<KeyValuePairs
						columns={3}
						items={[
							...about.map(([label, value]) => ({ label, value: <bdi>{value}</bdi> })),
							// Those of users made before are nowhere else any more.
							...handed.map((h) => {
								const label = h.id === id ? t("password") : t("passwordOf", { name: h.name });
								return { label, value: <Copyable value={h.password} label={label} copied={() => props.taken(h.id)} /> };
							}),
						]}
					/>
					{!remote && <ClientSettingsTable settings={regions.data ? ports : undefined} />}
				</SpaceBetween>
			</Container>
			{!remote && <Alert type="info">{t(password ? "resultPasswordShown" : "resultPassword")}</Alert>}
			<CliHint commands={[cliCommand(region, "DescribeUser", { OrganizationId: org, UserId: id })]} />
		</Screen>
	);
}
