import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { Candidate, Permission, PermissionType } from "@postroom/api";
import { type ReactNode, useState } from "react";
import { useBusy } from "./busy.ts";
import { ErrorBox, useProblem } from "./errors.tsx";
import { ManyOutcome, useMany } from "./many.tsx";
import { notify } from "./notices.tsx";
import { t } from "./permission-words.ts";
import { PeoplePicker, titleOf } from "./picker.tsx";

/** A permission with the name of who has it. */
export type Granted = Permission & { who: Candidate };

export interface PermissionsProps {
	/** What is it about: shown in the sentences. */
	owner: string;
	description: string;
	/** What can be given here: a group has no mailbox, so no full access. */
	rights: readonly PermissionType[];
	/** Undefined while loading. */
	granted: readonly Granted[] | undefined;
	error?: unknown;
	again: () => void;
	link?: (who: Candidate) => ReactNode;
	find: (text: string, signal: AbortSignal) => Promise<Candidate[]>;
	/** Who cannot be chosen, such as the owner itself. */
	excluded?: (c: Candidate) => string | undefined;
	/** `first`: of the calls of one step; this one says which revision it is about. */
	onPut?: ((grantee: string, values: PermissionType[], first: boolean) => Promise<unknown>) | undefined;
	onRemove?: ((grantee: string) => Promise<unknown>) | undefined;
	/** After something was changed, also in part. */
	changed: () => Promise<unknown> | undefined;
}

/** Who may use a mailbox or send as a group: add, change, remove. */
export function PermissionsEditor(props: PermissionsProps) {
	const [open, setOpen] = useState<"add" | Granted | undefined>();
	const [removing, setRemoving] = useState<Granted>();
	const { granted, onPut, onRemove } = props;
	if (props.error && !granted) return <ErrorBox error={props.error} again={props.again} />;
	const texts = (p: Permission) => p.PermissionValues.map((v) => t(v)).join(", ");
	return (
		<>
			<Table<Granted>
				items={granted ?? []}
				trackBy="GranteeId"
				wrapLines
				loading={granted === undefined}
				loadingText={t("loading")}
				header={
					<Header
						variant="h2"
						counter={granted ? `(${granted.length})` : ""}
						description={props.description}
						actions={onPut && <Button onClick={() => setOpen("add")}>{t("add")}</Button>}
					>
						{t("header")}
					</Header>
				}
				empty={<Box color="text-body-secondary">{t("empty")}</Box>}
				ariaLabels={{ tableLabel: t("header") }}
				columnDefinitions={[
					{
						id: "name",
						header: t("who"),
						isRowHeader: true,
						cell: (p) => props.link?.(p.who) ?? titleOf(p.who),
					},
					{ id: "kind", header: t("kind"), cell: (p) => t(p.GranteeType) },
					{ id: "rights", header: t("rights"), cell: texts },
					...(onPut || onRemove
						? [
								{
									id: "actions",
									header: t("actions"),
									cell: (p: Granted) => (
										<SpaceBetween direction="horizontal" size="xs">
											{onPut && (
												<Button
													variant="inline-link"
													ariaLabel={t("editOf", { name: p.who.name })}
													onClick={() => setOpen(p)}
												>
													{t("edit")}
												</Button>
											)}
											{onRemove && (
												<Button
													variant="inline-link"
													ariaLabel={t("removeOf", { name: p.who.name })}
													onClick={() => setRemoving(p)}
												>
													{t("remove")}
												</Button>
											)}
										</SpaceBetween>
									),
								},
							]
						: []),
				]}
			/>
			{open === "add" && onPut && <Add {...props} onPut={onPut} close={() => setOpen(undefined)} />}
			{open && open !== "add" && onPut && (
				<Edit {...props} onPut={onPut} granted={open} close={() => setOpen(undefined)} />
			)}
			{removing && onRemove && (
				<Confirm
					header={t("removeHeader", { name: removing.who.name })}
					button={t("remove")}
					close={() => setRemoving(undefined)}
					act={async () => {
						await onRemove(removing.GranteeId);
						await props.changed();
						notify({ type: "success", content: t("removed", { name: removing.who.name, owner: props.owner }) });
					}}
					failed={props.changed}
				>
					{t("removeHelp", { name: titleOf(removing.who), rights: texts(removing), owner: props.owner })}
				</Confirm>
			)}
		</>
	);
}

function Rights(props: {
	rights: readonly PermissionType[];
	value: readonly PermissionType[];
	onChange: (value: PermissionType[]) => void;
	error?: string | undefined;
	groups: boolean;
}) {
	return (
		<FormField label={t("rights")} errorText={props.error}>
			<SpaceBetween size="xs">
				{props.rights.map((right) => (
					<Checkbox
						key={right}
						checked={props.value.includes(right)}
						description={t(`${right}_help`)}
						onChange={({ detail }) =>
							props.onChange(props.rights.filter((r) => (r === right ? detail.checked : props.value.includes(r))))
						}
					>
						{t(right)}
					</Checkbox>
				))}
				{props.groups && <Alert type="info">{t("groupsHelp")}</Alert>}
			</SpaceBetween>
		</FormField>
	);
}

function Add({
	onPut,
	close,
	...props
}: PermissionsProps & { onPut: NonNullable<PermissionsProps["onPut"]>; close: () => void }) {
	const [chosen, setChosen] = useState<Candidate[]>([]);
	const [rights, setRights] = useState<PermissionType[]>([]);
	const [strict, setStrict] = useState(false);
	const [busy, run] = useBusy();
	const many = useMany<Candidate>();
	const has = new Set(props.granted?.map((p) => p.GranteeId));
	const add = () => {
		setStrict(true);
		if (chosen.length === 0 || rights.length === 0) return;
		void run(async () => {
			let first = true;
			// One after the other: the first says which revision all of it is about.
			const outcomes = await many.run(
				chosen,
				(c) => {
					const now = first;
					first = false;
					return onPut(c.id, rights, now);
				},
				1,
			);
			await props.changed();
			setChosen(outcomes.filter((o) => o.state !== "done").map((o) => o.item));
			if (outcomes.every((o) => o.state === "done")) {
				notify({ type: "success", content: t("added", { count: outcomes.length, owner: props.owner }) });
				close();
			}
		});
	};
	return (
		<Modal
			visible
			size="large"
			header={t("addHeader", { owner: props.owner })}
			onDismiss={close}
			footer={<Buttons busy={busy} close={close} act={add} button={t("add")} />}
		>
			<SpaceBetween size="l">
				<ManyOutcome outcomes={many.outcomes} name={titleOf} id={(c) => c.id} running={busy} />
				{/* No field of a form: its label would be the name of every box in the list. */}
				<SpaceBetween size="xs">
					<Box variant="awsui-key-label">{t("who")}</Box>
					{strict && chosen.length === 0 && <StatusIndicator type="error">{t("whoMissing")}</StatusIndicator>}
					<PeoplePicker
						find={props.find}
						chosen={chosen}
						onChange={setChosen}
						most={100}
						excluded={(c) => (has.has(c.id) ? t("there") : props.excluded?.(c))}
					/>
				</SpaceBetween>
				<Rights
					rights={props.rights}
					value={rights}
					onChange={setRights}
					groups={chosen.some((c) => c.kind === "GROUP")}
					error={strict && rights.length === 0 ? t("rightsMissing") : undefined}
				/>
			</SpaceBetween>
		</Modal>
	);
}

function Edit({
	granted,
	onPut,
	close,
	...props
}: Omit<PermissionsProps, "granted"> & {
	granted: Granted;
	onPut: NonNullable<PermissionsProps["onPut"]>;
	close: () => void;
}) {
	const [rights, setRights] = useState<PermissionType[]>(granted.PermissionValues);
	return (
		<Confirm
			header={t("editHeader", { name: granted.who.name })}
			button={t("save")}
			close={close}
			refuse={rights.length === 0 ? t("rightsNone") : undefined}
			act={async () => {
				await onPut(granted.GranteeId, rights, true);
				await props.changed();
				notify({ type: "success", content: t("saved", { name: granted.who.name, owner: props.owner }) });
			}}
			failed={props.changed}
		>
			<Rights
				rights={props.rights}
				value={rights}
				onChange={setRights}
				groups={granted.GranteeType === "GROUP"}
				error={rights.length === 0 ? t("rightsNone") : undefined}
			/>
		</Confirm>
	);
}

function Confirm(props: {
	header: string;
	button: string;
	children: ReactNode;
	refuse?: string | undefined;
	act: () => Promise<void>;
	/** Reads what is there now. */
	failed: () => Promise<unknown> | undefined;
	close: () => void;
}) {
	const [busy, run] = useBusy();
	const problem = useProblem();
	const act = () =>
		run(async () => {
			if (props.refuse) return;
			problem.clear();
			try {
				await props.act();
				props.close();
			} catch (error) {
				// First what is there now, then the words: whoever reads them and goes on does so on what they say.
				await props.failed();
				problem.fail(error);
			}
		});
	return (
		<Modal
			visible
			header={props.header}
			onDismiss={props.close}
			footer={<Buttons busy={busy} close={props.close} act={() => void act()} button={props.button} />}
		>
			<SpaceBetween size="m">
				{problem.rest && <Alert type="error">{problem.rest}</Alert>}
				<div>{props.children}</div>
			</SpaceBetween>
		</Modal>
	);
}

function Buttons(props: { busy: boolean; close: () => void; act: () => void; button: string }) {
	return (
		<Box float="right">
			<SpaceBetween direction="horizontal" size="xs">
				<Button variant="link" disabled={props.busy} onClick={props.close}>
					{t("cancel")}
				</Button>
				<Button variant="primary" loading={props.busy} onClick={props.act}>
					{props.button}
				</Button>
			</SpaceBetween>
		</Box>
	);
}
