import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { call } from "@postroom/api";
import { CliHint, cliCommand, Dialog, domainName, go, href, notify, useProblem } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "./words.ts";

export default function AddDomain({ region, org, close }: { region: string; org: string; close: () => void }) {
	const client = useQueryClient();
	const [typed, setTyped] = useState("");
	const [strict, setStrict] = useState(false);
	const regions = useQuery({ queryKey: ["regions"], queryFn: () => call("ListRegions", {}), staleTime: 600_000 });
	const base = regions.data?.Regions?.find((r) => r.Name === region)?.BaseDomain ?? "";
	const problem = useProblem({
		name: ["MailDomainInUseException", "NameAvailabilityException", "LimitExceededException", /domain/i],
	});
	const name = domainName(typed.trim());
	const fault = (): string | undefined => {
		if (typed.trim() === "") return t("addMissing");
		if (name === undefined) return t("addInvalid");
		if (base !== "" && (name === base || name.endsWith(`.${base}`))) return t("addOurs", { domain: base });
		return undefined;
	};
	const add = async () => {
		setStrict(true);
		if (fault() || name === undefined) return;
		problem.clear();
		try {
			await call("RegisterMailDomain", { OrganizationId: org, DomainName: name }, { region });
			await client.invalidateQueries({ queryKey: [region, org] });
			notify({ type: "success", content: t("added", { domain: name }) });
			go(href(region, "o", org, "domains", name));
		} catch (error) {
			problem.fail(error);
		}
	};
	return (
		<Dialog header={t("addHeader")} button={t("add")} act={add} problem={problem.rest} close={close}>
			<Box>{t("addHelp")}</Box>
			<FormField
				label={t("addLabel")}
				constraintText={name !== undefined && name !== typed.trim().toLowerCase() ? name : t("addHint")}
				errorText={strict ? (fault() ?? problem.field("name")) : problem.field("name")}
			>
				<Input
					value={typed}
					onChange={(e) => {
						setTyped(e.detail.value);
						problem.clear();
					}}
					autoComplete={false}
					spellcheck={false}
					inputMode="url"
				/>
			</FormField>
			<CliHint
				commands={[cliCommand(region, "RegisterMailDomain", { OrganizationId: org, DomainName: name ?? "DOMAIN" })]}
			/>
		</Dialog>
	);
}
