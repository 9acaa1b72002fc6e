import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type AccessKey, call, dateOf, pages } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { may } from "@postroom/session";
import { ConfirmByName, notify, PartTable, useBusy, useProblem } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "./words.ts";

const queryKey = (id: string) => ["deployment", "administrators", id, "keys"];

async function keysOf(AdministratorId: string): Promise<AccessKey[]> {
	const list: AccessKey[] = [];
	for await (const page of pages((NextToken) =>
		call("ListAccessKeys", { AdministratorId, NextToken, MaxResults: 100 }),
	))
		list.push(...(page.AccessKeys ?? []));
	return list;
}

export const useKeys = (id: string) => useQuery({ queryKey: queryKey(id), queryFn: () => keysOf(id) });

/** The access keys of an administrator, to stop them; only he can create one. */
export function Keys({ administrator }: { administrator: string }) {
	const keys = useKeys(administrator);
	const client = useQueryClient();
	const [deleting, setDeleting] = useState<AccessKey>();
	const [busy, run] = useBusy();
	const problem = useProblem();
	const mayChange = may("UpdateAdministrator");
	const again = () => client.invalidateQueries({ queryKey: queryKey(administrator) });
	const toggle = (key: AccessKey) =>
		run(async () => {
			problem.clear();
			const active = key.Status !== "ACTIVE";
			try {
				await call("UpdateAccessKey", { AccessKeyId: key.AccessKeyId ?? "", Status: active ? "ACTIVE" : "INACTIVE" });
				notify({ type: "success", content: t(active ? "keyActive" : "keyInactive", { key: key.AccessKeyId ?? "" }) });
			} catch (error) {
				problem.fail(error);
			}
			await again();
		});
	return (
		<>
			{problem.rest && <Alert type="error">{problem.rest}</Alert>}
			<PartTable<AccessKey>
				header={t("keys")}
				description={t("keysHelp")}
				items={keys.data}
				error={keys.error}
				again={() => void keys.refetch()}
				id={(k) => k.AccessKeyId ?? ""}
				empty={t("noKeys")}
				columns={[
					{ id: "key", header: t("key"), rowHeader: true, cell: (k) => <Box variant="code">{k.AccessKeyId}</Box> },
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
					...(mayChange
						? [
								{
									id: "actions",
									header: t("actions"),
									cell: (k: AccessKey) => {
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
												<Button
													variant="inline-link"
													ariaLabel={t("deleteOne", { key })}
													onClick={() => setDeleting(k)}
												>
													{t("delete")}
												</Button>
											</SpaceBetween>
										);
									},
								},
							]
						: []),
				]}
			/>
			{deleting && (
				<ConfirmByName
					header={t("deleteKeyTitle", { key: deleting.AccessKeyId ?? "" })}
					name={deleting.AccessKeyId ?? ""}
					button={t("delete")}
					close={() => setDeleting(undefined)}
					action={async () => {
						await call("DeleteAccessKey", { AccessKeyId: deleting.AccessKeyId ?? "" });
						notify({ type: "success", content: t("keyDeleted", { key: deleting.AccessKeyId ?? "" }) });
						await again();
					}}
				>
					{t("deleteKeyHelp")}
				</ConfirmByName>
			)}
		</>
	);
}
