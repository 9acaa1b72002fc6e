import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, type ReactNode, useState } from "react";
import { useBusy } from "./busy.ts";
import { useProblem } from "./errors.tsx";
import { t } from "./words.ts";

/** What is to be typed, set apart from the words around it. */
export function ConfirmLabel({ name }: { name: string }) {
	return (
		<>
			{t("confirmType")}{" "}
			<Box variant="code">
				<bdi>{name}</bdi>
			</Box>
		</>
	);
}

/** Asks for the name of what will be destroyed before it is. */
export function ConfirmByName(props: {
	header: string;
	/** What will be lost, in numbers. */
	children: ReactNode;
	name: string;
	button: string;
	action: () => Promise<void>;
	close: () => void;
}) {
	const [typed, setTyped] = useState("");
	const [wrong, setWrong] = useState(false);
	const [busy, run] = useBusy();
	const problem = useProblem();
	const confirm = () =>
		run(async () => {
			if (typed !== props.name) {
				setWrong(true);
				return;
			}
			try {
				await props.action();
				props.close();
			} catch (error) {
				problem.fail(error);
			}
		});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void confirm();
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
						<Button variant="primary" loading={busy} onClick={() => void confirm()}>
							{props.button}
						</Button>
					</SpaceBetween>
				</Box>
			}
		>
			<form onSubmit={submit}>
				<SpaceBetween size="m">
					{problem.rest && <Alert type="error">{problem.rest}</Alert>}
					<div>{props.children}</div>
					<FormField
						label={<ConfirmLabel name={props.name} />}
						errorText={wrong && typed !== props.name ? t("confirmWrong", { name: props.name }) : undefined}
					>
						<Input
							value={typed}
							onChange={(event) => setTyped(event.detail.value)}
							autoComplete={false}
							autoFocus
							spellcheck={false}
						/>
					</FormField>
				</SpaceBetween>
			</form>
		</Modal>
	);
}
