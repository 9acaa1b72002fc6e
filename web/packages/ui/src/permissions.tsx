import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import type { Candidate, PermissionType } from "@postroom/api";
import { type ReactNode, useState } from "react";
import { useBusy } from "./busy.ts";
import { counter } from "./counter.ts";
import { Dialog } from "./dialog.tsx";
import { ErrorBox, useProblem } from "./errors.tsx";
import { ManyOutcome, undone, useMany } from "./many.tsx";
import { notify } from "./notices.tsx";
import { Pages } from "./pages.tsx";
import { t } from "./permission-words.ts";
import { PeoplePicker, titleOf } from "./picker.tsx";
import { usePageNumber, useQuery } from "./place.ts";
import { useStacked } from "./stacked.tsx";

/** What one was given. */
export interface Granted {
	who: Candidate;
	values: PermissionType[];
}

export interface PermissionsProps {
	/** What is it about: shown in the sentences. */
	owner: string;
	description: string;
	/** What can be given here: a group has no mailbox, so no full access. */
	rights: readonly PermissionType[];
	/** Undefined while loading. */
	granted: readonly Granted[] | undefined;
	/** It is read, also anew. */
	loading: boolean;
	error?: unknown;
	again: () => void;
	link: (who: Candidate) => ReactNode;
	find: (text: string, signal: AbortSignal) => Promise<Candidate[]>;
	/** Who cannot be chosen, such as the owner itself. */
	excluded?: (c: Candidate) => string | undefined;
	onPut?: ((grantee: string, values: PermissionType[]) => Promise<unknown>) | undefined;
	onRemove?: ((grantee: string) => Promise<unknown>) | undefined;
	/** After something was changed, also in part. */
	changed: () => Promise<unknown> | undefined;
}

/** Rows on a page. */
const size = 25;

const isFound = ({ who }: Granted, text: string): boolean =>
	[who.name, who.title, who.email].some((part) => part?.toLowerCase().includes(text.toLowerCase()));

/** Who may use a mailbox or send as a group: add, change, remove. */
export function PermissionsEditor(props: PermissionsProps) {
	const stacked = useStacked();
	const [open, setOpen] = useState<"add" | Granted | undefined>();
	const [removing, setRemoving] = useState<Granted>();
	const [query, setQuery] = useQuery("grantee");
	const [text, setText] = useState(query);
	const [page, setPage] = usePageNumber("granteePage");
	const { granted, onPut, onRemove } = props;
	const found = (granted ?? []).filter((p) => isFound(p, query));
	const pages = Math.max(1, Math.ceil(found.length / size));
	const last = Math.min(page, pages);
	if (props.error && !granted) return <ErrorBox error={props.error} again={props.again} />;
	const texts = (p: Granted) => p.values.map((v) => t(v)).join(", ");
	return (
		<>
			<Table<Granted>
				items={found.slice((last - 1) * size, last * size)}
				trackBy={(p) => p.who.id}
				wrapLines
				loading={granted === undefined}
				loadingText={t("loading")}
				header={
					<Header
						variant="h2"
						counter={granted ? counter(granted.length, found.length) : ""}
						description={props.description}
						actions={
							<SpaceBetween direction="horizontal" size="xs">
								<Button iconName="refresh" ariaLabel={t("refresh")} loading={props.loading} onClick={props.again} />
								{onPut && <Button onClick={() => setOpen("add")}>{t("add")}</Button>}
							</SpaceBetween>
						}
					>
						{t("header")}
					</Header>
				}
				filter={
					(query !== "" || (granted?.length ?? 0) > size) && (
						<TextFilter
							filteringText={text}
							filteringPlaceholder={t("findHint")}
							filteringAriaLabel={t("find")}
							filteringClearAriaLabel={t("clear")}
							countText={query && granted ? t("matches", { count: found.length }) : ""}
							onChange={({ detail }) => setText(detail.filteringText)}
							onDelayedChange={({ detail }) => {
								setQuery(detail.filteringText.trim());
								setPage(1);
							}}
						/>
					)
				}
				pagination={pages > 1 && <Pages name={t("header")} page={last} setPage={setPage} pages={pages} />}
				empty={<Box color="text-body-secondary">{t(query ? "noMatch" : "empty")}</Box>}
				ariaLabels={{ tableLabel: t("header") }}
				columnDefinitions={stacked<Granted>([
					{
						id: "name",
						header: t("who"),
						isRowHeader: true,
						cell: (p) => props.link(p.who),
					},
					{ id: "kind", header: t("kind"), cell: (p) => t(p.who.kind) },
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
				])}
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
						await onRemove(removing.who.id);
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
	/** Of the mailbox or name. */
	owner: string;
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
						description={t(`${right}_help`, { owner: props.owner })}
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
	const has = new Set(props.granted?.map((p) => p.who.id));
	const add = async () => {
		setStrict(true);
		if (chosen.length === 0 || rights.length === 0) return;
		await run(async () => {
			// One after the other: each makes a revision of its own.
			const outcomes = await many.run(chosen, (c) => onPut(c.id, rights), 1);
			await props.changed();
			setChosen(undone(outcomes));
			if (undone(outcomes).length === 0) {
				notify({
					type: "success",
					content: t("added", {
						count: outcomes.length,
						name: chosen[0] ? titleOf(chosen[0]) : "",
						owner: props.owner,
					}),
				});
				close();
			}
		});
	};
	return (
		<Dialog
			size="large"
			header={t("addHeader", { owner: props.owner })}
			button={t("add")}
			act={add}
			begun={many.outcomes.length > 0}
			close={close}
		>
			<ManyOutcome outcomes={many.outcomes} name={titleOf} id={(c) => c.id} />
			<Rights
				owner={props.owner}
				rights={props.rights}
				value={rights}
				onChange={setRights}
				groups={chosen.some((c) => c.kind === "GROUP")}
				error={strict && rights.length === 0 ? t("rightsMissing") : undefined}
			/>
			{/* No field of a form: its label would be the name of every box in the list. */}
			<SpaceBetween size="xs">
				<Box variant="awsui-key-label">{t("who")}</Box>
				{strict && chosen.length === 0 && <StatusIndicator type="error">{t("whoMissing")}</StatusIndicator>}
				<PeoplePicker
					find={props.find}
					chosen={chosen}
					// What runs is about those that were chosen when it began.
					onChange={(now) => !busy && setChosen(now)}
					most={100}
					excluded={(c) => (has.has(c.id) ? t("there") : props.excluded?.(c))}
				/>
			</SpaceBetween>
		</Dialog>
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
	const [rights, setRights] = useState<PermissionType[]>(granted.values);
	return (
		<Confirm
			header={t("editHeader", { name: granted.who.name })}
			button={t("save")}
			close={close}
			refuse={rights.length === 0 ? t("rightsNone") : undefined}
			act={async () => {
				await onPut(granted.who.id, rights);
				await props.changed();
				notify({ type: "success", content: t("saved", { name: granted.who.name, owner: props.owner }) });
			}}
			failed={props.changed}
		>
			<Rights
				owner={props.owner}
				rights={props.rights}
				value={rights}
				onChange={setRights}
				groups={granted.who.kind === "GROUP"}
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
	const problem = useProblem();
	const act = async () => {
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
	};
	return (
		<Dialog header={props.header} button={props.button} act={act} problem={problem.rest} close={props.close}>
			<div>{props.children}</div>
		</Dialog>
	);
}
