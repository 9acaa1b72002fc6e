import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Candidate } from "@postroom/api";
import { ManyOutcome, notify, PeoplePicker, titleOf, useBusy, useMany } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "./words.ts";

/** Finds users and groups and makes them delegates; those that were refused stay chosen, with the reason. */
export default function AddDelegates(props: {
	name: string;
	find: (text: string, signal: AbortSignal) => Promise<Candidate[]>;
	there: ReadonlySet<string>;
	add: (id: string) => Promise<unknown>;
	/** Key of what is read anew. */
	stale: readonly string[];
	close: () => void;
}) {
	const { name } = props;
	const client = useQueryClient();
	const [chosen, setChosen] = useState<Candidate[]>([]);
	const [strict, setStrict] = useState(false);
	const [busy, run] = useBusy();
	const many = useMany<Candidate>();
	const add = () => {
		setStrict(true);
		if (chosen.length === 0) return;
		void run(async () => {
			const outcomes = await many.run(chosen, (c) => props.add(c.id));
			await client.invalidateQueries({ queryKey: props.stale });
			const left = outcomes.filter((o) => o.state !== "done");
			setChosen(left.map((o) => o.item));
			if (left.length < outcomes.length)
				notify({ type: "success", content: t("added", { count: outcomes.length - left.length, name }) });
			if (left.length === 0) props.close();
		});
	};
	return (
		<Modal
			visible
			size="large"
			header={t("addHeader", { name })}
			onDismiss={props.close}
			footer={
				<Box float="right">
					<SpaceBetween direction="horizontal" size="xs">
						<Button variant="link" disabled={busy} onClick={props.close}>
							{t(many.outcomes.length > 0 ? "close" : "cancel")}
						</Button>
						<Button variant="primary" loading={busy} onClick={add}>
							{t("addButton")}
						</Button>
					</SpaceBetween>
				</Box>
			}
		>
			<SpaceBetween size="m">
				<ManyOutcome outcomes={many.outcomes} name={titleOf} id={(c) => c.id} running={busy} />
				<FormField stretch errorText={strict && chosen.length === 0 && !busy ? t("addMissing") : undefined}>
					<PeoplePicker
						find={props.find}
						chosen={chosen}
						onChange={setChosen}
						most={100}
						excluded={(c) => (props.there.has(c.id) ? t("addThere") : undefined)}
					/>
				</FormField>
			</SpaceBetween>
		</Modal>
	);
}
