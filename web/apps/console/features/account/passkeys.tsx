import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { call, dateOf, type Passkey } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { makePasskey, passkeysWork } from "@postroom/session";
import { Dialog, notify, PartTable, useProblem } from "@postroom/ui";
import { useState } from "react";
import { AskPassword } from "./ask-password.tsx";
import { t } from "./words.ts";

type Changed = (codes?: readonly string[]) => Promise<void>;

export function Passkeys(props: { passkeys: readonly Passkey[]; changed: Changed; again: () => void }) {
	const [adding, setAdding] = useState(false);
	const [deleting, setDeleting] = useState<Passkey>();
	return (
		<>
			<PartTable<Passkey>
				header={t("passkeys")}
				description={passkeysWork() ? t("passkeysHelp") : `${t("passkeysHelp")} ${t("passkeysNeed")}`}
				items={props.passkeys}
				again={props.again}
				id={(p) => p.PasskeyId ?? ""}
				empty={t("noPasskeys")}
				actions={
					<Button disabled={!passkeysWork()} onClick={() => setAdding(true)}>
						{t("addPasskey")}
					</Button>
				}
				columns={[
					{ id: "name", header: t("passkeyName"), isRowHeader: true, cell: (p) => p.Name },
					{ id: "created", header: t("created"), cell: (p) => formatMoment(dateOf(p.CreatedDate)) },
					{
						id: "used",
						header: t("lastUsed"),
						cell: (p) => (p.LastUsedDate ? formatMoment(dateOf(p.LastUsedDate)) : t("never")),
					},
					{
						id: "actions",
						header: t("actions"),
						cell: (p) => (
							<Button
								variant="inline-link"
								ariaLabel={t("deletePasskey", { name: p.Name ?? "" })}
								onClick={() => setDeleting(p)}
							>
								{t("delete")}
							</Button>
						),
					},
				]}
			/>
			{adding && <Add changed={props.changed} close={() => setAdding(false)} />}
			{deleting && (
				<AskPassword
					header={t("deletePasskey", { name: deleting.Name ?? "" })}
					text={t("removeHelp")}
					button={t("delete")}
					close={() => setDeleting(undefined)}
					action={async (Password) => {
						await call("DeletePasskey", { PasskeyId: deleting.PasskeyId ?? "", Password });
						await props.changed();
						notify({ type: "success", content: t("passkeyDeleted", { name: deleting.Name ?? "" }) });
					}}
				/>
			)}
		</>
	);
}

function Add({ changed, close }: { changed: Changed; close: () => void }) {
	const [typed, setTyped] = useState("");
	const [strict, setStrict] = useState(false);
	const [browser, setBrowser] = useState("");
	const problem = useProblem({ name: ["NameAvailabilityException", /\bname\b/i] });
	const name = typed.trim();
	const fault = name === "" ? t("missingName") : name.length > 64 ? t("longName") : undefined;
	const add = async () => {
		setStrict(true);
		if (fault) return;
		problem.clear();
		setBrowser("");
		try {
			const begun = await call("BeginPasskey", {});
			const Response = await makePasskey(begun.Options ?? "");
			const out = await call("FinishPasskey", { Name: name, Response });
			notify({ type: "success", content: t("passkeyAdded", { name }) });
			close();
			await changed(out.RecoveryCodes);
		} catch (error) {
			if (error instanceof DOMException) setBrowser(reason(error));
			else problem.fail(error);
		}
	};
	return (
		<Dialog header={t("addPasskey")} button={t("addPasskey")} act={add} problem={problem.rest ?? browser} close={close}>
			<FormField
				label={t("passkeyName")}
				constraintText={t("passkeyNameHelp")}
				errorText={problem.field("name") ?? (strict ? fault : undefined)}
			>
				<Input value={typed} onChange={(e) => setTyped(e.detail.value)} autoComplete={false} />
			</FormField>
		</Dialog>
	);
}

/** What the browser's own dialog came to. */
function reason(error: DOMException): string {
	if (error.name === "NotAllowedError" || error.name === "AbortError") return t("passkeyStopped");
	if (error.name === "InvalidStateError") return t("passkeyThere");
	return t("passkeyFailed", { reason: error.message });
}
