import Alert from "@cloudscape-design/components/alert";
import { type Administrator, call } from "@postroom/api";
import { Dialog, notify, useProblem } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { isSelf } from "./rights.tsx";
import { useStops } from "./stops.tsx";
import { t } from "./words.ts";

/** Locks an administrator out; the server refuses the last one who manages. */
export function Disable(props: { a: Administrator; etag: string; close: () => void }) {
	const id = props.a.AdministratorId ?? "";
	const name = props.a.Name ?? "";
	const stops = useStops(id);
	const client = useQueryClient();
	const problem = useProblem();
	// What is told is what the page shows by then.
	const again = () => client.invalidateQueries({ queryKey: ["deployment", "administrators"] });
	const submit = async () => {
		problem.clear();
		try {
			await call("UpdateAdministrator", { AdministratorId: id, Enabled: false }, { ifMatch: props.etag });
			await again();
			notify({ type: "success", content: t("disabledNotice", { name }) });
			props.close();
		} catch (error) {
			await again();
			problem.fail(error);
		}
	};
	return (
		<Dialog
			header={t("disableTitle", { name })}
			button={t("disable")}
			problem={problem.rest}
			act={submit}
			close={props.close}
		>
			{isSelf(props.a) && <Alert type="warning">{t("disableSelf")}</Alert>}
			{/* Nothing is destroyed: to lock somebody out waits for no number. */}
			{stops.words ? t("disableHelp", { name, ...stops.words }) : stops.counting}
		</Dialog>
	);
}
