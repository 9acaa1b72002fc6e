import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Answer } from "@postroom/api";
import type { FormEvent, ReactNode } from "react";
import { useBusy } from "./busy.ts";
import { CliHint } from "./cli.tsx";
import { isConflict, type Read, useDraft } from "./draft.ts";
import { t } from "./entry-words.ts";
import { useProblem } from "./errors.tsx";
import { notify } from "./notices.tsx";
import { useGuard } from "./place.ts";

/**
 * A draft that is saved against the revision that was read. Where another saved
 * meanwhile, the newest state is taken first, and then it is said; nothing typed
 * is lost.
 */
export function useEdit<E, T extends object>(
	{ seen, newest }: { seen: Answer<E>; newest: () => Promise<Answer<E> | undefined> },
	/** What is typed, as the entry has it. */
	typedOf: (entry: E) => T,
	/** Which field shows which refusal. */
	refusals?: Parameters<typeof useProblem>[0],
) {
	const read = ({ output, etag }: Answer<E>): Read<T> => ({ value: typedOf(output), etag });
	const form = useDraft(read(seen));
	const [busy, run] = useBusy();
	const problem = useProblem(refusals);
	useGuard(form.changed.length > 0 ? t("unsaved") : undefined);
	/** Takes the newest state under what is typed. */
	const rebase = async () => {
		const now = await newest();
		if (now) form.rebase(read(now));
	};
	/** Answers whether it is saved, which is told then. */
	const save = (act: (ifMatch: string) => Promise<unknown>, said: string) =>
		run(async () => {
			problem.clear();
			try {
				if (form.changed.length > 0) await act(form.etag);
				problem.done();
				await rebase();
				notify({ type: "success", content: said });
				return true;
			} catch (error) {
				if (isConflict(error)) await rebase();
				problem.fail(error);
				return false;
			}
		});
	const set = (patch: Partial<T>) => {
		form.set(patch);
		problem.clear();
	};
	return { draft: form.draft, changed: form.changed, theirs: form.theirs, set, busy, problem, save, rebase };
}

/** The frame of a form over an entry. */
export function EditForm(props: {
	header: string;
	description?: string;
	children: ReactNode;
	/** What the server refused and no field shows. */
	error: string | undefined;
	busy: boolean;
	/** Saving would be refused. */
	blocked?: boolean;
	/** Missing where nothing may be changed. */
	save: (() => void) | undefined;
	cancel?: () => void;
	command: string;
	/** Beside the buttons. */
	actions?: ReactNode;
}) {
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (!props.blocked) props.save?.();
	};
	return (
		<form onSubmit={submit}>
			<Container
				header={
					<Header variant="h2" description={props.description}>
						{props.header}
					</Header>
				}
			>
				<Form
					errorText={props.error}
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							{props.actions}
							{props.cancel && (
								<Button formAction="none" variant="link" onClick={props.cancel}>
									{t("cancel")}
								</Button>
							)}
							{props.save && (
								<Button formAction="submit" variant="primary" loading={props.busy} disabled={props.blocked ?? false}>
									{t("save")}
								</Button>
							)}
						</SpaceBetween>
					}
				>
					<SpaceBetween size="m">{props.children}</SpaceBetween>
				</Form>
				<CliHint commands={[props.command]} />
			</Container>
		</form>
	);
}
