import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import TextContent from "@cloudscape-design/components/text-content";
import { formatNumber } from "@postroom/i18n";
import { useStacked } from "@postroom/ui";
import { mostFaults } from "./import-check.ts";
import type { Fault } from "./import-rows.ts";
import { t } from "./words.ts";

/** The lines that cannot be imported, with what is wrong in each. */
export function Faults({ faults }: { faults: readonly Fault[] }) {
	const stacked = useStacked();
	return (
		<Table
			variant="embedded"
			wrapLines
			header={
				<Header variant="h3" counter={`(${formatNumber(faults.length)})`}>
					{t("faults")}
				</Header>
			}
			items={faults.slice(0, mostFaults)}
			trackBy={(f) => String(f.line)}
			columnDefinitions={stacked<Fault>([
				{ id: "line", header: t("line"), cell: (f) => f.line, isRowHeader: true },
				{ id: "name", header: t("name"), cell: (f) => <bdi>{f.name || t("none")}</bdi> },
				{ id: "reason", header: t("reason"), cell: (f) => <Reasons reasons={f.reasons} /> },
			])}
			{...(faults.length > mostFaults ? { footer: t("faultsMore", { count: faults.length - mostFaults }) } : {})}
			ariaLabels={{ tableLabel: t("faults") }}
		/>
	);
}

function Reasons({ reasons }: { reasons: readonly string[] }) {
	if (reasons.length < 2) return <div>{reasons[0]}</div>;
	return (
		<TextContent>
			<ul>
				{reasons.map((reason) => (
					<li key={reason}>{reason}</li>
				))}
			</ul>
		</TextContent>
	);
}
