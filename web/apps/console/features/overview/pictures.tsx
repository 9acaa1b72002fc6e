import BarChart from "@cloudscape-design/components/bar-chart";
import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import LineChart from "@cloudscape-design/components/line-chart";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call, dateOf, type StatisticsName, type StatisticsPeriod, type StatisticsSeries } from "@postroom/api";
import { formatBytes, formatNumber, formatTick } from "@postroom/i18n";
import { ErrorBox, useQuery as usePart } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { t } from "./words.ts";

const periods: readonly StatisticsPeriod[] = ["DAY", "WEEK", "MONTH"];

/** Mail, sign-ins, storage and users over time, as the server counted them. */
export default function Pictures({ region, org }: { region: string; org: string }) {
	const [asked, setAsked] = usePart("period", "WEEK", periods);
	const period = asked as StatisticsPeriod;
	const found = useQuery({
		queryKey: [region, org, "statistics", period],
		queryFn: () => call("GetStatistics", { OrganizationId: org, Period: period }, { region, polled: true }),
		refetchInterval: 60_000,
		placeholderData: (before) => before,
	});
	const series = found.data?.Series ?? [];
	// By what is shown, which may still be the period before.
	const daily = series.every((s) => s.Points?.every((p) => (p.Time ?? 0) % 86_400 === 0));
	const common = { daily, loading: found.isLoading, all: series };
	return (
		<SpaceBetween size="l">
			<Header
				variant="h2"
				actions={
					<SegmentedControl
						selectedId={period}
						label={t("period")}
						options={periods.map((id) => ({ id, text: t(id) }))}
						onChange={(event) => setAsked(event.detail.selectedId)}
					/>
				}
			>
				{t("pictures")}
			</Header>
			{found.error && !found.data ? (
				<ErrorBox error={found.error} again={() => void found.refetch()} />
			) : (
				<ColumnLayout columns={2} minColumnWidth={300}>
					<Picture {...common} title={t("mail")} help={t("mailHelp")} names={["MAIL_IN", "MAIL_OUT", "MAIL_REFUSED"]} />
					<Picture {...common} title={t("signIns")} help={t("signInsHelp")} names={["SIGN_INS", "SIGN_INS_REFUSED"]} />
					<Picture
						{...common}
						title={t("storageOver")}
						help={found.data?.Usage ? formatBytes(found.data.Usage.StorageUsed ?? 0) : ""}
						names={["STORAGE_USED"]}
						level
						format={formatBytes}
						least={4096}
					/>
					<Picture
						{...common}
						title={t("usersOver")}
						help={found.data?.Usage ? formatNumber(found.data.Usage.UsersEnabled ?? 0) : ""}
						names={["USERS_ENABLED"]}
						level
					/>
				</ColumnLayout>
			)}
		</SpaceBetween>
	);
}

/** Midnight here of the day that it is in UTC: the server counts by these, and the axis is of the reader's zone. */
const dayOf = (d: Date): Date => new Date(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate());

/** Colours keep their meaning from picture to picture. */
const colors: Partial<Record<StatisticsName, string>> = {
	MAIL_REFUSED: "var(--color-charts-status-high-8hyjnp, #ba2e0f)",
	SIGN_INS_REFUSED: "var(--color-charts-status-high-8hyjnp, #ba2e0f)",
};

function Picture(props: {
	title: string;
	help: string;
	names: readonly StatisticsName[];
	all: readonly StatisticsSeries[];
	/** A point is a day, and not some hours. */
	daily: boolean;
	loading: boolean;
	/** A level that stands, such as storage; else counts of an interval. */
	level?: boolean;
	format?: (n: number) => string;
	/** The axis reaches this at least, so that its steps are whole numbers. */
	least?: number;
}) {
	const format = props.format ?? formatNumber;
	const at = (time: number | undefined): Date => {
		const moment = dateOf(time) ?? new Date(0);
		return props.daily ? dayOf(moment) : moment;
	};
	const chosen = props.names.map((name) => ({
		name,
		points: (props.all.find((s) => s.Name === name)?.Points ?? []).map((p) => ({
			x: at(p.Time),
			y: p.Value ?? 0,
		})),
	}));
	const points = chosen.flatMap((s) => s.points);
	// Bars stand on each other, lines do not.
	const heights = new Map<number, number>();
	for (const p of points) {
		const time = p.x.getTime();
		heights.set(time, props.level ? Math.max(heights.get(time) ?? 0, p.y) : (heights.get(time) ?? 0) + p.y);
	}
	const highest = Math.max(props.least ?? 4, ...heights.values()) * 1.05;
	// A line begins with its second point.
	const drawn = props.level ? points.length > 1 : points.some((p) => p.y > 0);
	const sum = (s: (typeof chosen)[number]) => s.points.reduce((a, p) => a + p.y, 0);
	const title = (s: (typeof chosen)[number]) => (props.level ? t(s.name) : `${t(s.name)} (${formatNumber(sum(s))})`);
	const common = {
		height: 180,
		hideFilter: true,
		ariaLabel: props.title,
		yTickFormatter: format,
		yDomain: [0, highest] as [number, number],
		statusType: props.loading ? ("loading" as const) : ("finished" as const),
		loadingText: t("loading"),
		empty: (
			<Box textAlign="center" color="text-body-secondary">
				{t(points.length === 1 && props.level ? "onePoint" : "noPoints")}
			</Box>
		),
		i18nStrings: {
			xTickFormatter: (d: Date) => formatTick(d, props.daily ? "day" : "hour"),
			chartAriaRoleDescription: props.title,
		},
		xTitle: "",
		yTitle: "",
	};
	return (
		<Container
			header={
				<Header variant="h3" description={props.help}>
					{props.title}
				</Header>
			}
		>
			{props.level ? (
				<LineChart<Date>
					{...common}
					xScaleType="time"
					hideLegend
					series={
						!drawn
							? []
							: chosen.map((s) => ({
									type: "line" as const,
									title: title(s),
									data: s.points,
									valueFormatter: format,
								}))
					}
				/>
			) : (
				<BarChart<Date>
					{...common}
					xScaleType="categorical"
					stackedBars
					series={
						!drawn
							? []
							: chosen.map((s) => ({
									type: "bar" as const,
									title: title(s),
									data: s.points,
									valueFormatter: format,
									...(colors[s.name] ? { color: colors[s.name] as string } : {}),
								}))
					}
				/>
			)}
		</Container>
	);
}
