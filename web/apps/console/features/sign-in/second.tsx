import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ApiError, type FinishSignInRequest } from "@postroom/api";
import { finishSignIn, isWrong, passkeysWork, type SecondStep, signByPasskey } from "@postroom/session";
import { explain, notify, useBusy } from "@postroom/ui";
import { type FormEvent, useState } from "react";
import { t } from "./words.ts";

type Way = "PASSKEY" | "TOTP" | "RECOVERY";

const fewCodes = 3;

/** The second step of a sign-in: a passkey, the app's code or a recovery code. */
export default function Second({ step, back }: { step: SecondStep; back: (problem?: string) => void }) {
	const passkey = step.factors.includes("PASSKEY");
	const totp = step.factors.includes("TOTP");
	const [way, setWay] = useState<Way>(passkey && (passkeysWork() || !totp) ? "PASSKEY" : "TOTP");
	const [code, setCode] = useState("");
	const [strict, setStrict] = useState(false);
	const [problem, setProblem] = useState("");
	const [busy, run] = useBusy();
	const choose = (next: Way) => {
		setWay(next);
		setCode("");
		setStrict(false);
		setProblem("");
	};
	const finish = (input: () => Promise<Omit<FinishSignInRequest, "Challenge">>) =>
		run(async () => {
			setProblem("");
			try {
				const out = await finishSignIn({ Challenge: step.challenge, ...(await input()) });
				const left = out.RecoveryCodesLeft;
				if (way === "RECOVERY" && left !== undefined && left <= fewCodes)
					notify({ type: "warning", content: t("codesLeft", { count: left }) });
			} catch (error) {
				// The challenge is over: only the password brings another.
				if (error instanceof ApiError && error.code === "ExpiredTokenException") {
					back(error.message);
					return;
				}
				if (isWrong(error)) setCode("");
				setStrict(false);
				setProblem(reason(error));
			}
		});
	const digits = code.replaceAll(" ", "");
	const fault =
		way === "TOTP"
			? /^[0-9]{6}$/.test(digits)
				? undefined
				: t("missingCode")
			: code.trim() === ""
				? t("missingRecovery")
				: undefined;
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (way === "PASSKEY") {
			void finish(async () => ({ Passkey: await signByPasskey(step.passkeyOptions) }));
			return;
		}
		setStrict(true);
		if (!fault) void finish(async () => (way === "TOTP" ? { Code: digits } : { RecoveryCode: code.trim() }));
	};
	return (
		<form onSubmit={submit}>
			<Form
				errorText={problem || undefined}
				actions={
					<SpaceBetween direction="horizontal" size="xs">
						<Button variant="link" formAction="none" onClick={() => back()}>
							{t("back")}
						</Button>
						<Button
							variant="primary"
							formAction="submit"
							loading={busy}
							disabled={way === "PASSKEY" && !passkeysWork()}
						>
							{t(way === "PASSKEY" ? "byPasskey" : "button")}
						</Button>
					</SpaceBetween>
				}
			>
				<SpaceBetween size="m">
					<Box>{t("secondStep")}</Box>
					{way === "PASSKEY" &&
						(passkeysWork() ? <Box>{t("passkeyHelp")}</Box> : <Alert type="warning">{t("noPasskeys")}</Alert>)}
					{way !== "PASSKEY" && (
						<FormField
							label={t(way === "TOTP" ? "code" : "recoveryCode")}
							description={t(way === "TOTP" ? "codeHelp" : "recoveryHelp")}
							errorText={strict ? fault : undefined}
						>
							<Input
								key={way}
								value={code}
								onChange={(e) => setCode(e.detail.value)}
								inputMode={way === "TOTP" ? "numeric" : "text"}
								autoComplete={way === "TOTP" ? "one-time-code" : "off"}
								autoFocus
								spellcheck={false}
							/>
						</FormField>
					)}
					<SpaceBetween direction="horizontal" size="m">
						{passkey && way !== "PASSKEY" && (
							<Button variant="inline-link" formAction="none" onClick={() => choose("PASSKEY")}>
								{t("byPasskey")}
							</Button>
						)}
						{totp && way !== "TOTP" && (
							<Button variant="inline-link" formAction="none" onClick={() => choose("TOTP")}>
								{t("byCode")}
							</Button>
						)}
						{way !== "RECOVERY" && (
							<Button variant="inline-link" formAction="none" onClick={() => choose("RECOVERY")}>
								{t("byRecovery")}
							</Button>
						)}
					</SpaceBetween>
				</SpaceBetween>
			</Form>
		</form>
	);
}

/** What went wrong, also in the browser's own dialog. */
function reason(error: unknown): string {
	if (!(error instanceof DOMException)) return explain(error);
	if (error.name === "NotAllowedError" || error.name === "AbortError") return t("passkeyStopped");
	return t("passkeyFailed", { reason: error.message });
}
