import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { dateOf, type FoundUser } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { may } from "@postroom/session";
import {
	ActionButtons,
	arrived,
	BreakableText,
	CliHint,
	CodesFilter,
	cliCommand,
	explain,
	go,
	href,
	Link,
	lateDialog,
	notify,
	ResourceList,
	useDirectory,
	useListPlace,
	useQuery,
	useTitle,
} from "@postroom/ui";
import { keepPreviousData, useQuery as useData, useQueryClient } from "@tanstack/react-query";
import { type ComponentType, useState } from "react";
import { type DialogProps, pageOf, signs, system } from "./data.ts";
import { type FindInput, filterOf, roles, sorts, states, usersQuestion } from "./find.ts";
import { t, word } from "./words.ts";

const dialogs: Readonly<Record<string, ComponentType<DialogProps>>> = {
	enable: lateDialog(() => import("./dialogs/enable.tsx")),
	disable: lateDialog(() => import("./dialogs/disable.tsx")),
	delete: lateDialog(() => import("./dialogs/delete.tsx")),
	reset: lateDialog(() => import("./dialogs/reset.tsx")),
	group: lateDialog(() => import("./dialogs/add-to-group.tsx")),
};

/** All users of an organization, whatever their state and role; the server filters, sorts and pages. */
export default function Users({ region, org }: { region: string; org: string }) {
	useTitle(t("title"));
	const place = useListPlace("users", "NAME", sorts);
	const [state, setState] = useQuery("state");
	const [role, setRole] = useQuery("role");
	const [chosen, setChosen] = useState<readonly FoundUser[]>([]);
	const [dialog, setDialog] = useState("");
	const client = useQueryClient();
	const { fixed, foreign } = useDirectory({ region, org });
	const filter = filterOf(org, place, state, role);
	const list = useData({ ...usersQuestion(region, filter, place), placeholderData: keepPreviousData });
	const Dialog = dialogs[dialog];
	// As they are now, where the page shows them.
	const current = chosen.map((c) => list.data?.Users?.find((u) => u.Id === c.Id) ?? c);
	const narrow = (set: (value: string) => void) => (value: string) => {
		set(value);
		place.setPage(1);
	};
	const close = async (remain?: readonly FoundUser[]) => {
		setDialog("");
		if (!remain) return;
		setChosen(remain);
		await client.invalidateQueries({ queryKey: [region, org] });
	};
	return (
		<>
			<ResourceList<FoundUser>
				name="users"
				header={t("title")}
				description={t(list.data?.More ? "listMore" : "description")}
				place={place}
				items={list.data?.Users}
				total={list.data?.Total ?? 0}
				unfiltered={list.data?.Unfiltered ?? 0}
				loading={list.isFetching}
				error={list.error}
				again={() => void list.refetch()}
				id={(u) => u.Id ?? ""}
				label={(u) => u.Name ?? ""}
				filterHint={t("filter")}
				filters={
					<SpaceBetween direction="horizontal" size="xs">
						<CodesFilter
							label={t("state")}
							any={t("anyState")}
							all={states}
							word={word}
							value={state}
							set={narrow(setState)}
						/>
						<CodesFilter
							label={t("role")}
							any={t("anyRole")}
							all={roles}
							word={word}
							value={role}
							set={narrow(setRole)}
						/>
					</SpaceBetween>
				}
				filtered={filter.States !== undefined || filter.Roles !== undefined}
				clearFilters={() => {
					setState("");
					setRole("");
				}}
				readOnly={!may("CreateUser")}
				selected={current}
				onSelect={setChosen}
				actions={<Actions region={region} org={org} chosen={current} open={setDialog} filter={filter} fixed={fixed} />}
				empty={{
					text: t(foreign ? "emptyForeign" : "empty"),
					action: !fixed && (
						<SpaceBetween direction="horizontal" size="xs">
							<Button onClick={() => go(href(region, "o", org, "users", "import"))}>{t("import")}</Button>
							<Button onClick={() => go(href(region, "o", org, "users", "new"))}>{t("create")}</Button>
						</SpaceBetween>
					),
				}}
				columns={[
					{
						id: "name",
						header: t("name"),
						sortingField: "NAME",
						always: true,
						isRowHeader: true,
						maxWidth: 360,
						cell: (u) => <Link href={pageOf(region, org, u.Id ?? "")}>{u.Name}</Link>,
					},
					{
						id: "displayName",
						header: t("displayName"),
						sortingField: "DISPLAY_NAME",
						maxWidth: 360,
						cell: (u) => <bdi>{u.DisplayName || t("none")}</bdi>,
					},
					{
						id: "email",
						header: t("email"),
						sortingField: "EMAIL",
						maxWidth: 360,
						cell: (u) => (u.Email ? <BreakableText text={u.Email} /> : t("none")),
					},
					{
						id: "state",
						header: t("state"),
						sortingField: "STATE",
						cell: (u) => <StatusIndicator type={signs[u.State ?? ""] ?? "info"}>{word(u.State)}</StatusIndicator>,
					},
					{
						id: "role",
						header: t("role"),
						cell: (u) => (system(u) ? <Badge>{word(u.UserRole)}</Badge> : word(u.UserRole)),
					},
					{
						id: "enabledDate",
						header: t("enabledDate"),
						sortingField: "ENABLED_DATE",
						hidden: true,
						cell: (u) => formatMoment(dateOf(u.EnabledDate)),
					},
					{
						id: "disabledDate",
						header: t("disabledDate"),
						hidden: true,
						cell: (u) => formatMoment(dateOf(u.DisabledDate)),
					},
					{ id: "id", header: t("id"), hidden: true, cell: (u) => u.Id },
				]}
			/>
			<CliHint
				commands={[cliCommand(region, "ListUsers", { OrganizationId: org }), cliCommand(region, "FindUsers", filter)]}
			/>
			{Dialog && chosen.length > 0 && <Dialog region={region} org={org} users={current} close={close} />}
		</>
	);
}

function Actions(props: {
	region: string;
	org: string;
	chosen: readonly FoundUser[];
	open: (dialog: string) => void;
	filter: FindInput;
	/** Why the directory cannot be changed here. */
	fixed: string | undefined;
}) {
	const { region, org, chosen, open, fixed } = props;
	const some = chosen.length > 0;
	// The directory's own accounts change in the directory alone.
	const ours = chosen.filter((u) => !system(u));
	const enabled = ours.some((u) => u.State === "ENABLED");
	const other = ours.some((u) => u.State !== "ENABLED");
	const reason = (unfit: Parameters<typeof t>[0]) =>
		t(!some ? "needsSelection" : ours.length === 0 ? "systemFixed" : unfit);
	const save = async () => {
		try {
			const { exportUsers } = await arrived(import("./export.ts"));
			await exportUsers(region, props.filter);
		} catch (error) {
			notify({ type: "error", content: explain(error) });
		}
	};
	const actions = [
		may("RegisterToWorkMail") && { id: "enable", text: t("enable"), not: other ? undefined : reason("needsDisabled") },
		may("DeregisterFromWorkMail") && {
			id: "disable",
			text: t("disable"),
			not: enabled ? undefined : reason("needsEnabled"),
		},
		may("ResetPassword") && {
			id: "reset",
			text: t("resetPassword"),
			not: fixed ?? (chosen.length === 1 ? (ours.length === 1 ? undefined : t("systemFixed")) : t("needsOne")),
		},
	].filter((a) => a !== false);
	const more = [
		may("DeleteUser") && {
			id: "delete",
			text: t("delete"),
			not: fixed ?? (other ? undefined : reason("deleteNeedsDisabled")),
		},
		may("AssociateMemberToGroup") && {
			id: "group",
			text: t("addToGroup"),
			not: fixed ?? (some ? undefined : t("needsSelection")),
		},
		may("CreateUser") && { id: "import", text: t("import"), not: fixed },
		{ id: "export", text: t("export") },
	].filter((a) => a !== false);
	const act = (id: string) => {
		if (id === "import") go(href(region, "o", org, "users", "import"));
		else if (id === "export") void save();
		else open(id);
	};
	return (
		<SpaceBetween direction="horizontal" size="xs">
			<ActionButtons actions={actions} more={more} act={act} />
			{may("CreateUser") && (
				<Button
					variant="primary"
					disabled={fixed !== undefined}
					disabledReason={fixed}
					onClick={() => go(href(region, "o", org, "users", "new"))}
				>
					{t("create")}
				</Button>
			)}
		</SpaceBetween>
	);
}
