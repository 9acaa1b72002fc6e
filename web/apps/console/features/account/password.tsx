import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import {
	adminPasswordPolicy,
	CliHint,
	cliCommand,
	NewPassword,
	notify,
	useBusy,
	useGuard,
	useProblem,
} from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { t } from "./words.ts";

const none = { old: "", fresh: "", repeated: "" };

export function ChangePassword({ region, name }: { region: string; name: string }) {
	const [typed, setTyped] = useState(none);
	const [strict, setStrict] = useState(false);
	const [busy, run] = useBusy();
	const client = useQueryClient();
	const problem = useProblem({
		old: [/old password/i],
		fresh: ["InvalidPasswordException", /password/i],
	});
	useGuard(typed.old !== "" || typed.fresh !== "" ? t("unsaved") : undefined);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		setStrict(true);
		if (typed.old === "" || adminPasswordPolicy.faults(typed.fresh) || typed.fresh !== typed.repeated) return;
		void run(async () => {
			problem.clear();
			try {
				const before = await call("ListSessions", {}).catch(() => undefined);
				await call("ChangeOwnPassword", { OldPassword: typed.old, NewPassword: typed.fresh });
				const count = before?.Sessions?.filter((s) => !s.Current).length ?? 0;
				notify({
					type: "success",
					content: t("passwordChanged", { sessions: count > 0 ? t("othersEnded", { count }) : t("noOthers") }),
				});
				setTyped(none);
				setStrict(false);
				await client.invalidateQueries({ queryKey: ["account"] });
			} catch (error) {
				problem.fail(error);
			}
		});
	};
	return (
		<SpaceBetween size="l">
			<form onSubmit={submit}>
				<Form
					errorText={problem.rest}
					actions={
						<Button variant="primary" formAction="submit" loading={busy}>
							{t("changePassword")}
						</Button>
					}
				>
					<Container
						header={
							<Header variant="h2" description={t("changeHelp")}>
								{t("changePassword")}
							</Header>
						}
					>
						<SpaceBetween size="m">
							{/* Password managers file the new password under this name. */}
							<input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
							<FormField
								label={t("oldPassword")}
								errorText={problem.field("old") ?? (strict && typed.old === "" ? t("missingOld") : undefined)}
							>
								<Input
									type="password"
									value={typed.old}
									onChange={(e) => setTyped({ ...typed, old: e.detail.value })}
									autoComplete="current-password"
								/>
							</FormField>
							<NewPassword
								label={t("newPassword")}
								value={typed.fresh}
								repeated={typed.repeated}
								onChange={(fresh, repeated) => setTyped({ ...typed, fresh, repeated })}
								strict={strict}
								refused={problem.field("fresh")}
								policy={adminPasswordPolicy}
							/>
						</SpaceBetween>
					</Container>
				</Form>
			</form>
			<CliHint commands={[cliCommand(region, "ChangeOwnPassword", { OldPassword: "", NewPassword: "" })]} />
		</SpaceBetween>
	);
}
