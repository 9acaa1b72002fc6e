import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { type Candidate, call, type Delegate, findPeople, nameOf } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, ErrorBox, go, href, Link, titleOf } from "@postroom/ui";
import { useQueries } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useDelegates } from "./data.ts";
import type { PartProps } from "./page.tsx";
import { t } from "./words.ts";

const AddDelegates = lazy(() => import("./add-delegates.tsx"));
const RemoveDelegates = lazy(() => import("./remove-delegates.tsx"));

/** So many are shown at once: each one's name is a call. */
const shownAtOnce = 25;

/** Who answers the requests of the resource. */
export default function Delegates({ region, org, id, seen }: PartProps) {
	const at = { region, org };
	const list = useDelegates(at, id);
	const [selected, setSelected] = useState<readonly Delegate[]>([]);
	const [most, setMost] = useState(shownAtOnce);
	const [step, setStep] = useState<"add" | "remove">();
	const shown = list.data?.slice(0, most);
	const names = useQueries({
		queries: (shown ?? []).map((d) => ({
			queryKey: [region, org, "name", d.Id],
			queryFn: () => nameOf(at, d.Id, d.Type),
			staleTime: 60_000,
		})),
	});
	const whoIs = (d: Delegate): Candidate =>
		names[shown?.findIndex((other) => other.Id === d.Id) ?? -1]?.data ?? {
			id: d.Id,
			name: d.Id,
			kind: d.Type,
			state: "ENABLED",
		};
	const chosen = (shown ?? []).filter((d) => selected.some((s) => s.Id === d.Id));
	const change = may("AssociateDelegateToResource");
	const name = seen.resource.Name ?? "";
	const auto = seen.resource.BookingOptions?.AutoAcceptRequests === true;
	if (list.error && !list.data) return <ErrorBox error={list.error} again={() => void list.refetch()} />;
	return (
		<SpaceBetween size="l">
			{auto && (list.data?.length ?? 0) > 0 && (
				<Alert
					type="info"
					action={
						<Button formAction="none" onClick={() => go(`${window.location.pathname}?tab=booking`)}>
							{t("toBooking")}
						</Button>
					}
				>
					{t("delegatesAuto", { name })}
				</Alert>
			)}
			<Table<Delegate>
				items={shown ?? []}
				trackBy="Id"
				loading={!list.data}
				loadingText={t("loading")}
				wrapLines
				{...(change
					? {
							selectionType: "multi" as const,
							selectedItems: chosen,
							onSelectionChange: ({ detail }) => setSelected(detail.selectedItems),
						}
					: {})}
				header={
					<Header
						variant="h2"
						description={t("delegatesHelp")}
						counter={list.data ? `(${list.data.length})` : ""}
						actions={
							change && (
								<SpaceBetween direction="horizontal" size="xs">
									<Button disabled={chosen.length === 0} onClick={() => setStep("remove")}>
										{t("delegatesRemove")}
									</Button>
									<Button variant="primary" onClick={() => setStep("add")}>
										{t("delegatesAdd")}
									</Button>
								</SpaceBetween>
							)
						}
					>
						{t("delegates")}
					</Header>
				}
				empty={
					<Box textAlign="center" color="text-body-secondary">
						{t("delegatesEmpty")}
					</Box>
				}
				footer={
					(list.data?.length ?? 0) > most && (
						<Box textAlign="center">
							<Button onClick={() => setMost(most + shownAtOnce)}>{t("delegatesMore")}</Button>
						</Box>
					)
				}
				ariaLabels={{
					tableLabel: t("delegates"),
					selectionGroupLabel: t("delegates"),
					allItemsSelectionLabel: () => t("delegatesSelectAll"),
					itemSelectionLabel: (_, d) => t("delegatesSelect", { name: whoIs(d).name }),
				}}
				columnDefinitions={[
					{
						id: "name",
						header: t("delegateName"),
						isRowHeader: true,
						cell: (d) => (
							<Link href={href(region, "o", org, d.Type === "GROUP" ? "groups" : "users", d.Id)}>
								{titleOf(whoIs(d))}
							</Link>
						),
					},
					{ id: "kind", header: t("delegateKind"), cell: (d) => t(d.Type) },
					{ id: "email", header: t("delegateEmail"), cell: (d) => whoIs(d).email ?? t("none") },
				]}
			/>
			<CliHint
				commands={[
					cliCommand(region, "ListResourceDelegates", { OrganizationId: org, ResourceId: id }),
					cliCommand(region, "AssociateDelegateToResource", {
						OrganizationId: org,
						ResourceId: id,
						EntityId: "USER_OR_GROUP",
					}),
				]}
			/>
			<Suspense fallback={null}>
				{step === "add" && (
					<AddDelegates
						name={name}
						find={(text, signal) => findPeople(at, text, ["USER", "GROUP"], signal)}
						there={new Set(list.data?.map((d) => d.Id))}
						add={(EntityId) =>
							call("AssociateDelegateToResource", { OrganizationId: org, ResourceId: id, EntityId }, { region })
						}
						stale={[region, org]}
						close={() => setStep(undefined)}
					/>
				)}
				{step === "remove" && (
					<RemoveDelegates
						name={name}
						delegates={chosen.map(whoIs)}
						needed={!auto && chosen.length === list.data?.length}
						remove={(EntityId) =>
							call("DisassociateDelegateFromResource", { OrganizationId: org, ResourceId: id, EntityId }, { region })
						}
						stale={[region, org]}
						close={() => setStep(undefined)}
					/>
				)}
			</Suspense>
		</SpaceBetween>
	);
}
