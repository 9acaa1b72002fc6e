import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { call, dateOf, type SignInRecord } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { CliHint, cliCommand } from "@postroom/ui";
import { PagedTable, rows, usePaged } from "./paged.tsx";
import type { Seen, Where } from "./user.ts";
import { t } from "./words.ts";

/** The tab Sign-ins: from where the user came in, or did not. */
export default function SignIns({ where, seen }: { where: Where; seen: Seen }) {
	const { region, org } = where;
	const input = { OrganizationId: org, EntityId: seen.user.UserId ?? where.id };
	const list = usePaged<SignInRecord>(
		"signins",
		[region, org, "user", where.id, "sign-ins"],
		async (NextToken, signal) => {
			const page = await call("ListSignIns", { ...input, NextToken, MaxResults: rows }, { region, signal });
			return { items: page.SignIns ?? [], next: page.NextToken };
		},
	);
	return (
		<SpaceBetween size="l">
			<PagedTable<SignInRecord>
				header={t("signIns")}
				description={t("signInsHelp")}
				list={list}
				id={(s) => [s.Time, s.Protocol, s.SourceAddress, s.Succeeded, s.Reason].join()}
				empty={t("signInsNone")}
				columns={[
					{ id: "time", header: t("time"), isRowHeader: true, minWidth: 160, cell: (s) => <Moment record={s} /> },
					{ id: "protocol", header: t("protocol"), cell: (s) => s.Protocol },
					{ id: "source", header: t("source"), cell: (s) => s.SourceAddress || "–" },
					{
						id: "outcome",
						header: t("outcome"),
						minWidth: 150,
						cell: (s) =>
							s.Succeeded ? (
								<StatusIndicator>{t("signedIn")}</StatusIndicator>
							) : (
								<StatusIndicator type="error">{s.Reason ? t(s.Reason) : t("signInRefused")}</StatusIndicator>
							),
					},
				]}
			/>
			<CliHint commands={[cliCommand(region, "ListSignIns", input)]} />
		</SpaceBetween>
	);
}

/** Like ones that came together are one row, with how many and since when. */
function Moment({ record }: { record: SignInRecord }) {
	const time = formatMoment(dateOf(record.Time));
	if ((record.Count ?? 1) < 2) return time;
	return t("signInsMany", { time, count: record.Count ?? 1, first: formatMoment(dateOf(record.FirstTime)) });
}
