import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { Dialog, useProblem } from "@postroom/ui";
import { useState } from "react";
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
	const problem = useProblem({ password: ["InvalidPasswordException", /password/i] });
	const act = async () => {
		setStrict(true);
		if (password === "") return;
		problem.clear();
		try {
			await props.action(password);
			props.close();
		} catch (error) {
			problem.fail(error);
		}
	};
	return (
		<Dialog header={props.header} button={props.button} act={act} problem={problem.rest} close={props.close}>
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
				/>
			</FormField>
		</Dialog>
	);
}
