import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { FormEvent, ReactNode } from "react";
import { t } from "./words.ts";

/** A form over the page: Enter sends it, Escape leaves it. */
export function Dialog(props: {
	header: string;
	button: string;
	busy: boolean;
	problem?: string | undefined;
	submit: () => void;
	close: () => void;
	children: ReactNode;
}) {
	const submit = (event: FormEvent) => {
		event.preventDefault();
		props.submit();
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
						<Button variant="primary" loading={props.busy} onClick={props.submit}>
							{props.button}
						</Button>
					</SpaceBetween>
				</Box>
			}
		>
			<form onSubmit={submit}>
				<SpaceBetween size="m">
					{props.problem && <Alert type="error">{props.problem}</Alert>}
					{props.children}
				</SpaceBetween>
			</form>
		</Modal>
	);
}
