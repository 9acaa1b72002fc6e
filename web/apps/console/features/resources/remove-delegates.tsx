import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Candidate } from "@postroom/api";
import { go, ManyOutcome, notify, titleOf, useBusy, useMany } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "./words.ts";

/** Takes delegates away; where somebody must stay, it says so before it asks the server. */
export default function RemoveDelegates(props: {
	name: string;
	delegates: readonly Candidate[];
	/** The resource would be left with nobody to answer. */
	needed: boolean;
	remove: (id: string) => Promise<unknown>;
	/** Key of what is read anew. */
	stale: readonly string[];
	close: () => void;
}) {
	const { name } = props;
	const client = useQueryClient();
	// The selection changes while they go.
	const [delegates, setDelegates] = useState(props.delegates);
	const [busy, run] = useBusy();
	const many = useMany<Candidate>();
	const remove = () =>
		run(async () => {
			const outcomes = await many.run(delegates, (c) => props.remove(c.id));
			await client.invalidateQueries({ queryKey: props.stale });
			const left = outcomes.filter((o) => o.state !== "done");
			if (left.length < outcomes.length)
				notify({ type: "success", content: t("removed", { count: outcomes.length - left.length, name }) });
			if (left.length === 0) props.close();
			else setDelegates(left.map((o) => o.item));
		});
	return (
		<Modal
			visible
			header={t("removeHeader", { count: delegates.length, name })}
			onDismiss={props.close}
			footer={
				<Box float="right">
					<SpaceBetween direction="horizontal" size="xs">
						<Button variant="link" disabled={busy} onClick={props.close}>
							{t(props.needed ? "close" : "cancel")}
						</Button>
						{!props.needed && (
							<Button variant="primary" loading={busy} onClick={() => void remove()}>
								{t("delegatesRemove")}
							</Button>
						)}
					</SpaceBetween>
				</Box>
			}
		>
			<SpaceBetween size="m">
				{props.needed ? (
					<Alert
						type="warning"
						action={
							<Button formAction="none" onClick={() => go(`${window.location.pathname}?tab=booking`)}>
								{t("toBooking")}
							</Button>
						}
					>
						{t("removeLast", { name })}
					</Alert>
				) : (
					<div>{t("removeDelegatesHelp", { names: delegates.slice(0, 20).map(titleOf).join(", ") })}</div>
				)}
				<ManyOutcome outcomes={many.outcomes} name={titleOf} id={(c) => c.id} running={busy} />
			</SpaceBetween>
		</Modal>
	);
}
