import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { call } from "@postroom/api";
import { formatBytes } from "@postroom/i18n";
import { CliHint, cliCommand, Dialog, isConflict, notify, useProblem } from "@postroom/ui";
import { useState } from "react";
import { type Room, readRoom } from "./quota.tsx";
import { type Seen, titleOf, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

const least = 1;
const greatest = 51_200;
const megabyte = 1024 * 1024;

function faultOf(text: string): string | undefined {
	if (!/^\d+$/.test(text.trim())) return t("quotaNumber");
	const n = Number(text);
	if (n < least) return t("quotaLow", { least });
	return n > greatest ? t("quotaHigh", { greatest }) : undefined;
}

/** Changes the quota of the mailbox. */
export default function EditQuota(props: { where: Where; seen: Seen; room: Room; close: () => void }) {
	const { where, close } = props;
	const { region, org, id } = where;
	const name = titleOf(props.seen.user);
	const refresh = useRefresh(where);
	const [base, setBase] = useState(props.room);
	const [text, setText] = useState(String(props.room.quota));
	const [strict, setStrict] = useState(false);
	const [theirs, setTheirs] = useState(false);
	const problem = useProblem({ quota: [/quota/i] });
	const fault = strict || text !== String(base.quota) ? faultOf(text) : undefined;
	const quota = Number(text);
	const input = { OrganizationId: org, UserId: id, MailboxQuota: quota };

	const save = async () => {
		setStrict(true);
		if (faultOf(text)) return;
		problem.clear();
		setTheirs(false);
		let tag = base.tag;
		for (;;) {
			try {
				await call("UpdateMailboxQuota", input, { region, ifMatch: tag });
				break;
			} catch (error) {
				if (!isConflict(error)) return problem.fail(error);
				try {
					const newest = await readRoom(where);
					if (newest.quota === quota) break; // it is so already, perhaps by a try that got no answer
					setBase(newest);
					if (newest.quota !== base.quota) return setTheirs(true);
					tag = newest.tag; // something else of the user was changed
				} catch (unread) {
					return problem.fail(unread);
				}
			}
		}
		await refresh();
		notify({ type: "success", content: t("quotaSaved", { name, quota: formatBytes(quota * megabyte) }) });
		close();
	};
	return (
		<Dialog header={t("quotaEdit", { name })} button={t("save")} problem={problem.rest} act={save} close={close}>
			{theirs && <Alert type="warning">{t("quotaChanged", { now: base.quota })}</Alert>}
			<FormField
				label={t("quotaMegabytes")}
				constraintText={t("quotaRange", { least, greatest })}
				errorText={problem.field("quota") ?? fault}
				warningText={!fault && quota < base.used ? t("quotaBelow", { used: Math.ceil(base.used) }) : undefined}
			>
				<Input
					value={text}
					onChange={(event) => setText(event.detail.value)}
					inputMode="numeric"
					autoComplete={false}
				/>
			</FormField>
			<CliHint commands={fault ? [] : [cliCommand(region, "UpdateMailboxQuota", input)]} />
		</Dialog>
	);
}
