import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { call, callWithTag } from "@postroom/api";
import {
	CliHint,
	Copyable,
	cliCommand,
	Dialog,
	isConflict,
	isGenerated,
	NewPassword,
	tagOf,
	useBusy,
	useDirectory,
	useHasPassword,
	usePasswordPolicy,
	useProblem,
	useSecret,
} from "@postroom/ui";
import { useState } from "react";
import type { DialogProps } from "../data.ts";
import { t, word } from "../words.ts";

/** The flow "Resetting user passwords". */
export default function Reset({ region, org, users, close }: DialogProps) {
	const user = users[0];
	const name = user?.Name ?? "";
	const input = { OrganizationId: org, UserId: user?.Id ?? "" };
	const [password, setPassword] = useState("");
	const [repeated, setRepeated] = useState("");
	const [strict, setStrict] = useState(false);
	/** What was done. */
	const [done, setDone] = useState<"set" | "reset">();
	const secret = useSecret(done && isGenerated(password) ? password : undefined);
	const [seen, setSeen] = useState({ tag: tagOf(user?.Revision), now: "" });
	const [reading, read] = useBusy();
	const problem = useProblem({ password: ["InvalidPasswordException", /password/i] });
	const policy = usePasswordPolicy({ region, org }, user?.Id);
	const { foreign } = useDirectory({ region, org });
	const step = useHasPassword({ region, org }, input.UserId, true) === false ? "set" : "reset";
	const header = t(`${done ?? step}Title`);
	const refused = problem.field("password");
	const reset = async () => {
		setStrict(true);
		if (policy.faults(password) || password !== repeated) return;
		problem.clear();
		try {
			await call("ResetPassword", { ...input, Password: password }, { region, ifMatch: seen.tag });
			setDone(step);
		} catch (error) {
			problem.fail(error);
		}
	};
	/** Reads what another has changed: what follows is about that. */
	const again = () =>
		read(async () => {
			try {
				const { output: u, etag } = await callWithTag("DescribeUser", input, { region });
				setSeen({ tag: etag, now: t("readAgain", { name: u.DisplayName || u.Name || name, state: word(u.State) }) });
				problem.clear();
			} catch (error) {
				problem.fail(error);
			}
		});
	if (done)
		return (
			<Dialog key="done" header={header} lost={secret.lost} close={() => close(users)}>
				<Alert type="success" header={t(`${done}Done`, { name })}>
					{t("resetOnce")}
				</Alert>
				<Copyable value={password} label={t("newPassword")} copied={secret.taken} />
			</Dialog>
		);
	return (
		<Dialog header={header} button={t(`${step}Button`)} act={reset} close={() => void close()}>
			<div>{t(`${step}Help`, { name })}</div>
			{problem.rest && (
				<Alert
					type="error"
					action={
						isConflict(problem.error) && (
							<Button formAction="none" loading={reading} onClick={() => void again()}>
								{t("loadAgain")}
							</Button>
						)
					}
				>
					{problem.rest}
				</Alert>
			)}
			{seen.now && !problem.rest && <Alert type="info">{seen.now}</Alert>}
			<NewPassword
				label={t("newPassword")}
				value={password}
				repeated={repeated}
				onChange={(value, again) => {
					setPassword(value);
					setRepeated(again);
					problem.clear();
				}}
				strict={strict}
				policy={policy}
				refused={refused && t("resetRefused", { reason: refused })}
			/>
			{refused && !foreign && <Alert type="info">{t("resetCheck")}</Alert>}
			<CliHint commands={[cliCommand(region, "ResetPassword", { ...input, Password: "" })]} />
		</Dialog>
	);
}
