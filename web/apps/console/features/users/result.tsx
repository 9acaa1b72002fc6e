import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { call } from "@postroom/api";
import { ErrorBox, go, href, Screen } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { pageOf } from "./data.ts";
import { t } from "./words.ts";

/** What a new user is told: where mail programs connect, and as whom. */
export default function Result({ region, org, id }: { region: string; org: string; id: string }) {
	const user = useQuery({
		queryKey: [region, org, "user", id],
		queryFn: () => call("DescribeUser", { OrganizationId: org, UserId: id }, { region }),
	});
	const regions = useQuery({ queryKey: ["regions"], queryFn: () => call("ListRegions", {}), staleTime: 600_000 });
	if (user.error && !user.data) return <ErrorBox error={user.error} again={() => void user.refetch()} />;
	if (!user.data) return <Spinner size="large" />;
	const { Name = "", DisplayName = "", Email = "", UserRole } = user.data;
	const remote = UserRole === "REMOTE_USER";
	const ports = regions.data?.Regions?.find((r) => r.Name === region)?.ClientSettings ?? [];
	const lines: [string, string][] = [
		[t("displayName"), DisplayName],
		[t("email"), Email || t("none")],
		...(remote ? [] : [[t("signInName"), Email] as [string, string]]),
	];
	if (!remote)
		for (const p of ports)
			lines.push([
				t(p.Protocol === "IMAP" ? "incoming" : "outgoing", { protocol: p.Protocol ?? "" }),
				`${p.Host}, ${t("port")} ${p.Port}, ${p.Security}`,
			]);
	return (
		<Screen
			title={t("resultTitle", { name: Name })}
			actions={
				<SpaceBetween direction="horizontal" size="xs">
					<Button onClick={() => go(href(region, "o", org, "users"))}>{t("toUsers")}</Button>
					<Button onClick={() => go(href(region, "o", org, "users", "new"))}>{t("another")}</Button>
					<Button variant="primary" onClick={() => go(pageOf(region, org, id))}>
						{t("toUser")}
					</Button>
				</SpaceBetween>
			}
		>
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
									textToCopy={lines.map(([what, value]) => `${what}: ${value}`).join("\n")}
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
				<KeyValuePairs columns={2} items={lines.map(([label, value]) => ({ label, value: <bdi>{value}</bdi> }))} />
			</Container>
			{!remote && ports.length === 0 && regions.data && <Alert type="warning">{t("noClients")}</Alert>}
			{!remote && <Alert type="info">{t("resultPassword")}</Alert>}
		</Screen>
	);
}
