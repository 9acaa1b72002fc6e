import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useBusy, useProblem } from "@postroom/ui";
import { type FormEvent, useState } from "react";
import { t } from "./words.ts";

/** Asks for the password before a second step is weakened: an unattended window is not enough. */
export function AskPassword(props: {
	header: string;
	text: string;
	button: string;
	action: (password: string) => Promise<void>;
	close: () => void;
}) {
	const [password, setPassword] = useState("");
	const [strict, setStrict] = useState(false);
	const [busy, run] = useBusy();
	const problem = useProblem({ password: ["InvalidPasswordException", /password/i] });
	const act = () => {
		setStrict(true);
		if (password === "") return;
		void run(async () => {
			problem.clear();
			try {
				await props.action(password);
				props.close();
			} catch (error) {
				problem.fail(error);
			}
		});
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		act();
	};
	return (
		<Modal
			visible
			header={props.header}
			onDismiss={props.close}
			footer={
				<Box float="right">
					<SpaceBetween direction="horizontal" size="xs">
						<Button variant="link" onClick={props.close}>
							{t("cancel")}
						</Button>
						<Button variant="primary" loading={busy} onClick={act}>
							{props.button}
						</Button>
					</SpaceBetween>
				</Box>
			}
		>
			<form onSubmit={submit}>
				<SpaceBetween size="m">
					{problem.rest && <Alert type="error">{problem.rest}</Alert>}
					<Box>{props.text}</Box>
					<FormField
						label={t("yourPassword")}
						errorText={problem.field("password") ?? (strict && password === "" ? t("missingPassword") : undefined)}
					>
						<Input
							type="password"
							value={password}
							onChange={(e) => setPassword(e.detail.value)}
							autoComplete="current-password"
							autoFocus
						/>
					</FormField>
				</SpaceBetween>
			</form>
		</Modal>
	);
}
