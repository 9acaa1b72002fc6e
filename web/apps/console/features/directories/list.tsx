import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { DirectorySummary } from "@postroom/api";
import { may } from "@postroom/session";
import {
	CliHint,
	cliCommand,
	DirectoryPhase,
	go,
	href,
	kindName,
	Link,
	ResourceList,
	useDirectories,
	useTitle,
	useWholeList,
} from "@postroom/ui";
import { t } from "./words.ts";

/** The directories of a region: few, so they are read whole. */
export default function Directories({ region }: { region: string }) {
	useTitle(t("title"));
	const whole = useWholeList({
		name: "directories",
		list: useDirectories(region),
		id: (d) => d.DirectoryId ?? "",
		texts: (d) => [d.Alias, d.DirectoryId, d.OrganizationAlias, ...(d.Servers ?? [])],
		sorts: ["Alias", "Kind", "OrganizationAlias", "SyncPhase"],
	});
	const register = () => go(href(region, "directories", "new"));
	return (
		<>
			<ResourceList<DirectorySummary>
				{...whole}
				header={t("title")}
				description={t("description")}
				label={(d) => d.Alias ?? ""}
				filterHint={t("filter")}
				readOnly={!may("RegisterDirectory")}
				actions={
					may("RegisterDirectory") && (
						<Button variant="primary" onClick={register}>
							{t("register")}
						</Button>
					)
				}
				empty={{
					text: t(may("RegisterDirectory") ? "empty" : "emptyRead"),
					action: <Button onClick={register}>{t("register")}</Button>,
				}}
				columns={[
					{
						id: "alias",
						header: t("alias"),
						sortingField: "Alias",
						always: true,
						isRowHeader: true,
						cell: (d) => <Link href={href(region, "directories", d.DirectoryId ?? "")}>{d.Alias}</Link>,
					},
					{ id: "kind", header: t("kind"), sortingField: "Kind", cell: (d) => kindName(d.Kind) },
					{ id: "servers", header: t("servers"), cell: (d) => d.Servers?.join(", ") },
					{
						id: "organization",
						header: t("organization"),
						sortingField: "OrganizationAlias",
						cell: (d) =>
							d.OrganizationId ? (
								<Link href={href(region, "o", d.OrganizationId)}>{d.OrganizationAlias ?? d.OrganizationId}</Link>
							) : (
								t("free")
							),
					},
					{ id: "state", header: t("sync"), sortingField: "SyncPhase", cell: (d) => <SyncCell d={d} /> },
					{ id: "id", header: t("id"), hidden: true, cell: (d) => d.DirectoryId },
				]}
			/>
			<CliHint commands={[cliCommand(region, "ListDirectories", {})]} />
		</>
	);
}

function SyncCell({ d }: { d: DirectorySummary }) {
	if (!d.SyncPhase) return t("none");
	return (
		<SpaceBetween size="xxs">
			<DirectoryPhase phase={d.SyncPhase} />
			{d.SyncError && <span>{d.SyncError}</span>}
		</SpaceBetween>
	);
}
