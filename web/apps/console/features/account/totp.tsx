import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { call, dateOf, type SetUpTotpResponse } from "@postroom/api";
import { formatDay } from "@postroom/i18n";
import { Copyable, Dialog, notify, useBusy, useProblem } from "@postroom/ui";
import { useState } from "react";
import { AskPassword } from "./ask-password.tsx";
import { QrCode } from "./qr.tsx";
import { t } from "./words.ts";

type Changed = (codes?: readonly string[]) => Promise<void>;

/** The authenticator app: RFC 6238. */
export function Totp({ on, since, changed }: { on: boolean; since: number | undefined; changed: Changed }) {
	const [made, setMade] = useState<SetUpTotpResponse>();
	const [removing, setRemoving] = useState(false);
	const [busy, run] = useBusy();
	const problem = useProblem();
	const begin = () =>
		run(async () => {
			problem.clear();
			try {
				setMade(await call("SetUpTotp", {}));
			} catch (error) {
				problem.fail(error);
			}
		});
	return (
		<Container
			header={
				<Header
					variant="h2"
					description={t("totpHelp")}
					actions={
						on ? (
							<Button onClick={() => setRemoving(true)} ariaLabel={t("removeTotp")}>
								{t("remove")}
							</Button>
						) : (
							<Button loading={busy} onClick={() => void begin()} ariaLabel={t("setUpTitle")}>
								{t("setUp")}
							</Button>
						)
					}
				>
					{t("totp")}
				</Header>
			}
		>
			<SpaceBetween size="m">
				{problem.rest && <Alert type="error">{problem.rest}</Alert>}
				<StatusIndicator type={on ? "success" : "stopped"}>
					{on ? t("totpOn", { date: formatDay(dateOf(since)) }) : t("totpOff")}
				</StatusIndicator>
			</SpaceBetween>
			{made && <SetUp made={made} changed={changed} close={() => setMade(undefined)} />}
			{removing && (
				<AskPassword
					header={t("removeTotp")}
					text={t("removeHelp")}
					button={t("remove")}
					close={() => setRemoving(false)}
					action={async (Password) => {
						await call("RemoveTotp", { Password });
						await changed();
						notify({ type: "success", content: t("totpRemoved") });
					}}
				/>
			)}
		</Container>
	);
}

function SetUp({ made, changed, close }: { made: SetUpTotpResponse; changed: Changed; close: () => void }) {
	const [code, setCode] = useState("");
	const [strict, setStrict] = useState(false);
	const problem = useProblem({ code: [/code/i] });
	const digits = code.replaceAll(" ", "");
	const fault = /^[0-9]{6}$/.test(digits) ? undefined : t("missingCode");
	const confirm = async () => {
		setStrict(true);
		if (fault) return;
		problem.clear();
		try {
			const out = await call("ConfirmTotp", { Code: digits });
			notify({ type: "success", content: t("totpDone") });
			close();
			await changed(out.RecoveryCodes);
		} catch (error) {
			problem.fail(error);
		}
	};
	return (
		<Dialog header={t("setUpTitle")} button={t("confirm")} act={confirm} problem={problem.rest} close={close}>
			<Box>{t("scan")}</Box>
			<QrCode text={made.Uri ?? ""} />
			<FormField label={t("secretText")}>
				<Copyable value={made.Secret ?? ""} label={t("secretText")} />
			</FormField>
			<FormField
				label={t("code")}
				description={t("codeHelp")}
				errorText={problem.field("code") ?? (strict ? fault : undefined)}
			>
				<Input
					value={code}
					onChange={(e) => setCode(e.detail.value)}
					inputMode="numeric"
					autoComplete="one-time-code"
					spellcheck={false}
				/>
			</FormField>
		</Dialog>
	);
}
