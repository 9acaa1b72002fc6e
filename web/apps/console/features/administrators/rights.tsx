import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type Administrator, type AdministratorRole, allOf, call, type OrganizationSummary } from "@postroom/api";
import { snapshot } from "@postroom/session";
import { explain } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { t } from "./words.ts";

/** What an administrator may do, and where. */
export interface Rights {
	role: AdministratorRole;
	all: boolean;
	organizations: readonly string[];
}

export const rightsOf = (a: Administrator): Rights => ({
	role: a.Role ?? "READ_ONLY",
	all: a.AllOrganizations ?? false,
	organizations: a.Organizations ?? [],
});

export const rightsInput = (r: Rights) => ({
	Role: r.role,
	AllOrganizations: r.all,
	Organizations: r.all ? [] : [...r.organizations],
});

export const roleName = (role: AdministratorRole | undefined): string => t(role === "FULL" ? "full" : "readOnly");

export const scopeName = (a: Administrator): string =>
	a.AllOrganizations ? t("all") : t("someOrganizations", { count: a.Organizations?.length ?? 0 });

/** Whether this is who is signed in. */
export function isSelf(a: Administrator): boolean {
	const session = snapshot();
	return "who" in session && session.who.AdministratorId === a.AdministratorId;
}

interface Place extends OrganizationSummary {
	region: string;
}

/** Organizations of all regions that are served here: administrators are the deployment's. */
async function everywhere(): Promise<Place[]> {
	const { Regions } = await call("ListRegions", {});
	const hosted = (Regions ?? []).flatMap((r) => (r.Hosted && r.Name ? [r.Name] : []));
	const lists = await Promise.all(
		hosted.map((region) =>
			allOf(
				(NextToken) => call("ListOrganizations", { NextToken, MaxResults: 100 }, { region }),
				(page) => page.OrganizationSummaries?.map((o) => ({ ...o, region })),
			),
		),
	);
	return lists.flat();
}

export const useOrganizations = (enabled: boolean) =>
	useQuery({ queryKey: ["deployment", "organizations"], queryFn: everywhere, enabled });

/** Role and organizations, for a new administrator and for one that is changed. */
export function RightsFields(props: {
	value: Rights;
	onChange: (value: Rights) => void;
	strict: boolean;
	refused?: string | undefined;
}) {
	const { value } = props;
	const list = useOrganizations(!value.all);
	const options = (list.data ?? [])
		.filter((o) => o.State !== "Deleted" || value.organizations.includes(o.OrganizationId ?? ""))
		.map((o) => ({
			value: o.OrganizationId ?? "",
			label: o.Alias ?? o.OrganizationId ?? "",
			description: [o.DefaultMailDomain, o.region].filter(Boolean).join(" · "),
		}));
	const missing = props.strict && !value.all && value.organizations.length === 0;
	return (
		<SpaceBetween size="m">
			<FormField label={t("role")}>
				<RadioGroup
					value={value.role}
					onChange={(e) => props.onChange({ ...value, role: e.detail.value as AdministratorRole })}
					items={[
						{ value: "FULL", label: t("full"), description: t("fullHelp") },
						{ value: "READ_ONLY", label: t("readOnly"), description: t("readOnlyHelp") },
					]}
				/>
			</FormField>
			<FormField label={t("scope")}>
				<RadioGroup
					value={value.all ? "all" : "chosen"}
					onChange={(e) => props.onChange({ ...value, all: e.detail.value === "all" })}
					items={[
						{ value: "all", label: t("all"), description: t("allHelp") },
						{ value: "chosen", label: t("chosen"), description: t("chosenHelp") },
					]}
				/>
			</FormField>
			{!value.all && (
				<FormField
					label={t("chooseLabel")}
					errorText={props.refused ?? (missing ? t("missingOrganizations") : undefined)}
				>
					<Multiselect
						selectedOptions={value.organizations.map(
							(id) => options.find((o) => o.value === id) ?? { value: id, label: id },
						)}
						options={options}
						onChange={(e) =>
							props.onChange({ ...value, organizations: e.detail.selectedOptions.map((o) => o.value ?? "") })
						}
						placeholder={t("choose")}
						filteringType="auto"
						statusType={list.isLoading ? "loading" : list.error ? "error" : "finished"}
						errorText={list.error ? `${t("organizationsFailed")} ${explain(list.error)}` : undefined}
						recoveryText={t("choose")}
						onLoadItems={() => void (list.error && list.refetch())}
					/>
				</FormField>
			)}
		</SpaceBetween>
	);
}
