import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type CreateAccessKeyResponse, call } from "@postroom/api";
import {
	AccessKeys,
	accessKeysKey,
	CliHint,
	Copyable,
	cliCommand,
	Dialog,
	useBusy,
	useProblem,
	useSecret,
} from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "./words.ts";

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
	const client = useQueryClient();
	const [made, setMade] = useState<CreateAccessKeyResponse>();
	const [busy, run] = useBusy();
	const problem = useProblem();
	const create = () =>
		run(async () => {
			problem.clear();
			try {
				setMade(await call("CreateAccessKey", {}));
			} catch (error) {
				problem.fail(error);
			}
			await client.invalidateQueries({ queryKey: accessKeysKey() });
		});
	return (
		<SpaceBetween size="l">
			{problem.rest && <Alert type="error">{problem.rest}</Alert>}
			<AccessKeys
				mayChange
				actions={
					<Button variant="primary" loading={busy} onClick={() => void create()}>
						{t("createKey")}
					</Button>
				}
			/>
			<CliHint commands={[cliCommand(region, "CreateAccessKey", {}), cliCommand(region, "ListAccessKeys", {})]} />
			{made && <Made region={region} made={made} close={() => setMade(undefined)} />}
		</SpaceBetween>
	);
}

function Made({ region, made, close }: { region: string; made: CreateAccessKeyResponse; close: () => void }) {
	const secret = useSecret(made.SecretAccessKey);
	return (
		<Dialog size="large" lost={secret.lost} header={t("keyMade", { key: made.AccessKeyId ?? "" })} close={close}>
			<Alert type="warning">{t("keyOnce")}</Alert>
			<FormField label={t("key")}>
				<Copyable value={made.AccessKeyId ?? ""} label={t("key")} />
			</FormField>
			<FormField label={t("secret")}>
				<Copyable value={made.SecretAccessKey ?? ""} label={t("secret")} copied={secret.taken} />
			</FormField>
			<FormField label={t("profile")} description={t("profileHelp")}>
				<Copyable value={profile(region, made)} label={t("profile")} copied={secret.taken} />
			</FormField>
		</Dialog>
	);
}
