import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useBusy } from "./busy.ts";
import { askToLeave, useGuard } from "./place.ts";
import { t } from "./words.ts";

/**
 * The frame of a dialog that asks and does one thing. Enter does it too; what runs
 * is seen to its end. A click beside it does not close it; Escape and the back button
 * ask where something was typed.
 */
export function Dialog(props: {
	header: string;
	size?: "medium" | "large";
	button?: string;
	/** Missing where there is nothing to do but to close. What it throws is its own to catch. */
	act?: (() => Promise<unknown>) | undefined;
	/** It cannot be done yet. */
	blocked?: boolean;
	/** What could not be done, where no field says it. */
	problem?: string | undefined;
	/** Something is done already, so there is nothing to cancel. */
	begun?: boolean;
	close: () => void;
	/** How the one button of a dialog that only tells is called: it says that `lost` was seen to. */
	closeText?: string;
	/** What is lost when it closes: that is asked first. */
	lost?: string | undefined;
	children: ReactNode;
}) {
	const { act, blocked = false } = props;
	const [busy, run] = useBusy();
	const [typed, setTyped] = useState(false);
	const question = props.lost ?? (act && typed && !busy ? t("dialogTyped") : undefined);
	useGuard(question);
	const go = () => {
		if (act && !blocked) void run(act);
	};
	const close = () => {
		if (!busy) props.close();
	};
	const leave = () => (props.lost ? askToLeave(props.lost, close) : close());
	const dismiss = (reason: string) => {
		if (reason === "overlay") return;
		if (reason === "keyboard" && question) askToLeave(question, close);
		else leave();
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (act) go();
		else if (props.closeText) close();
		else leave();
	};
	return (
		<Modal
			visible
			size={props.size ?? "medium"}
			header={props.header}
			onDismiss={({ detail }) => dismiss(detail.reason)}
			footer={
				<Box float="right">
					<SpaceBetween direction="horizontal" size="xs">
						<Button variant={act ? "link" : "primary"} disabled={busy} onClick={props.closeText ? close : leave}>
							{props.closeText ?? t(act && !props.begun ? "cancel" : "close")}
						</Button>
						{act && (
							<Button variant="primary" loading={busy} disabled={blocked} onClick={go}>
								{props.button}
							</Button>
						)}
					</SpaceBetween>
				</Box>
			}
		>
			<form onSubmit={submit} onInput={() => setTyped(true)}>
				<FirstField />
				<SpaceBetween size="m">
					{props.problem && <Alert type="error">{props.problem}</Alert>}
					{props.children}
				</SpaceBetween>
				<input type="submit" hidden />
			</form>
		</Modal>
	);
}

/**
 * Puts the focus on the first field of the form, after the frame has put it on its own
 * button. With `autoFocus` it would be there before, and the frame would not know where
 * it was: it gives it back when the dialog closes.
 */
function FirstField() {
	const here = useRef<HTMLSpanElement>(null);
	useEffect(() => {
		const form = here.current?.closest("form");
		queueMicrotask(() => form?.querySelector<HTMLElement>("input:not([hidden], :disabled), textarea")?.focus());
	}, []);
	return <span ref={here} hidden />;
}
