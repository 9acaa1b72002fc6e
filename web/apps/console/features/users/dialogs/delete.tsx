import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { ApiError, aliasesOf, call, groupsOf, type User } from "@postroom/api";
import { formatBytes } from "@postroom/i18n";
import { CliHint, ConfirmLabel, Counting, cliCommand, Dialog, notify } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type DialogProps, system, userNames } from "../data.ts";
import { t } from "../words.ts";
import { useBatch } from "./batch.ts";
import { LeftOut, Outcomes } from "./parts.tsx";

/** Deletes disabled users for good. */
export default function Delete(props: DialogProps) {
	const { region, org, users, close } = props;
	const [able] = useState(() => users.filter((u) => u.State !== "ENABLED" && !system(u)));
	const left = users.filter((u) => !able.some((a) => a.Id === u.Id));
	const { outcomes, run } = useBatch(props);
	const [typed, setTyped] = useState("");
	const [wrong, setWrong] = useState(false);
	const count = able.length;
	const phrase = count === 1 ? (able[0]?.Name ?? "") : t("deletePhrase", { count });
	const loss = useQuery({
		queryKey: [region, org, "loss", able.map((u) => u.Id)],
		queryFn: () => lossOf(region, org, able),
		enabled: count > 0,
		gcTime: 0,
	});
	const open = able.filter((u) => outcomes.get(u.Id ?? "")?.state !== "done");
	const remove = async () => {
		if (typed.trim() !== phrase) return setWrong(true);
		const done = await run(able, (u, options) =>
			call("DeleteUser", { OrganizationId: org, UserId: u.Id ?? "" }, options),
		);
		if (done.length === open.length) await close([]);
		if (done[0]) notify({ type: "success", content: t("deleted", { count: done.length, name: done[0].Name ?? "" }) });
	};
	if (count === 0)
		return (
			<Dialog header={t("delete")} close={() => void close()}>
				<Alert type="warning">{t("deleteNone", { names: userNames(left) })}</Alert>
			</Dialog>
		);
	return (
		<Dialog
			header={t("deleteTitle", { count, name: able[0]?.Name ?? "" })}
			button={t("deleteButton")}
			blocked={open.length === 0 || !loss.data}
			act={remove}
			begun={outcomes.size > 0}
			close={() => close(outcomes.size > 0 ? open : undefined)}
		>
			<Alert type="warning">
				{loss.data && <div>{t("deleteLost", { lost: lossText(count, loss.data) })}</div>}
				<div>{t("deleteHelp")}</div>
			</Alert>
			{!loss.data && <Counting of={[loss]} />}
			{count > 1 && <div>{userNames(able)}</div>}
			<LeftOut users={left} already="isStillEnabled" />
			<FormField
				label={<ConfirmLabel name={phrase} />}
				errorText={wrong && typed.trim() !== phrase ? t("confirmWrong", { name: phrase }) : undefined}
			>
				<Input value={typed} onChange={(e) => setTyped(e.detail.value)} autoComplete={false} spellcheck={false} />
			</FormField>
			<Outcomes outcomes={outcomes} />
			<CliHint
				commands={able
					.slice(0, 20)
					.map((u) => cliCommand(region, "DeleteUser", { OrganizationId: org, UserId: u.Id ?? "" }))}
			/>
		</Dialog>
	);
}

interface Loss {
	mailboxes: number;
	bytes: number;
	addresses: number;
	groups: number;
}

/** Says what is lost; of what is none nothing is said. */
const lossText = (users: number, { mailboxes, bytes, addresses, groups }: Loss): string =>
	[
		t("lostUsers", { count: users }),
		mailboxes > 0 && t("lostMailboxes", { count: mailboxes, size: formatBytes(bytes) }),
		addresses > 0 && t("lostAddresses", { count: addresses }),
		groups > 0 && t("lostGroups", { count: groups }),
	]
		.filter(Boolean)
		.join(", ");

/** Counts what goes with users, six at a time. */
async function lossOf(region: string, org: string, users: readonly User[]): Promise<Loss> {
	const loss: Loss = { mailboxes: 0, bytes: 0, addresses: 0, groups: 0 };
	const queue = users.map((u) => u.Id ?? "");
	const worker = async () => {
		for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
			const [box, aliases, groups] = await Promise.all([
				call("GetMailboxDetails", { OrganizationId: org, UserId: id }, { region }).catch((error) => {
					// Never enabled, or kept for its time already: there is no mailbox.
					if (error instanceof ApiError && error.code === "EntityNotFoundException") return undefined;
					throw error;
				}),
				aliasesOf({ region, org }, id),
				groupsOf({ region, org }, id),
			]);
			if (box) {
				loss.mailboxes++;
				loss.bytes += (box.MailboxSize ?? 0) * 1024 * 1024;
			}
			loss.addresses += aliases.length;
			loss.groups += groups.length;
		}
	};
	await Promise.all(Array.from({ length: Math.min(3, users.length) }, worker));
	return loss;
}
