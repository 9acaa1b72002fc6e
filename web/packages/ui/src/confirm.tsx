import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type ReactNode, useState } from "react";
import { Dialog } from "./dialog.tsx";
import { isConflict } from "./draft.ts";
import { ErrorBox, useProblem } from "./errors.tsx";
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

/** The page shows spaces in a row, and such as do not break, as one. */
const asShown = (name: string): string => name.trim().replace(/\s+/g, " ");

/** A question whose answer says how much will be lost. */
interface Count {
	data: unknown;
	error: unknown;
	refetch: () => unknown;
}

/** In place of what will be lost until that is known; where it could not be counted, it is asked for again. */
export function Counting({ of }: { of: readonly Count[] }) {
	const failed = of.filter((count) => count.error && count.data === undefined);
	if (failed.length === 0) return <StatusIndicator type="loading">{t("counting")}</StatusIndicator>;
	const again = () => {
		for (const count of failed) void count.refetch();
	};
	return <ErrorBox header={t("countFailed")} error={failed[0]?.error} again={again} />;
}

/** Asks for the name of what will be destroyed before it is. */
export function ConfirmByName(props: {
	header: string;
	/** What will be lost, in numbers. */
	children: ReactNode;
	name: string;
	button: string;
	/** It cannot be done yet: what will be lost is not known. */
	blocked?: boolean;
	action: () => Promise<void>;
	/** Reads anew what it is about, where another changed that meanwhile: what is tried next is about what is there then. */
	reread?: () => Promise<unknown>;
	close: () => void;
}) {
	const [typed, setTyped] = useState("");
	const [wrong, setWrong] = useState(false);
	const right = asShown(typed) === asShown(props.name);
	const problem = useProblem();
	const confirm = async () => {
		if (!right) return setWrong(true);
		try {
			await props.action();
			props.close();
		} catch (error) {
			if (isConflict(error)) await props.reread?.();
			problem.fail(error);
		}
	};
	return (
		<Dialog
			header={props.header}
			button={props.button}
			act={confirm}
			blocked={props.blocked ?? false}
			problem={problem.rest}
			close={props.close}
		>
			<div>{props.children}</div>
			<FormField
				label={<ConfirmLabel name={props.name} />}
				errorText={wrong && !right ? t("confirmWrong", { name: props.name }) : undefined}
			>
				<Input
					value={typed}
					onChange={(event) => setTyped(event.detail.value)}
					autoComplete={false}
					spellcheck={false}
				/>
			</FormField>
		</Dialog>
	);
}
