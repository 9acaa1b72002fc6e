import Alert from "@cloudscape-design/components/alert";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Table from "@cloudscape-design/components/table";
import { ApiError, call, type DnsRecord, type GetMailDomainResponse } from "@postroom/api";
import { may } from "@postroom/session";
import {
	CliHint,
	Copyable,
	cliCommand,
	ErrorBox,
	explain,
	href,
	isMissing,
	lateDialog,
	Missing,
	notify,
	Screen,
	useBusy,
	useStacked,
} from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { domainQuery, makeDefault, notDefault, notRemovable, Ownership } from "./state.tsx";
import { t } from "./words.ts";
import { type Group, groups, zoneFile } from "./zone.ts";

const RemoveDomain = lateDialog(() => import("./remove.tsx"));

/** A domain: how far its ownership is proven, and the DNS records to set. */
export default function DomainPage({ region, org, id: name }: { region: string; org: string; id: string }) {
	const client = useQueryClient();
	const found = useQuery({
		...domainQuery(region, org, name),
		// The server looks on its own; who waits here sees it.
		refetchInterval: ({ state }) => (state.data?.output.OwnershipVerificationStatus === "PENDING" ? 30_000 : false),
	});
	const [removing, setRemoving] = useState(false);
	const [checking, runCheck] = useBusy();
	const [busy, run] = useBusy();
	const d = found.data?.output;
	const again = () => client.invalidateQueries({ queryKey: [region, org] });
	const check = () =>
		runCheck(async () => {
			try {
				const answer = await call("VerifyMailDomain", { OrganizationId: org, DomainName: name }, { region });
				const proven = answer.OwnershipVerificationStatus === "VERIFIED";
				notify({
					id: `check-${name}`,
					type: proven ? "success" : "info",
					content: t(proven ? "seen" : "notSeen", { domain: name }),
				});
			} catch (error) {
				notify({ id: `check-${name}`, type: "error", content: explain(error) });
			}
			await again();
		});
	const setDefault = () =>
		run(async () => {
			try {
				await makeDefault(region, org, name, found.data?.etag);
				// What is told is what the page shows by then.
				await again();
				notify({ type: "success", content: t("defaultSet", { domain: name }) });
			} catch (error) {
				const late = error instanceof ApiError && error.code === "ConflictException";
				await again();
				notify({ type: "error", content: late ? t("changed", { domain: name }) : explain(error) });
			}
		});
	if (isMissing(found.error))
		return (
			<Missing
				title={t("gone", { domain: name })}
				help={t("goneHelp")}
				to={{ text: t("toDomains"), href: href(region, "o", org, "domains") }}
			/>
		);
	return (
		<Screen
			title={name}
			actions={
				d && (
					<SpaceBetween direction="horizontal" size="xs">
						{may("VerifyMailDomain") && d.OwnershipVerificationStatus !== "VERIFIED" && (
							<Button loading={checking} onClick={() => void check()}>
								{t("check")}
							</Button>
						)}
						{may("UpdateDefaultMailDomain") && (
							<Button
								loading={busy}
								disabled={notDefault(d, d.OwnershipVerificationStatus) !== undefined}
								disabledReason={notDefault(d, d.OwnershipVerificationStatus)}
								onClick={() => void setDefault()}
							>
								{t("setDefault")}
							</Button>
						)}
						{may("DeregisterMailDomain") && (
							<Button
								disabled={notRemovable(d) !== undefined}
								disabledReason={notRemovable(d)}
								onClick={() => setRemoving(true)}
							>
								{t("remove")}
							</Button>
						)}
					</SpaceBetween>
				)
			}
		>
			{found.error && !d ? (
				<ErrorBox error={found.error} again={() => void found.refetch()} />
			) : !d ? (
				<Spinner size="large" />
			) : (
				<Records name={name} d={d} />
			)}
			{removing && <RemoveDomain region={region} org={org} name={name} close={() => setRemoving(false)} />}
			<CliHint
				commands={[
					cliCommand(region, "GetMailDomain", { OrganizationId: org, DomainName: name }),
					cliCommand(region, "VerifyMailDomain", { OrganizationId: org, DomainName: name }),
					cliCommand(region, "UpdateDefaultMailDomain", { OrganizationId: org, DomainName: name }),
				]}
			/>
		</Screen>
	);
}

function Records({ name, d }: { name: string; d: GetMailDomainResponse }) {
	const records = d.Records ?? [];
	const zone = zoneFile(records);
	return (
		<SpaceBetween size="l">
			<SpaceBetween direction="horizontal" size="s">
				<Ownership status={d.OwnershipVerificationStatus} />
				{d.IsDefault && <Badge color="blue">{t("default")}</Badge>}
				{d.IsTestDomain && <Badge>{t("test")}</Badge>}
			</SpaceBetween>
			{d.IsTestDomain ? (
				<Alert type="info">{t("testText")}</Alert>
			) : (
				d.OwnershipVerificationStatus !== "VERIFIED" && (
					<Alert type={d.OwnershipVerificationStatus === "FAILED" ? "warning" : "info"}>
						{t(d.OwnershipVerificationStatus === "FAILED" ? "failedText" : "pendingText", { domain: name })}
					</Alert>
				)
			)}
			{groups(name, records).map(([group, list]) => (
				<GroupTable key={group} group={group} records={list} status={d.OwnershipVerificationStatus} />
			))}
			<ExpandableSection
				variant="container"
				headerText={t("zone")}
				headerDescription={t("zoneHelp")}
				headerActions={
					<CopyToClipboard
						variant="button"
						copyButtonText={t("copyAll")}
						textToCopy={zone}
						copySuccessText={t("copied")}
						copyErrorText={t("copyFailed")}
					/>
				}
			>
				<Box variant="pre">{zone}</Box>
			</ExpandableSection>
			{!d.IsTestDomain && <Box color="text-body-secondary">{t("addresses", { domain: name })}</Box>}
		</SpaceBetween>
	);
}

function GroupTable(props: {
	group: Group;
	records: DnsRecord[];
	status: GetMailDomainResponse["OwnershipVerificationStatus"];
}) {
	const { group } = props;
	const stacked = useStacked();
	return (
		<Table<DnsRecord>
			variant="container"
			wrapLines
			items={props.records}
			ariaLabels={{ tableLabel: t(group) }}
			header={
				<Header
					variant="h2"
					description={t(`${group}Help`)}
					actions={group === "ownership" && <Ownership status={props.status} />}
				>
					{t(group)}
				</Header>
			}
			columnDefinitions={stacked<DnsRecord>(
				[
					{ id: "type", header: t("type"), cell: (r) => r.Type, width: 120 },
					{
						id: "host",
						header: t("host"),
						minWidth: 200,
						isRowHeader: true,
						cell: (r) => <Copyable value={r.Hostname ?? ""} label={t("copyName", { host: r.Hostname ?? "" })} />,
					},
					{
						id: "value",
						header: t("value"),
						minWidth: 240,
						cell: (r) => <Copyable value={r.Value ?? ""} label={t("copyValue", { host: r.Hostname ?? "" })} />,
					},
				],
				true,
			)}
		/>
	);
}
