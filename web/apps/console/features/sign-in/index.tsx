import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { isWrong, leaveEnded, type SecondStep, type Session, signIn, snapshot, subscribe } from "@postroom/session";
import { late, useBusy, useProblem, useTitle } from "@postroom/ui";
import { type FormEvent, useState, useSyncExternalStore } from "react";
import "./sign-in.css";
import { t } from "./words.ts";

const Second = late(() => import("./second.tsx"));

/** The first page, or, with `again`, a dialog over what the reader was at. */
export default function SignIn({ again = false, signedOut = false }: { again?: boolean; signedOut?: boolean }) {
	return again ? <Again /> : <First signedOut={signedOut} />;
}

/** The page behind it keeps its title. */
function Again() {
	const session = useSyncExternalStore(subscribe, snapshot);
	// Put aside to look at or copy what was typed; the next call that fails brings it back.
	const [aside, setAside] = useState<Session>();
	const name = "who" in session ? (session.who.Name ?? "") : "";
	const beside = session.state === "ended" ? session.beside : undefined;
	const help =
		beside === undefined ? t("againHelp") : beside === "" ? t("againOut") : t("againBeside", { name, other: beside });
	return (
		<Modal visible={aside !== session} header={t("again")} onDismiss={() => setAside(session)}>
			<SpaceBetween size="m">
				<Steps name={name} intro={<Alert type={beside ? "warning" : "info"}>{help}</Alert>} />
				<div>
					<Button variant="inline-link" onClick={leaveEnded}>
						{beside ? t("goOnAs", { name: beside }) : t("someoneElse")}
					</Button>
					<Box color="text-body-secondary" fontSize="body-s">
						{t("someoneElseHelp")}
					</Box>
				</div>
			</SpaceBetween>
		</Modal>
	);
}

function First({ signedOut }: { signedOut: boolean }) {
	useTitle(t("title"));
	return (
		<main className="sign-in">
			<Container
				header={
					<Header variant="h1" description={t("help")}>
						{t("title")}
					</Header>
				}
			>
				<Steps name="" intro={signedOut ? <Alert type="info">{t("signedOut")}</Alert> : undefined} />
			</Container>
		</main>
	);
}

/** The password, then what else the administrator set up. */
function Steps({ name, intro }: { name: string; intro?: React.ReactNode }) {
	const [step, setStep] = useState<SecondStep>();
	const [problem, setProblem] = useState("");
	if (!step)
		return <Password name={name} intro={problem ? <Alert type="error">{problem}</Alert> : intro} next={setStep} />;
	return (
		<Second
			step={step}
			back={(why = "") => {
				setProblem(why);
				setStep(undefined);
			}}
		/>
	);
}

function Password(props: { name: string; intro?: React.ReactNode; next: (step: SecondStep) => void }) {
	const [name, setName] = useState(props.name);
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
				const second = await signIn(name.trim(), password);
				if (second) props.next(second);
			} catch (error) {
				if (isWrong(error)) setPassword("");
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
					{props.intro}
					<FormField label={t("name")} errorText={strict && name.trim() === "" ? t("missingName") : undefined}>
						<Input
							value={name}
							onChange={(e) => setName(e.detail.value)}
							autoComplete="username"
							autoFocus={props.name === ""}
							spellcheck={false}
						/>
					</FormField>
					<FormField label={t("password")} errorText={strict && password === "" ? t("missingPassword") : undefined}>
						<Input
							type="password"
							value={password}
							onChange={(e) => setPassword(e.detail.value)}
							autoComplete="current-password"
							autoFocus={props.name !== ""}
						/>
					</FormField>
				</SpaceBetween>
			</Form>
		</form>
	);
}
