import Alert from "@cloudscape-design/components/alert";
import { type Administrator, ApiError, call, callWithTag } from "@postroom/api";
import { Dialog, notify, useProblem } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isSelf, type Rights, RightsFields, rightsInput, rightsOf, roleName, scopeName } from "./rights.tsx";
import { t } from "./words.ts";

/** Changes role and organizations. What another administrator did meanwhile is shown, never overwritten unseen. */
export function Edit(props: { a: Administrator; etag: string; close: () => void }) {
	const id = props.a.AdministratorId ?? "";
	const name = props.a.Name ?? "";
	const [rights, setRights] = useState<Rights>(() => rightsOf(props.a));
	const [etag, setEtag] = useState(props.etag);
	const [newest, setNewest] = useState<Administrator>();
	const [strict, setStrict] = useState(false);
	const client = useQueryClient();
	const problem = useProblem({ organizations: ["OrganizationNotFoundException"] });
	// What is told is what the page shows by then.
	const again = () => client.invalidateQueries({ queryKey: ["deployment", "administrators"] });
	const submit = async () => {
		setStrict(true);
		if (!rights.all && rights.organizations.length === 0) return;
		problem.clear();
		try {
			await call("UpdateAdministrator", { AdministratorId: id, ...rightsInput(rights) }, { ifMatch: etag });
			await again();
			notify({ type: "success", content: t("changed", { name }) });
			props.close();
		} catch (error) {
			if (error instanceof ApiError && error.code === "ConflictException") {
				const now = await callWithTag("DescribeAdministrator", { AdministratorId: id }).catch(() => undefined);
				if (now) {
					setNewest(now.output);
					setEtag(now.etag);
				}
			}
			await again();
			problem.fail(error);
		}
	};
	return (
		<Dialog
			header={t("editTitle", { name })}
			button={t("save")}
			problem={problem.rest}
			act={submit}
			close={props.close}
		>
			{newest && (
				<Alert type="info">
					{t("newest", {
						state: [roleName(newest.Role), scopeName(newest), t(newest.Enabled ? "enabled" : "disabled")].join(", "),
					})}
				</Alert>
			)}
			<Alert type={isSelf(props.a) ? "warning" : "info"}>{t(isSelf(props.a) ? "editSelf" : "editEnds")}</Alert>
			<RightsFields value={rights} onChange={setRights} strict={strict} refused={problem.field("organizations")} />
		</Dialog>
	);
}
