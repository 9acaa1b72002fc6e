import Alert from "@cloudscape-design/components/alert";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { VerifiedDomain, Within } from "@postroom/api";
import { type FormEvent, useEffect, useState } from "react";
import { useBusy } from "./busy.ts";
import { counter } from "./counter.ts";
import { Dialog } from "./dialog.tsx";
import { type Email, EmailField, emailFault, emailText, useAddressCheck } from "./email-field.tsx";
import { t } from "./entry-words.ts";
import { ErrorBox, useProblem } from "./errors.tsx";
import { useNarrow } from "./narrow.ts";
import { notify } from "./notices.tsx";
import { useGuard } from "./place.ts";

export interface AddressesProps {
	at: Within;
	/** The default address; undefined while it has none. */
	primary: string | undefined;
	/** Undefined while they are loading. */
	aliases: readonly string[] | undefined;
	error?: unknown;
	again?: () => void;
	/** Addresses are changed only while their owner is enabled. */
	enabled: boolean;
	domains: readonly VerifiedDomain[] | undefined;
	/** What is missing may not be done. Each rejects with what the server refuses. */
	onAdd?: ((email: string) => Promise<void>) | undefined;
	onDefault?: ((email: string) => Promise<void>) | undefined;
	onRemove?: ((email: string) => Promise<void>) | undefined;
}

/** The addresses of a user, group or resource: add, set as default, remove. */
export function AddressesEditor(props: AddressesProps) {
	const [adding, setAdding] = useState(false);
	const [removing, setRemoving] = useState<string>();
	const [busy, run] = useBusy();
	const [at, setAt] = useState("");
	const narrow = useNarrow();
	const problem = useProblem();
	const rows = [
		...(props.primary ? [{ email: props.primary, primary: true }] : []),
		...(props.aliases ?? []).map((email) => ({ email, primary: false })),
	];
	const act = (email: string, action: (email: string) => Promise<void>, said: string) => {
		setAt(email);
		return run(async () => {
			problem.clear();
			try {
				await action(email);
				problem.done();
				setRemoving(undefined);
				notify({ type: "success", content: said });
			} catch (error) {
				setRemoving(undefined);
				problem.fail(error);
			}
		});
	};
	const { onAdd, onDefault, onRemove } = props;
	const changes = props.enabled && (onDefault || onRemove);
	type Row = (typeof rows)[number];
	const use = (r: Row) =>
		r.primary ? <Badge color="blue">{t("addressDefault")}</Badge> : <Badge>{t("addressAlias")}</Badge>;
	const actions = (r: Row) => (
		<SpaceBetween direction="horizontal" size="xs">
			{onDefault && (
				<Button
					variant="inline-link"
					ariaLabel={t("addressSetDefaultOf", { email: r.email })}
					loading={busy && at === r.email}
					onClick={() => void act(r.email, onDefault, t("addressIsDefault", { email: r.email }))}
				>
					{t("addressSetDefault")}
				</Button>
			)}
			{onRemove && (
				<Button
					variant="inline-link"
					ariaLabel={t("addressRemoveOf", { email: r.email })}
					disabled={busy}
					onClick={() => setRemoving(r.email)}
				>
					{t("addressRemove")}
				</Button>
			)}
		</SpaceBetween>
	);
	// On a phone the columns would lie beyond the edge: there a row is one cell.
	const whole = (r: Row) => (
		<SpaceBetween size="xxs">
			<span>{r.email}</span>
			<SpaceBetween direction="horizontal" size="s">
				{use(r)}
				{changes && !r.primary && actions(r)}
			</SpaceBetween>
		</SpaceBetween>
	);
	const columns: TableProps.ColumnDefinition<Row>[] = narrow
		? [{ id: "email", header: t("address"), isRowHeader: true, cell: whole }]
		: [
				{ id: "email", header: t("address"), isRowHeader: true, cell: (r) => r.email },
				{ id: "use", header: t("addressUse"), cell: use },
				...(changes
					? [{ id: "actions", header: t("addressActions"), cell: (r: Row) => (r.primary ? "–" : actions(r)) }]
					: []),
			];
	return (
		<Container
			header={
				<Header
					variant="h2"
					counter={props.aliases ? counter(rows.length) : ""}
					description={props.enabled ? t("addressesHelp") : rows.length > 0 && t("addressesKept")}
					actions={
						onAdd && props.enabled && !adding && <Button onClick={() => setAdding(true)}>{t("addressAdd")}</Button>
					}
				>
					{t("addresses")}
				</Header>
			}
		>
			<SpaceBetween size="m">
				{problem.rest && <Refused>{problem.rest}</Refused>}
				{props.error !== undefined && props.error !== null && <ErrorBox error={props.error} again={props.again} />}
				{adding && onAdd && (
					<AddAddress at={props.at} domains={props.domains} add={onAdd} close={() => setAdding(false)} />
				)}
				<Table
					variant="embedded"
					items={rows}
					trackBy="email"
					wrapLines
					loading={props.aliases === undefined && !props.error}
					loadingText={t("loading")}
					ariaLabels={{ tableLabel: t("addresses") }}
					empty={<Box color="text-body-secondary">{t("addressesNone")}</Box>}
					columnDefinitions={columns}
				/>
			</SpaceBetween>
			{removing && onRemove && (
				<Dialog
					header={t("addressRemoveHeader", { email: removing })}
					button={t("addressRemove")}
					act={() => act(removing, onRemove, t("addressRemoved", { email: removing }))}
					close={() => setRemoving(undefined)}
				>
					{t("addressRemoveHelp")}
				</Dialog>
			)}
		</Container>
	);
}

/** What of the addresses could not be changed. */
const Refused = ({ children }: { children: string }) => (
	<Alert type="error" header={t("addressesFailed")}>
		{children}
	</Alert>
);

function AddAddress(props: {
	at: Within;
	domains: readonly VerifiedDomain[] | undefined;
	add: (email: string) => Promise<void>;
	close: () => void;
}) {
	const first = props.domains?.[0]?.name ?? "";
	const [email, setEmail] = useState<Email>({ local: "", domain: first });
	const [strict, setStrict] = useState(false);
	const [busy, run] = useBusy();
	const problem = useProblem({ email: [/address|alias|domain/i] });
	useGuard(email.local ? t("unsaved") : undefined);
	useEffect(() => {
		if (first) setEmail((e) => (e.domain ? e : { ...e, domain: first }));
	}, [first]);
	const wrong = emailFault(email, props.domains);
	const check = useAddressCheck(props.at, wrong ? "" : emailText(email));
	const fault = (strict ? wrong : undefined) ?? problem.field("email") ?? check.text;
	const submit = (event: FormEvent) => {
		event.preventDefault();
		setStrict(true);
		if (wrong) return;
		void run(async () => {
			problem.clear();
			const text = emailText(email);
			try {
				await props.add(text);
				notify({ type: "success", content: t("addressAdded", { email: text }) });
				props.close();
			} catch (error) {
				problem.fail(error);
			}
		});
	};
	return (
		<form onSubmit={submit}>
			<SpaceBetween size="s">
				{problem.rest && <Refused>{problem.rest}</Refused>}
				<SpaceBetween size="xxs">
					<EmailField
						label={t("addressNew")}
						value={email}
						onChange={(next) => {
							setEmail(next);
							problem.clear();
						}}
						domains={props.domains}
						error={fault}
					/>
					{!fault && check.hint}
				</SpaceBetween>
				<SpaceBetween direction="horizontal" size="xs">
					<Button formAction="submit" variant="primary" loading={busy}>
						{t("addressAddButton")}
					</Button>
					<Button formAction="none" onClick={props.close}>
						{t("cancel")}
					</Button>
				</SpaceBetween>
			</SpaceBetween>
		</form>
	);
}
