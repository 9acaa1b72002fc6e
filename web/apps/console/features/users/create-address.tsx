import Alert from "@cloudscape-design/components/alert";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import {
	EmailField,
	emailFault,
	explain,
	NewPassword,
	type PasswordPolicy,
	useAddressCheck,
	useDomains,
	WaitingDomains,
} from "@postroom/ui";
import { type FormEvent, useEffect } from "react";
import { addressOf, type Draft, type Faults, faultsOf, localOf } from "./draft.ts";
import { t } from "./words.ts";

/** Step 2: where mail for the user arrives, and how the user signs in. */
export function AddressStep(props: {
	region: string;
	org: string;
	draft: Draft;
	change: (part: Partial<Draft>) => void;
	faults: Faults;
	strict: boolean;
	policy: PasswordPolicy;
	submit: () => void;
}) {
	const { region, org, draft, change, faults } = props;
	const domains = useDomains({ region, org });
	useEffect(() => {
		const list = domains.data;
		if (list && !list.some((d) => d.name === draft.domain)) change({ domain: list[0]?.name ?? "" });
	}, [domains.data, draft.domain, change]);
	const problem = useAddressCheck({ region, org }, faultsOf(draft).email ? "" : addressOf(draft));
	// A whole address that was pasted, of a domain that is not ours.
	const foreign = localOf(draft).includes("@")
		? emailFault({ local: localOf(draft), domain: draft.domain }, domains.data)
		: undefined;
	const fault = foreign ?? faults.email ?? problem.text;
	const submit = (event: FormEvent) => {
		event.preventDefault();
		props.submit();
	};
	return (
		<form onSubmit={submit}>
			<Container>
				<SpaceBetween size="l">
					{domains.error && <Alert type="error">{explain(domains.error)}</Alert>}
					<Checkbox
						checked={draft.remote}
						onChange={(e) => change({ remote: e.detail.checked })}
						description={t("remoteHelp")}
					>
						{t("remote")}
					</Checkbox>
					<SpaceBetween size="xxs">
						<EmailField
							label={t(draft.remote ? "addressLabelRemote" : "addressLabel")}
							value={{ local: localOf(draft), domain: draft.domain }}
							// What only follows the user name goes on following it.
							onChange={({ local, domain }) => change(local === localOf(draft) ? { domain } : { local, domain })}
							domains={domains.data}
							error={fault}
						/>
						{!fault && problem.hint}
						<WaitingDomains region={region} org={org} />
					</SpaceBetween>
					{!draft.remote && (
						<NewPassword
							value={draft.password}
							repeated={draft.repeated}
							onChange={(password, repeated) => change({ password, repeated })}
							strict={props.strict}
							policy={props.policy}
							refused={faults.password}
						/>
					)}
					<Checkbox
						checked={draft.listed}
						onChange={(e) => change({ listed: e.detail.checked })}
						description={t("inListHelp")}
					>
						{t("inList")}
					</Checkbox>
				</SpaceBetween>
			</Container>
			<input type="submit" hidden />
		</form>
	);
}
