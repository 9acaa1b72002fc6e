import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { signIn } from "@postroom/session";
import { useBusy, useProblem, useTitle } from "@postroom/ui";
import { type FormEvent, useState } from "react";
import "./sign-in.css";
import { t } from "./words.ts";

/** The first page, or, with `again`, a dialog over what the reader was at. */
export default function SignIn({ again = false, signedOut = false }: { again?: boolean; signedOut?: boolean }) {
	useTitle(t(again ? "again" : "title"));
	if (again)
		return (
			<Modal visible header={t("again")} onDismiss={() => undefined} disableContentPaddings={false}>
				<Fields intro={<Alert type="info">{t("againHelp")}</Alert>} />
			</Modal>
		);
	return (
		<main className="sign-in">
			<Container
				header={
					<Header variant="h1" description={t("help")}>
						{t("title")}
					</Header>
				}
			>
				<Fields intro={signedOut ? <Alert type="info">{t("signedOut")}</Alert> : undefined} />
			</Container>
		</main>
	);
}

function Fields({ intro }: { intro?: React.ReactNode }) {
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");
	const [strict, setStrict] = useState(false);
	const [busy, run] = useBusy();
	const problem = useProblem();
	const submit = (event: FormEvent) => {
		event.preventDefault();
		setStrict(true);
		if (name.trim() === "" || password === "") return;
		void run(async () => {
			problem.clear();
			try {
				await signIn(name.trim(), password);
			} catch (error) {
				setPassword("");
				setStrict(false);
				problem.fail(error);
			}
		});
	};
	return (
		<form onSubmit={submit}>
			<Form
				errorText={problem.rest}
				actions={
					<Button variant="primary" formAction="submit" loading={busy}>
						{t("button")}
					</Button>
				}
			>
				<SpaceBetween size="m">
					{intro}
					<FormField label={t("name")} errorText={strict && name.trim() === "" ? t("missingName") : undefined}>
						<Input
							value={name}
							onChange={(e) => setName(e.detail.value)}
							autoComplete="username"
							autoFocus
							spellcheck={false}
						/>
					</FormField>
					<FormField label={t("password")} errorText={strict && password === "" ? t("missingPassword") : undefined}>
						<Input
							type="password"
							value={password}
							onChange={(e) => setPassword(e.detail.value)}
							autoComplete="current-password"
						/>
					</FormField>
				</SpaceBetween>
			</Form>
		</form>
	);
}
