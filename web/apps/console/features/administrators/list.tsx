import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type Administrator, allOf, call, dateOf } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { may } from "@postroom/session";
import { CliHint, cliCommand, go, href, Link, ResourceList, useTitle, useWholeList } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { roleName, scopeName } from "./rights.tsx";
import { t } from "./words.ts";

const all = (): Promise<Administrator[]> =>
	allOf(
		(NextToken) => call("ListAdministrators", { NextToken, MaxResults: 100 }),
		(page) => page.Administrators,
	);

/** What the password alone is not enough without; "" where it is. */
const factors = ({ SecondFactor = [] }: Administrator): string =>
	SecondFactor.map((kind) => t(kind === "TOTP" ? "totp" : "passkey")).join(", ");

/** Those who run the deployment: a handful, so they are read whole. */
export default function Administrators({ region }: { region: string }) {
	useTitle(t("title"));
	const whole = useWholeList({
		name: "administrators",
		list: useQuery({ queryKey: ["deployment", "administrators"], queryFn: all }),
		id: (a) => a.AdministratorId ?? "",
		texts: (a) => [a.Name],
		sorts: ["Name", "Role", "Enabled", "LastSignInDate", "CreatedDate"],
	});
	const create = <Button onClick={() => go(href(region, "administrators", "new"))}>{t("create")}</Button>;
	return (
		<>
			<ResourceList<Administrator>
				{...whole}
				header={t("title")}
				description={t("description")}
				label={(a) => a.Name ?? ""}
				filterHint={t("filter")}
				readOnly={!may("CreateAdministrator")}
				actions={
					may("CreateAdministrator") && (
						<Button variant="primary" onClick={() => go(href(region, "administrators", "new"))}>
							{t("create")}
						</Button>
					)
				}
				empty={{ text: t("empty"), action: create }}
				columns={[
					{
						id: "name",
						header: t("name"),
						sortingField: "Name",
						always: true,
						isRowHeader: true,
						cell: (a) => <Link href={href(region, "administrators", a.AdministratorId ?? "")}>{a.Name}</Link>,
					},
					{ id: "role", header: t("role"), sortingField: "Role", cell: (a) => roleName(a.Role) },
					{ id: "scope", header: t("scope"), cell: scopeName },
					{
						id: "state",
						header: t("state"),
						sortingField: "Enabled",
						cell: (a) => (
							<StatusIndicator type={a.Enabled ? "success" : "stopped"}>
								{t(a.Enabled ? "enabled" : "disabled")}
							</StatusIndicator>
						),
					},
					{
						id: "second",
						header: t("secondStep"),
						cell: (a) => factors(a) || <Box color="text-status-warning">{t("none")}</Box>,
					},
					{
						id: "lastSignIn",
						header: t("lastSignIn"),
						sortingField: "LastSignInDate",
						cell: (a) => (a.LastSignInDate ? formatMoment(dateOf(a.LastSignInDate)) : t("never")),
					},
					{
						id: "created",
						header: t("created"),
						sortingField: "CreatedDate",
						hidden: true,
						cell: (a) => formatMoment(dateOf(a.CreatedDate)),
					},
					{ id: "id", header: t("id"), hidden: true, cell: (a) => a.AdministratorId },
				]}
			/>
			<CliHint commands={[cliCommand(region, "ListAdministrators", {})]} />
		</>
	);
}
