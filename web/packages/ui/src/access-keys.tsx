import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type AccessKey, allOf, call, dateOf } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useBusy } from "./busy.ts";
import { ConfirmByName } from "./confirm.tsx";
import { useProblem } from "./errors.tsx";
import { notify } from "./notices.tsx";
import { PartTable } from "./part-table.tsx";
import { t } from "./sign-in-words.ts";

/** Under which the keys are read; without an administrator they are one's own. */
export const accessKeysKey = (administrator?: string) =>
	administrator ? ["deployment", "administrators", administrator, "keys"] : ["account", "keys"];

function keysOf(administrator: string | undefined): Promise<AccessKey[]> {
	const whose = administrator ? { AdministratorId: administrator } : {};
	return allOf(
		(NextToken) => call("ListAccessKeys", { ...whose, NextToken, MaxResults: 100 }),
		(page) => page.AccessKeys,
	);
}

export const useAccessKeys = (administrator?: string) =>
	useQuery({ queryKey: accessKeysKey(administrator), queryFn: () => keysOf(administrator) });

/** The access keys of an administrator, or one's own, to stop and delete them. */
export function AccessKeys(props: {
	administrator?: string;
	mayChange: boolean;
	/** Such as creating one. */
	actions?: ReactNode;
}) {
	const { administrator } = props;
	const keys = useAccessKeys(administrator);
	const client = useQueryClient();
	const [deleting, setDeleting] = useState("");
	const [busy, run] = useBusy();
	const problem = useProblem();
	const again = () => client.invalidateQueries({ queryKey: accessKeysKey(administrator) });
	const toggle = (key: AccessKey) =>
		run(async () => {
			problem.clear();
			const active = key.Status !== "ACTIVE";
			try {
				await call("UpdateAccessKey", { AccessKeyId: key.AccessKeyId ?? "", Status: active ? "ACTIVE" : "INACTIVE" });
				await again();
				notify({ type: "success", content: t(active ? "keyActive" : "keyInactive", { key: key.AccessKeyId ?? "" }) });
			} catch (error) {
				problem.fail(error);
				await again();
			}
		});
	const actionsOf = (k: AccessKey) => {
		const on = k.Status === "ACTIVE";
		const key = k.AccessKeyId ?? "";
		return (
			<SpaceBetween direction="horizontal" size="xs">
				<Button
					variant="inline-link"
					disabled={busy}
					ariaLabel={t(on ? "deactivateOne" : "activateOne", { key })}
					onClick={() => void toggle(k)}
				>
					{t(on ? "deactivate" : "activate")}
				</Button>
				<Button variant="inline-link" ariaLabel={t("deleteOne", { key })} onClick={() => setDeleting(key)}>
					{t("delete")}
				</Button>
			</SpaceBetween>
		);
	};
	return (
		<>
			{problem.rest && <Alert type="error">{problem.rest}</Alert>}
			<PartTable<AccessKey>
				header={t("keys")}
				description={t(administrator ? "keysTheirs" : "keysOwn")}
				items={keys.data}
				error={keys.error}
				again={() => void keys.refetch()}
				id={(k) => k.AccessKeyId ?? ""}
				empty={t(administrator ? "noKeysTheirs" : "noKeysOwn")}
				actions={props.actions}
				columns={[
					{ id: "key", header: t("key"), isRowHeader: true, cell: (k) => <Box variant="code">{k.AccessKeyId}</Box> },
					{
						id: "status",
						header: t("status"),
						cell: (k) => (
							<StatusIndicator type={k.Status === "ACTIVE" ? "success" : "stopped"}>
								{t(k.Status === "ACTIVE" ? "active" : "inactive")}
							</StatusIndicator>
						),
					},
					{ id: "created", header: t("created"), cell: (k) => formatMoment(dateOf(k.CreatedDate)) },
					{
						id: "used",
						header: t("lastUsed"),
						cell: (k) => (k.LastUsedDate ? formatMoment(dateOf(k.LastUsedDate)) : t("never")),
					},
					...(props.mayChange ? [{ id: "actions", header: t("actions"), cell: actionsOf }] : []),
				]}
			/>
			{deleting && (
				<ConfirmByName
					header={t("deleteKeyTitle", { key: deleting })}
					name={deleting}
					button={t("delete")}
					close={() => setDeleting("")}
					action={async () => {
						await call("DeleteAccessKey", { AccessKeyId: deleting });
						await again();
						notify({ type: "success", content: t("keyDeleted", { key: deleting }) });
					}}
				>
					{t("deleteKeyHelp")}
				</ConfirmByName>
			)}
		</>
	);
}
