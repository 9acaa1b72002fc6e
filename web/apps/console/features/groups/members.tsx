import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { call, type Member } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, ErrorBox, href, Link } from "@postroom/ui";
import { useQueries } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useMembers } from "./data.ts";
import { StateSign } from "./list.tsx";
import type { PartProps } from "./page.tsx";
import { t } from "./words.ts";

const AddMembers = lazy(() => import("./add-members.tsx"));
const RemoveMembers = lazy(() => import("./remove-members.tsx"));

/** How deep the tree opens; further down each group has its own page. */
const levels = 3;

/** A member at its place in the tree: the same one may stand at several. */
interface Node {
	path: string;
	member: Member;
	level: number;
}

const nodesOf = (members: readonly Member[], above: string, level: number): Node[] =>
	members.map((member) => ({ path: `${above}/${member.Id}`, member, level }));

/** The members; groups among them open in place. */
export default function Members({ region, org, id, seen }: PartProps) {
	const at = { region, org };
	const list = useMembers(at, id);
	const [open, setOpen] = useState<readonly Node[]>([]);
	const [selected, setSelected] = useState<readonly Node[]>([]);
	const [step, setStep] = useState<"add" | "remove">();
	const members = list.data?.pages.flatMap((p) => p.Members ?? []);
	const top = nodesOf(members ?? [], "", 1);
	const groups = [...new Set(open.map((n) => n.member.Id ?? ""))];
	const below = useQueries({
		queries: groups.map((group) => ({
			queryKey: [region, org, "members", group, "first"],
			queryFn: () => call("ListGroupMembers", { OrganizationId: org, GroupId: group, MaxResults: 100 }, { region }),
		})),
	});
	const of = (node: Node) => below[groups.indexOf(node.member.Id ?? "")];
	const chosen = top.filter((n) => selected.some((s) => s.path === n.path));
	const name = seen.group.Name ?? "";
	const change = may("AssociateMemberToGroup");
	if (list.error && !members) return <ErrorBox error={list.error} again={() => void list.refetch()} />;
	return (
		<SpaceBetween size="l">
			<Table<Node>
				items={top}
				trackBy="path"
				loading={!members}
				loadingText={t("loading")}
				wrapLines
				{...(change
					? {
							selectionType: "multi" as const,
							selectedItems: chosen,
							onSelectionChange: ({ detail }) => setSelected(detail.selectedItems.filter((n) => n.level === 1)),
							isItemDisabled: (n: Node) => n.level > 1,
						}
					: {})}
				expandableRows={{
					getItemChildren: (n) => nodesOf(of(n)?.data?.Members ?? [], n.path, n.level + 1),
					isItemExpandable: (n) => n.member.Type === "GROUP" && n.level < levels,
					expandedItems: open,
					onExpandableItemToggle: ({ detail }) =>
						setOpen((now) =>
							detail.expanded
								? [...now.filter((n) => n.path !== detail.item.path), detail.item]
								: now.filter((n) => n.path !== detail.item.path),
						),
				}}
				getLoadingStatus={(n) => {
					if (n === null) return list.isFetchingNextPage ? "loading" : list.hasNextPage ? "pending" : "finished";
					const children = of(n);
					if (!children || children.isPending) return "loading";
					if (children.error) return "error";
					return children.data?.NextToken ? "pending" : "finished";
				}}
				renderLoaderPending={({ item }) =>
					item ? (
						<Link href={`${href(region, "o", org, "groups", item.member.Id ?? "")}?tab=members`}>
							{t("nestedMore", { name: item.member.Name ?? "" })}
						</Link>
					) : (
						<Button variant="inline-link" onClick={() => void list.fetchNextPage()}>
							{t("membersMore")}
						</Button>
					)
				}
				renderLoaderLoading={({ item }) => (
					<StatusIndicator type="loading">
						{item ? t("nestedLoading", { name: item.member.Name ?? "" }) : t("loading")}
					</StatusIndicator>
				)}
				renderLoaderError={({ item }) => (
					<>
						<StatusIndicator type="error">{t("nestedFailed", { name: item?.member.Name ?? name })}</StatusIndicator>{" "}
						<Button variant="inline-link" onClick={() => void (item ? of(item) : list)?.refetch()}>
							{t("tryAgain")}
						</Button>
					</>
				)}
				renderLoaderEmpty={() => <Box color="text-body-secondary">{t("nestedEmpty")}</Box>}
				header={
					<Header
						variant="h2"
						description={t("membersHelp")}
						counter={members ? `(${members.length}${list.hasNextPage ? "+" : ""})` : ""}
						actions={
							<SpaceBetween direction="horizontal" size="xs">
								<Button
									iconName="refresh"
									ariaLabel={t("refresh")}
									loading={list.isFetching}
									onClick={() => {
										void list.refetch();
										for (const group of below) void group.refetch();
									}}
								/>
								{change && (
									<Button disabled={chosen.length === 0} onClick={() => setStep("remove")}>
										{t("membersRemove")}
									</Button>
								)}
								{change && (
									<Button variant="primary" onClick={() => setStep("add")}>
										{t("membersAdd")}
									</Button>
								)}
							</SpaceBetween>
						}
					>
						{t("members")}
					</Header>
				}
				empty={
					<Box textAlign="center" color="text-body-secondary">
						{t("membersEmpty")}
					</Box>
				}
				ariaLabels={{
					tableLabel: t("members"),
					selectionGroupLabel: t("members"),
					allItemsSelectionLabel: () => t("membersSelectAll"),
					itemSelectionLabel: (_, n) => t("membersSelect", { name: n.member.Name ?? "" }),
					expandButtonLabel: (n) => t("expand", { name: n.member.Name ?? "" }),
					collapseButtonLabel: (n) => t("collapse", { name: n.member.Name ?? "" }),
				}}
				columnDefinitions={[
					{
						id: "name",
						header: t("memberName"),
						isRowHeader: true,
						cell: (n) => (
							<Link href={href(region, "o", org, n.member.Type === "GROUP" ? "groups" : "users", n.member.Id ?? "")}>
								{n.member.Name}
							</Link>
						),
					},
					{
						id: "kind",
						header: t("memberKind"),
						cell: (n) =>
							n.member.Type === "GROUP" && n.level >= levels
								? `${t("GROUP")}: ${t("nestedDeep")}`
								: t(n.member.Type ?? "USER"),
					},
					{ id: "state", header: t("memberState"), cell: (n) => <StateSign state={n.member.State} /> },
				]}
			/>
			<CliHint
				commands={[
					cliCommand(region, "ListGroupMembers", { OrganizationId: org, GroupId: id }),
					cliCommand(region, "AssociateMemberToGroup", {
						OrganizationId: org,
						GroupId: id,
						MemberId: "USER_OR_GROUP",
					}),
				]}
			/>
			<Suspense fallback={null}>
				{step === "add" && (
					<AddMembers
						region={region}
						org={org}
						id={id}
						name={name}
						there={new Set(members?.map((m) => m.Id ?? ""))}
						close={() => setStep(undefined)}
					/>
				)}
				{step === "remove" && (
					<RemoveMembers
						region={region}
						org={org}
						id={id}
						name={name}
						members={chosen.map((n) => n.member)}
						close={() => setStep(undefined)}
					/>
				)}
			</Suspense>
		</SpaceBetween>
	);
}
