import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import { call } from "@postroom/api";
import { ClientSettingsTable, clientSettingsText } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { t } from "./words.ts";

/** What to hand over to who sets up a mail program. */
export function ClientSettings({ region }: { region: string }) {
	const { data } = useQuery({ queryKey: ["regions"], queryFn: () => call("ListRegions", {}), staleTime: 600_000 });
	const settings = data?.Regions?.find((r) => r.Name === region)?.ClientSettings ?? [];
	const text = `${clientSettingsText(settings)}\n${t("clientUser")}`;
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
	return (
		<Container header={header}>
			<ClientSettingsTable settings={data ? settings : undefined} />
		</Container>
	);
}
