import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { t } from "./entry-words.ts";

/** A dialog with one thing to do. What runs is seen to its end. */
export function EntryDialog(props: {
	header: string;
	size?: "medium" | "large";
	button: string;
	/** Missing where it cannot be done. */
	act: (() => void) | undefined;
	busy: boolean;
	/** Something is done already, so there is nothing to cancel. */
	begun?: boolean;
	close: () => void;
	children: ReactNode;
}) {
	const { act, busy } = props;
	return (
		<Modal
			visible
			size={props.size ?? "medium"}
			header={props.header}
			onDismiss={() => busy || props.close()}
			footer={
				<Box float="right">
					<SpaceBetween direction="horizontal" size="xs">
						<Button variant="link" disabled={busy} onClick={props.close}>
							{t(act && !props.begun ? "cancel" : "close")}
						</Button>
						{act && (
							<Button variant="primary" loading={busy} onClick={act}>
								{props.button}
							</Button>
						)}
					</SpaceBetween>
				</Box>
			}
		>
			<SpaceBetween size="m">{props.children}</SpaceBetween>
		</Modal>
	);
}
