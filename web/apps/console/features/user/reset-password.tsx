import Alert from "@cloudscape-design/components/alert";
import TextContent from "@cloudscape-design/components/text-content";
import { call } from "@postroom/api";
import {
	CliHint,
	Copyable,
	cliCommand,
	Dialog,
	isConflict,
	isGenerated,
	NewPassword,
	useDirectory,
	useHasPassword,
	usePasswordPolicy,
	useProblem,
	useSecret,
} from "@postroom/ui";
import { useState } from "react";
import { type Seen, titleOf, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

/** Gives a user a new password. What the directory refuses is shown in its words, with what to check. */
export default function ResetPassword({ where, seen, close }: { where: Where; seen: Seen; close: () => void }) {
	const { region, org } = where;
	const id = seen.user.UserId ?? where.id;
	const name = titleOf(seen.user);
	const refresh = useRefresh(where);
	const [password, setPassword] = useState("");
	const [repeated, setRepeated] = useState("");
	const [strict, setStrict] = useState(false);
	/** What was done. */
	const [done, setDone] = useState<"set" | "reset">();
	const secret = useSecret(done && isGenerated(password) ? password : undefined);
	const problem = useProblem({ password: ["InvalidPasswordException", /password/i] });
	const policy = usePasswordPolicy({ region, org }, id);
	const { foreign } = useDirectory({ region, org });
	const step = useHasPassword({ region, org }, id, true) === false ? "set" : "reset";
	const header = t((done ?? step) === "set" ? "setPasswordOf" : "resetPasswordOf", { name });
	const refused = problem.field("password");
	const input = { OrganizationId: org, UserId: id, Password: password };

	const reset = async () => {
		setStrict(true);
		if (password !== repeated || policy.faults(password)) return;
		problem.clear();
		try {
			await call("ResetPassword", input, { region, ifMatch: seen.tag });
			setDone(step);
			await refresh();
		} catch (error) {
			// What is tried next is about the user as the page shows it then.
			if (isConflict(error)) await refresh();
			problem.fail(error);
		}
	};
	if (done)
		return (
			<Dialog key="done" header={header} lost={secret.lost} close={close}>
				<Alert type="success" header={t(done === "set" ? "passwordSetFor" : "passwordReset", { name })}>
					{t("passwordOnce")}
				</Alert>
				<Copyable value={password} label={t("newPassword")} copied={secret.taken} />
			</Dialog>
		);
	return (
		<Dialog header={header} button={t(step)} problem={problem.rest} act={reset} close={close}>
			<TextContent>
				<p>{t(step === "set" ? "setPasswordHelp" : "resetPasswordHelp")}</p>
			</TextContent>
			<NewPassword
				label={t("newPassword")}
				value={password}
				repeated={repeated}
				strict={strict}
				policy={policy}
				refused={refused}
				onChange={(value, again) => {
					setPassword(value);
					setRepeated(again);
					problem.clear();
				}}
			/>
			{/* A foreign directory's own rules stand at the field. */}
			{refused && !foreign && (
				<Alert type="info" header={t("passwordCheck")}>
					<ul>
						<li>{t("passwordCheckPolicy")}</li>
						<li>{t("passwordCheckHistory")}</li>
						<li>{t("passwordCheckAge")}</li>
						<li>{t("passwordCheckName")}</li>
					</ul>
				</Alert>
			)}
			<CliHint commands={[cliCommand(region, "ResetPassword", input)]} />
		</Dialog>
	);
}
