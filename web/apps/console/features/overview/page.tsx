import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { type DescribeOrganizationResponse, dateOf, organizationQuestion } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { may } from "@postroom/session";
import {
	CliHint,
	Copyable,
	cliCommand,
	ErrorBox,
	go,
	href,
	isForeign,
	late,
	OrganizationState,
	Screen,
} from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { ClientSettings } from "./clients.tsx";
import { DirectoryFact, DirectoryNews, ToDirectory } from "./directory.tsx";
import { FindAddress } from "./find-address.tsx";
import { FirstSteps } from "./steps.tsx";
import { t } from "./words.ts";

const Pictures = late(() => import("./pictures.tsx"));

/** The first page of an organization: what it is, what is left to do, how it is used. */
export default function Overview({ region, org }: { region: string; org: string }) {
	const found = useQuery({
		...organizationQuestion({ region, org }),
		refetchInterval: ({ state }) =>
			["Requested", "Creating", "Deleting", "Impaired"].includes(state.data?.State ?? "") ? 2000 : false,
	});
	const o = found.data;
	const serves = o?.State === "Active" || o?.State === "Impaired";
	return (
		<Screen
			title={o?.Alias ?? t("title")}
			actions={
				may("DeleteOrganization") &&
				o &&
				o.State !== "Deleting" && (
					// The list has the question, and shows afterwards how it goes.
					<Button onClick={() => go(`${href(region, "organizations")}?delete=${org}`)}>{t("delete")}</Button>
				)
			}
		>
			{found.error && !o ? (
				<ErrorBox error={found.error} again={() => void found.refetch()} />
			) : !o ? (
				<Spinner size="large" />
			) : (
				<SpaceBetween size="l">
					<Trouble o={o} region={region} />
					{serves && isForeign(o) && <DirectoryNews region={region} org={org} o={o} />}
					{serves && (
						<FirstSteps region={region} org={org} defaultDomain={o.DefaultMailDomain ?? ""} foreign={isForeign(o)} />
					)}
					<Details o={o} region={region} org={org} />
					{serves && (
						<Grid gridDefinition={[{ colspan: { default: 12, s: 7 } }, { colspan: { default: 12, s: 5 } }]}>
							<ClientSettings region={region} />
							<FindAddress region={region} org={org} domain={o.DefaultMailDomain ?? ""} />
						</Grid>
					)}
					{serves && may("GetStatistics") && <Pictures region={region} org={org} />}
				</SpaceBetween>
			)}
			<CliHint
				commands={[
					cliCommand(region, "DescribeOrganization", { OrganizationId: org }),
					...(may("GetStatistics")
						? [cliCommand(region, "GetStatistics", { OrganizationId: org, Period: "WEEK" })]
						: []),
				]}
			/>
		</Screen>
	);
}

function Trouble({ o, region }: { o: DescribeOrganizationResponse; region: string }) {
	if (o.State === "Deleting" || o.State === "Deleted") return <Alert type="warning">{t("deleting")}</Alert>;
	if (o.State === "Failed")
		return (
			<Alert type="error" header={t("failed")}>
				{o.ErrorMessage}
			</Alert>
		);
	if (o.State === "Impaired")
		return (
			<Alert type="warning" header={t("impaired")}>
				{o.ErrorMessage} {isForeign(o) && <ToDirectory region={region} o={o} />}
			</Alert>
		);
	return null;
}

function Details({ o, region, org }: { o: DescribeOrganizationResponse; region: string; org: string }) {
	return (
		<Container header={<Header variant="h2">{t("details")}</Header>}>
			<SpaceBetween size="l">
				<KeyValuePairs
					columns={3}
					items={[
						{ label: t("alias"), value: o.Alias },
						{
							label: t("state"),
							value: <OrganizationState state={o.State} />,
						},
						{ label: t("domain"), value: o.DefaultMailDomain },
						{ label: t("made"), value: formatMoment(dateOf(o.CompletedDate)) },
						{
							label: t("directory"),
							value: isForeign(o) ? (
								<DirectoryFact region={region} org={org} o={o} />
							) : (
								t("directoryBuiltIn", { id: o.DirectoryId ?? "" })
							),
						},
					]}
				/>
				<KeyValuePairs
					items={[
						{ label: t("id"), value: <Copyable value={o.OrganizationId ?? ""} label={t("id")} /> },
						{ label: t("arn"), value: <Copyable value={o.ARN ?? ""} label={t("arn")} /> },
					]}
				/>
			</SpaceBetween>
		</Container>
	);
}
