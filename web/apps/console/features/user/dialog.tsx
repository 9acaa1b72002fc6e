import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useBusy } from "@postroom/ui";
import type { FormEvent, ReactNode } from "react";
import { t } from "./words.ts";

/** A dialog that asks and does one thing. A click beside it does not throw away what was typed. */
export function Dialog(props: {
	header: string;
	/** None where there is nothing left to do but to close. */
	button?: string | undefined;
	/** What could not be done, where no field says it. */
	problem?: string | undefined;
	/** Does it; what it throws is its own to catch. */
	action: () => Promise<void>;
	close: () => void;
	blocked?: boolean;
	/** With a search in it, where Enter is no answer. */
	wide?: boolean;
	children: ReactNode;
}) {
	const [busy, run] = useBusy();
	const act = () => void run(props.action);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (!props.blocked) act();
	};
	const content = (
		<SpaceBetween size="m">
			{props.problem && <Alert type="error">{props.problem}</Alert>}
			{props.children}
			{!props.wide && <input type="submit" hidden />}
		</SpaceBetween>
	);
	return (
		<Modal
			visible
			size={props.wide ? "large" : "medium"}
			header={props.header}
			onDismiss={(event) => {
				if (event.detail.reason !== "overlay") props.close();
			}}
			footer={
				<Box float="right">
					<SpaceBetween direction="horizontal" size="xs">
						<Button variant="link" onClick={props.close}>
							{t(props.button ? "cancel" : "close")}
						</Button>
						{props.button && (
							<Button variant="primary" loading={busy} disabled={props.blocked ?? false} onClick={act}>
								{props.button}
							</Button>
						)}
					</SpaceBetween>
				</Box>
			}
		>
			{props.wide ? content : <form onSubmit={submit}>{content}</form>}
		</Modal>
	);
}
