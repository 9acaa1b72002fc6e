import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { CliHint, cliCommand, isConflict, notify, useBusy, useGuard, useProblem } from "@postroom/ui";
import { type FormEvent, useState } from "react";
import {
	type Details,
	detailsOf,
	differing,
	faultOf,
	labelOf,
	patchOf,
	refusals,
	type TextField,
	textFields,
} from "./fields.ts";
import { kindOf, readUser, type Seen, titleOf, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

/** A change of another administrator that came while this one was typing. */
type Theirs = ReadonlySet<keyof Details>;

/** How often a change is tried anew where another changed something that is not in this form. */
const tries = 3;

/**
 * The details as a form, in their place. A change is made against the revision
 * that was shown. Where another administrator was first, the form shows what is
 * there now beside what was typed, and only what differs from that is sent.
 */
export function DetailsForm(props: { where: Where; seen: Seen; close: () => void }) {
	const { where, close } = props;
	const { region, org } = where;
	const refresh = useRefresh(where);
	const [base, setBase] = useState(props.seen);
	const was = detailsOf(base.user);
	const [typed, setTyped] = useState(was);
	const [theirs, setTheirs] = useState<Theirs>(new Set());
	const [busy, run] = useBusy();
	const problem = useProblem(refusals);
	const changed = differing(was, typed);
	useGuard(changed.length > 0 && !busy ? t("leaveTyped") : undefined);

	const id = base.user.UserId ?? where.id;
	const enabled = kindOf(base.user).enabled;
	const input = { OrganizationId: org, UserId: id, ...patchOf(was, typed) };
	const faults = textFields.filter((f) => faultOf(f, typed[f]));
	const put = (change: Partial<Details>) => setTyped((now) => ({ ...now, ...change }));

	/** Goes on from the newest state; answers whether another changed what is in this form. */
	const rebase = (newest: Seen): boolean => {
		const now = detailsOf(newest.user);
		const moved = differing(was, now);
		setBase(newest);
		if (moved.length === 0) return false;
		const mine = new Set(changed);
		setTyped({ ...now, ...Object.fromEntries(changed.map((f) => [f, typed[f]])) });
		setTheirs(new Set(moved.filter((f) => mine.has(f) && now[f] !== typed[f])));
		return true;
	};

	const save = () =>
		run(async () => {
			if (faults.length > 0) return;
			if (changed.length === 0) return close();
			problem.clear();
			let tag = base.tag;
			for (let left = tries; ; left--) {
				try {
					await call("UpdateUser", input, { region, ifMatch: tag });
					break;
				} catch (error) {
					if (!isConflict(error)) return problem.fail(error);
					try {
						const newest = await readUser(where);
						if (rebase(newest) || left === 0) return problem.fail(error);
						tag = newest.tag;
					} catch (unread) {
						return problem.fail(unread);
					}
				}
			}
			await refresh();
			notify({ type: "success", content: t("detailsSaved", { name: typed.DisplayName || titleOf(base.user) }) });
			close();
		});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void save();
	};

	const field = (f: TextField) => (
		<FormField
			key={f}
			label={labelOf(f)}
			errorText={problem.field(f) ?? faultOf(f, typed[f])}
			warningText={
				theirs.has(f) && was[f] !== typed[f]
					? t(was[f] === "" ? "theirsEmpty" : "theirs", { value: was[f] })
					: undefined
			}
			secondaryControl={
				theirs.has(f) && was[f] !== typed[f] ? (
					<Button
						formAction="none"
						ariaLabel={t("takeTheirsOf", { field: labelOf(f) })}
						onClick={() => put({ [f]: was[f] })}
					>
						{t("takeTheirs")}
					</Button>
				) : undefined
			}
		>
			<Input
				value={typed[f]}
				onChange={(event) => put({ [f]: event.detail.value })}
				autoComplete={false}
				spellcheck={false}
				{...(f === "Telephone" ? { type: "text", inputMode: "tel" } : {})}
			/>
		</FormField>
	);

	return (
		<form onSubmit={submit}>
			<Form
				actions={
					<SpaceBetween direction="horizontal" size="xs">
						<Button formAction="none" variant="link" onClick={close}>
							{t("cancel")}
						</Button>
						<Button variant="primary" loading={busy}>
							{t("save")}
						</Button>
					</SpaceBetween>
				}
				// What another changed is told at the top and at its fields.
				errorText={theirs.size > 0 && isConflict(problem.error) ? undefined : problem.rest}
			>
				<Container header={<Header variant="h2">{t("detailsEdit")}</Header>}>
					<SpaceBetween size="l">
						{theirs.size > 0 && <Alert type="warning">{t("detailsChanged")}</Alert>}
						<ColumnLayout columns={3}>
							<FormField label={t("userName")} constraintText={t("userNameFixed")}>
								<Input value={base.user.Name ?? ""} readOnly />
							</FormField>
							{textFields.map(field)}
						</ColumnLayout>
						<Checkbox
							checked={!typed.hidden}
							onChange={(event) => put({ hidden: !event.detail.checked })}
							description={t("showInListHelp")}
						>
							{t("showInList")}
						</Checkbox>
						<Checkbox
							checked={typed.remote}
							disabled={enabled}
							onChange={(event) => put({ remote: event.detail.checked })}
							description={enabled ? t("remoteFixed") : t("remoteHelp")}
						>
							{t("remote")}
						</Checkbox>
					</SpaceBetween>
				</Container>
			</Form>
			<CliHint commands={[cliCommand(region, "UpdateUser", input)]} />
		</form>
	);
}
