import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import {
	type Administrator,
	ApiError,
	call,
	callWithTag,
	type DescribeSecondFactorsResponse,
	dateOf,
} from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { browserName, may } from "@postroom/session";
import {
	AccessKeys,
	CliHint,
	ConfirmByName,
	Counting,
	cliCommand,
	ErrorBox,
	explain,
	go,
	href,
	Link,
	notify,
	Screen,
	Sessions,
	useBusy,
	useProblem,
	useSessions,
} from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Disable } from "./disable.tsx";
import { Edit } from "./edit.tsx";
import { ResetPassword } from "./reset.tsx";
import { isSelf, roleName, scopeName, useOrganizations } from "./rights.tsx";
import { useStops } from "./stops.tsx";
import { t } from "./words.ts";

const administratorKey = (id: string) => ["deployment", "administrators", id] as const;

type Dialog = "edit" | "reset" | "factors" | "disable" | "delete";

export default function AdministratorPage({ region, id }: { region: string; id: string }) {
	const one = useQuery({
		queryKey: administratorKey(id),
		queryFn: () => callWithTag("DescribeAdministrator", { AdministratorId: id }),
	});
	const [dialog, setDialog] = useState<Dialog>();
	const a = one.data?.output;
	const title = a?.Name ?? t("title");
	if (!a)
		return (
			<Screen title={title}>
				{one.error ? (
					<ErrorBox
						error={one.error}
						again={() => void one.refetch()}
						{...(one.error instanceof ApiError && one.error.code === "ResourceNotFoundException"
							? { header: t("gone") }
							: {})}
					/>
				) : (
					<Spinner size="large" />
				)}
			</Screen>
		);
	const close = () => setDialog(undefined);
	return (
		<Screen
			title={title}
			actions={<Actions a={a} etag={one.data?.etag ?? ""} open={setDialog} />}
			{...(may("UpdateAdministrator") ? {} : { description: t("lookOnly") })}
		>
			<Details a={a} region={region} />
			<AccessKeys administrator={id} mayChange={may("UpdateAdministrator")} />
			<Sessions administrator={id} mayChange={may("UpdateAdministrator")} browser={browserName} />
			<CliHint
				commands={[
					cliCommand(region, "DescribeAdministrator", { AdministratorId: id }),
					cliCommand(region, "UpdateAdministrator", { AdministratorId: id, Enabled: !a.Enabled }),
					cliCommand(region, "ListAccessKeys", { AdministratorId: id }),
					...(isSelf(a) ? [] : [cliCommand(region, "ResetSecondFactor", { AdministratorId: id })]),
					cliCommand(region, "ListSessions", { AdministratorId: id }),
				]}
			/>
			{dialog === "edit" && <Edit a={a} etag={one.data?.etag ?? ""} close={close} />}
			{dialog === "reset" && <ResetPassword a={a} etag={one.data?.etag ?? ""} close={close} />}
			{dialog === "factors" && <ResetSecondStep a={a} etag={one.data?.etag ?? ""} close={close} />}
			{dialog === "disable" && <Disable a={a} etag={one.data?.etag ?? ""} close={close} />}
			{dialog === "delete" && <Delete a={a} etag={one.data?.etag ?? ""} region={region} close={close} />}
		</Screen>
	);
}

function Actions({ a, etag, open }: { a: Administrator; etag: string; open: (dialog: Dialog) => void }) {
	const [busy, run] = useBusy();
	const client = useQueryClient();
	const problem = useProblem();
	const id = a.AdministratorId ?? "";
	const factors = useFactors(id);
	if (!may("UpdateAdministrator")) return null;
	// What is told is what the page shows by then.
	const again = () => client.invalidateQueries({ queryKey: ["deployment", "administrators"] });
	const enable = () =>
		run(async () => {
			problem.clear();
			try {
				await call("UpdateAdministrator", { AdministratorId: id, Enabled: true }, { ifMatch: etag });
				await again();
				notify({ type: "success", content: t("enabledNotice", { name: a.Name ?? "" }) });
			} catch (error) {
				problem.fail(error);
				await again();
			}
		});
	return (
		<SpaceBetween direction="horizontal" size="xs">
			{problem.rest && <Alert type="error">{problem.rest}</Alert>}
			<Button onClick={() => open("edit")}>{t("edit")}</Button>
			{!isSelf(a) && <Button onClick={() => open("reset")}>{t("reset")}</Button>}
			{!isSelf(a) && may("ResetSecondFactor") && (factors.data?.SecondFactor?.length ?? 0) > 0 && (
				<Button onClick={() => open("factors")}>{t("resetFactors")}</Button>
			)}
			{a.Enabled ? (
				<Button onClick={() => open("disable")}>{t("disable")}</Button>
			) : (
				<Button loading={busy} onClick={() => void enable()}>
					{t("enable")}
				</Button>
			)}
			<Button onClick={() => open("delete")}>{t("delete")}</Button>
		</SpaceBetween>
	);
}

function Details({ a, region }: { a: Administrator; region: string }) {
	const organizations = useOrganizations(!a.AllOrganizations);
	const id = a.AdministratorId ?? "";
	const factors = useFactors(id);
	return (
		<Container header={<Header variant="h2">{t("details")}</Header>}>
			<KeyValuePairs
				columns={3}
				items={[
					{
						label: t("state"),
						value: (
							<StatusIndicator type={a.Enabled ? "success" : "stopped"}>
								{t(a.Enabled ? "enabled" : "disabled")}
							</StatusIndicator>
						),
					},
					{ label: t("role"), value: roleName(a.Role) },
					{
						label: t("scope"),
						value: a.AllOrganizations
							? scopeName(a)
							: a.Organizations?.map((o) => {
									const known = organizations.data?.find((x) => x.OrganizationId === o);
									return (
										<div key={o}>{known ? <Link href={href(known.region, "o", o)}>{known.Alias ?? o}</Link> : o}</div>
									);
								}),
					},
					{
						label: t("lastSignIn"),
						value: a.LastSignInDate ? formatMoment(dateOf(a.LastSignInDate)) : t("never"),
					},
					{
						label: t("secondStep"),
						value: factors.data ? secondSteps(factors.data) : factors.error ? explain(factors.error) : t("loading"),
					},
					{ label: t("created"), value: formatMoment(dateOf(a.CreatedDate)) },
					{ label: t("id"), value: a.AdministratorId },
					...(isSelf(a)
						? [
								{
									label: t("you"),
									value: (
										<>
											{t("ownAccount")} <Link href={href(region, "account")}>{t("toAccount")}</Link>
										</>
									),
								},
							]
						: []),
				]}
			/>
		</Container>
	);
}

const useFactors = (id: string) =>
	useQuery({
		queryKey: [...administratorKey(id), "second-step"],
		queryFn: () => call("DescribeSecondFactors", { AdministratorId: id }),
	});

/** Takes away what another one has lost; the password alone opens the console until a new one is set up. */
function ResetSecondStep(props: { a: Administrator; etag: string; close: () => void }) {
	const id = props.a.AdministratorId ?? "";
	const name = props.a.Name ?? "";
	const factors = useFactors(id);
	const sessions = useSessions(id);
	const client = useQueryClient();
	const again = () => client.invalidateQueries({ queryKey: ["deployment", "administrators"] });
	return (
		<ConfirmByName
			header={t("resetFactorsTitle", { name })}
			name={name}
			button={t("resetFactors")}
			blocked={!factors.data || !sessions.data}
			reread={again}
			close={props.close}
			action={async () => {
				await call("ResetSecondFactor", { AdministratorId: id }, { ifMatch: props.etag });
				await again();
				notify({ type: "success", content: t("resetFactorsNotice", { name }) });
			}}
		>
			{factors.data && sessions.data ? (
				t("resetFactorsHelp", {
					what: secondSteps(factors.data),
					codes: t("recoveryCodes", { count: factors.data.RecoveryCodesLeft ?? 0 }),
					sessions: t("sessionsEnd", { count: sessions.data.length }),
					name,
				})
			) : (
				<Counting of={[factors, sessions]} />
			)}
		</ConfirmByName>
	);
}

/** What a sign-in asks for after the password. */
function secondSteps(f: DescribeSecondFactorsResponse): string {
	const passkeys = f.Passkeys?.length ?? 0;
	const list = [
		...(f.SecondFactor?.includes("TOTP") ? [t("totp")] : []),
		...(passkeys > 0 ? [t("passkeys", { count: passkeys })] : []),
	];
	return list.join(", ") || t("none");
}

function Delete(props: { a: Administrator; etag: string; region: string; close: () => void }) {
	const id = props.a.AdministratorId ?? "";
	const name = props.a.Name ?? "";
	const stops = useStops(id);
	const client = useQueryClient();
	return (
		<ConfirmByName
			header={t("deleteTitle", { name })}
			name={name}
			button={t("delete")}
			blocked={!stops.words}
			reread={() => client.invalidateQueries({ queryKey: ["deployment", "administrators"] })}
			close={props.close}
			action={async () => {
				await call("DeleteAdministrator", { AdministratorId: id }, { ifMatch: props.etag });
				// The list, which is shown next, no longer has it when that is told.
				await client.invalidateQueries({
					queryKey: ["deployment", "administrators"],
					exact: true,
					refetchType: "all",
				});
				notify({ type: "success", content: t("deletedNotice", { name }) });
				go(href(props.region, "administrators"));
				client.removeQueries({ queryKey: administratorKey(id) });
			}}
		>
			{isSelf(props.a) && <Alert type="warning">{t("deleteSelf")}</Alert>}
			{stops.words ? t("deleteHelp", stops.words) : stops.counting}
		</ConfirmByName>
	);
}
