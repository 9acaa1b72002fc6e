import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { type ClientSetting, call } from "@postroom/api";
import { useQuery } from "@tanstack/react-query";
import { t } from "./words.ts";

const purpose = (c: ClientSetting) => t(c.Protocol === "IMAP" ? "imap" : "smtp");
const security = (c: ClientSetting) => t(c.Security === "TLS" ? "tls" : "starttls");

/** What to hand over to who sets up a mail program. */
export function ClientSettings({ region }: { region: string }) {
	const { data } = useQuery({ queryKey: ["regions"], queryFn: () => call("ListRegions", {}), staleTime: 600_000 });
	const settings = data?.Regions?.find((r) => r.Name === region)?.ClientSettings ?? [];
	const text = [
		...settings.map((c) => `${purpose(c)}: ${c.Host}, ${t("port")} ${c.Port}, ${security(c)}`),
		t("clientUser"),
	].join("\n");
	const header = (
		<Header
			variant="h2"
			description={t("clientsHelp")}
			actions={
				settings.length > 0 && (
					<CopyToClipboard
						variant="button"
						copyButtonText={t("copyAll")}
						textToCopy={text}
						copySuccessText={t("copied")}
						copyErrorText={t("copyFailed")}
					/>
				)
			}
		>
			{t("clients")}
		</Header>
	);
	if (data && settings.length === 0)
		return (
			<Container header={header}>
				<Box color="text-body-secondary">{t("clientsNone")}</Box>
			</Container>
		);
	return (
		<Table<ClientSetting>
			variant="container"
			wrapLines
			header={header}
			items={settings}
			loading={!data}
			loadingText={t("loading")}
			ariaLabels={{ tableLabel: t("clients") }}
			columnDefinitions={[
				{ id: "for", header: t("protocol"), cell: purpose, isRowHeader: true },
				{ id: "host", header: t("host"), cell: (c) => c.Host },
				{ id: "port", header: t("port"), cell: (c) => c.Port },
				{ id: "security", header: t("security"), cell: security },
			]}
		/>
	);
}
