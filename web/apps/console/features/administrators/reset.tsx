import Alert from "@cloudscape-design/components/alert";
import { type Administrator, call } from "@postroom/api";
import {
	adminPasswordPolicy,
	Copyable,
	Counting,
	Dialog,
	isGenerated,
	NewPassword,
	notify,
	useProblem,
	useSecret,
	useSessions,
} from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "./words.ts";

/** Gives another administrator a new password, shown once. */
export function ResetPassword(props: { a: Administrator; etag: string; close: () => void }) {
	const id = props.a.AdministratorId ?? "";
	const name = props.a.Name ?? "";
	const [password, setPassword] = useState<readonly [string, string]>(["", ""]);
	const [strict, setStrict] = useState(false);
	const [done, setDone] = useState(false);
	const secret = useSecret(done && isGenerated(password[0]) ? password[0] : undefined);
	const client = useQueryClient();
	const sessions = useSessions(id);
	const problem = useProblem({ password: ["InvalidPasswordException", /password/i] });
	// What is told is what the page shows by then.
	const again = () => client.invalidateQueries({ queryKey: ["deployment", "administrators"] });
	const submit = async () => {
		setStrict(true);
		if (adminPasswordPolicy.faults(password[0]) || password[0] !== password[1]) return;
		problem.clear();
		try {
			await call("UpdateAdministrator", { AdministratorId: id, Password: password[0] }, { ifMatch: props.etag });
			notify({ type: "success", content: t("resetNotice", { name }) });
			setDone(true);
			await again();
		} catch (error) {
			await again();
			problem.fail(error);
		}
	};
	if (done)
		return (
			<Dialog key="done" header={t("resetNotice", { name })} lost={secret.lost} close={props.close}>
				<Alert type="warning">{t("resetDone")}</Alert>
				<Copyable value={password[0]} label={t("password")} copied={secret.taken} />
			</Dialog>
		);
	return (
		<Dialog
			header={t("resetTitle", { name })}
			button={t("resetButton")}
			problem={problem.rest}
			act={submit}
			close={props.close}
		>
			{sessions.data ? (
				<div>{t("resetHelp", { sessions: t("sessionsEnd", { count: sessions.data.length }) })}</div>
			) : (
				<Counting of={[sessions]} />
			)}
			<NewPassword
				value={password[0]}
				repeated={password[1]}
				onChange={(value, repeated) => setPassword([value, repeated])}
				strict={strict}
				refused={problem.field("password")}
				policy={adminPasswordPolicy}
			/>
		</Dialog>
	);
}
