import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Table from "@cloudscape-design/components/table";
import type { ClientSetting } from "@postroom/api";
import { useNarrow } from "./narrow.ts";
import { t } from "./words.ts";

const purpose = (c: ClientSetting) => t(c.Protocol === "IMAP" ? "clientImap" : "clientSmtp");
/** As mail programs call it. */
const encryption = (c: ClientSetting) => t(c.Security === "TLS" ? "clientTls" : "clientStarttls");
const at = (c: ClientSetting) =>
	t("clientAt", { host: c.Host ?? "", port: String(c.Port ?? ""), encryption: encryption(c) });

/** The settings as lines to hand over. */
export const clientSettingsText = (settings: readonly ClientSetting[]): string =>
	settings.map((c) => `${purpose(c)}: ${at(c)}`).join("\n");

/** What a mail program is told: a table, on a phone a list. */
export function ClientSettingsTable({ settings }: { settings: readonly ClientSetting[] | undefined }) {
	const narrow = useNarrow();
	if (narrow && settings && settings.length > 0)
		return <KeyValuePairs columns={1} items={settings.map((c) => ({ label: purpose(c), value: at(c) }))} />;
	return (
		<Table<ClientSetting>
			variant="embedded"
			wrapLines
			items={settings ?? []}
			trackBy={(c) => String(c.Port)}
			loading={!settings}
			loadingText={t("loading")}
			empty={t("clientNone")}
			ariaLabels={{ tableLabel: t("clientTable") }}
			columnDefinitions={[
				{ id: "for", header: t("clientFor"), cell: purpose, isRowHeader: true },
				{ id: "host", header: t("clientHost"), cell: (c) => c.Host },
				{ id: "port", header: t("clientPort"), cell: (c) => c.Port },
				{ id: "encryption", header: t("clientEncryption"), cell: encryption },
			]}
		/>
	);
}
