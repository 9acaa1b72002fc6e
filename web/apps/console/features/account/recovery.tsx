import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { snapshot } from "@postroom/session";
import { Dialog, Paper, useSecret } from "@postroom/ui";
import { useState } from "react";
import { AskPassword } from "./ask-password.tsx";
import { t } from "./words.ts";

/** How many recovery codes are left; undefined where no second step is set up. */
export function RecoveryCodes({
	left,
	changed,
}: {
	left: number | undefined;
	changed: (codes?: readonly string[]) => Promise<void>;
}) {
	const [asking, setAsking] = useState(false);
	return (
		<Container
			header={
				<Header
					variant="h2"
					description={t("recoveryHelp")}
					actions={left !== undefined && <Button onClick={() => setAsking(true)}>{t("recoveryNew")}</Button>}
				>
					{t("recovery")}
				</Header>
			}
		>
			<Box>{left === undefined ? t("recoveryNone") : t("recoveryLeft", { count: left })}</Box>
			{asking && (
				<AskPassword
					header={t("recoveryNew")}
					text={t("recoveryNewHelp")}
					button={t("recoveryNew")}
					close={() => setAsking(false)}
					action={async (Password) => changed((await call("CreateRecoveryCodes", { Password })).RecoveryCodes)}
				/>
			)}
		</Container>
	);
}

/** Whose codes they are, and where: a sheet of paper knows no address bar. */
function printTitle(): string {
	const session = snapshot();
	const name = "who" in session ? (session.who.Name ?? "") : "";
	return t("recoveryPrinted", { name, server: window.location.host });
}

/** The new codes, the only time that they are seen. */
export function ShowCodes({ codes, close }: { codes: readonly string[]; close: () => void }) {
	const text = codes.join("\n");
	const secret = useSecret(text);
	return (
		<Dialog header={t("recoveryTitle")} lost={secret.lost} close={close} closeText={t("recoveryKept")}>
			<Paper title={printTitle()} text={text} />
			<Alert type="warning">{t("recoveryOnce")}</Alert>
			<ul className="account-codes" onCopy={secret.taken}>
				{codes.map((code) => (
					<li key={code}>{code}</li>
				))}
			</ul>
			<SpaceBetween direction="horizontal" size="xs">
				<CopyToClipboard
					copyButtonText={t("copyAll")}
					textToCopy={text}
					onCopySuccess={secret.taken}
					copySuccessText={t("copied")}
					copyErrorText={t("copyFailed")}
				/>
				<Button
					formAction="none"
					iconName="file"
					onClick={() => {
						window.print();
						secret.taken();
					}}
				>
					{t("print")}
				</Button>
			</SpaceBetween>
		</Dialog>
	);
}
