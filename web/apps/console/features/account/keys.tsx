import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type AccessKey, type CreateAccessKeyResponse, call, dateOf, pages } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { CliHint, ConfirmByName, Copyable, cliCommand, notify, PartTable, useBusy, useProblem } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "./words.ts";

const queryKey = ["account", "keys"];

async function all(): Promise<AccessKey[]> {
	const list: AccessKey[] = [];
	for await (const page of pages((NextToken) => call("ListAccessKeys", { NextToken, MaxResults: 100 })))
		list.push(...(page.AccessKeys ?? []));
	return list;
}

/** The profile of the AWS CLI and the SDKs that calls this server by a key. */
const profile = (region: string, key: CreateAccessKeyResponse): string =>
	[
		"[profile postroom]",
		`aws_access_key_id = ${key.AccessKeyId ?? ""}`,
		`aws_secret_access_key = ${key.SecretAccessKey ?? ""}`,
		`region = ${region}`,
		`endpoint_url = ${window.location.origin}`,
	].join("\n");

/** One's own access keys: create, deactivate, delete. */
export default function Keys({ region }: { region: string }) {
	const keys = useQuery({ queryKey, queryFn: all });
	const client = useQueryClient();
	const [made, setMade] = useState<CreateAccessKeyResponse>();
	const [deleting, setDeleting] = useState("");
	const [busy, run] = useBusy();
	const problem = useProblem();
	const act = (action: () => Promise<void>) =>
		run(async () => {
			problem.clear();
			try {
				await action();
			} catch (error) {
				problem.fail(error);
			}
			await client.invalidateQueries({ queryKey });
		});
	const toggle = (key: AccessKey) =>
		act(async () => {
			const active = key.Status !== "ACTIVE";
			await call("UpdateAccessKey", { AccessKeyId: key.AccessKeyId ?? "", Status: active ? "ACTIVE" : "INACTIVE" });
			notify({ type: "success", content: t(active ? "keyActive" : "keyInactive", { key: key.AccessKeyId ?? "" }) });
		});
	return (
		<SpaceBetween size="l">
			{problem.rest && <Alert type="error">{problem.rest}</Alert>}
			<PartTable<AccessKey>
				header={t("keys")}
				description={t("keysHelp")}
				items={keys.data}
				error={keys.error}
				again={() => void keys.refetch()}
				id={(k) => k.AccessKeyId ?? ""}
				empty={t("noKeys")}
				actions={
					<Button
						variant="primary"
						loading={busy}
						onClick={() => void act(async () => setMade(await call("CreateAccessKey", {})))}
					>
						{t("createKey")}
					</Button>
				}
				columns={[
					{ id: "key", header: t("key"), rowHeader: true, cell: (k) => <Box variant="code">{k.AccessKeyId}</Box> },
					{
						id: "status",
						header: t("status"),
						cell: (k) => (
							<StatusIndicator type={k.Status === "ACTIVE" ? "success" : "stopped"}>
								{t(k.Status === "ACTIVE" ? "active" : "inactive")}
							</StatusIndicator>
						),
					},
					{ id: "created", header: t("created"), cell: (k) => formatMoment(dateOf(k.CreatedDate)) },
					{
						id: "used",
						header: t("lastUsed"),
						cell: (k) => (k.LastUsedDate ? formatMoment(dateOf(k.LastUsedDate)) : t("never")),
					},
					{
						id: "actions",
						header: t("actions"),
						cell: (k) => {
							const on = k.Status === "ACTIVE";
							const key = k.AccessKeyId ?? "";
							return (
								<SpaceBetween direction="horizontal" size="xs">
									<Button
										variant="inline-link"
										disabled={busy}
										ariaLabel={t(on ? "deactivateOne" : "activateOne", { key })}
										onClick={() => void toggle(k)}
									>
										{t(on ? "deactivate" : "activate")}
									</Button>
									<Button variant="inline-link" ariaLabel={t("deleteOne", { key })} onClick={() => setDeleting(key)}>
										{t("delete")}
									</Button>
								</SpaceBetween>
							);
						},
					},
				]}
			/>
			<CliHint commands={[cliCommand(region, "CreateAccessKey", {}), cliCommand(region, "ListAccessKeys", {})]} />
			{made && <Made region={region} made={made} close={() => setMade(undefined)} />}
			{deleting && (
				<ConfirmByName
					header={t("deleteKeyTitle", { key: deleting })}
					name={deleting}
					button={t("delete")}
					close={() => setDeleting("")}
					action={async () => {
						await call("DeleteAccessKey", { AccessKeyId: deleting });
						notify({ type: "success", content: t("keyDeleted", { key: deleting }) });
						await client.invalidateQueries({ queryKey });
					}}
				>
					{t("deleteKeyHelp")}
				</ConfirmByName>
			)}
		</SpaceBetween>
	);
}

function Made({ region, made, close }: { region: string; made: CreateAccessKeyResponse; close: () => void }) {
	return (
		<Modal
			visible
			size="large"
			header={t("keyMade", { key: made.AccessKeyId ?? "" })}
			onDismiss={close}
			footer={
				<Box float="right">
					<Button variant="primary" onClick={close}>
						{t("close")}
					</Button>
				</Box>
			}
		>
			<SpaceBetween size="m">
				<Alert type="warning">{t("keyOnce")}</Alert>
				<FormField label={t("key")}>
					<Copyable value={made.AccessKeyId ?? ""} label={t("key")} />
				</FormField>
				<FormField label={t("secret")}>
					<Copyable value={made.SecretAccessKey ?? ""} label={t("secret")} />
				</FormField>
				<FormField label={t("profile")} description={t("profileHelp")}>
					<Copyable value={profile(region, made)} label={t("profile")} />
				</FormField>
			</SpaceBetween>
		</Modal>
	);
}
