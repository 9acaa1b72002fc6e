import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { call, type GroupIdentifier } from "@postroom/api";
import { CliHint, cliCommand, ErrorBox, href, Link } from "@postroom/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Part } from "./page.tsx";
import { t } from "./words.ts";

/** The groups that this group is a member of. */
export default function MemberOf({ at: { region, org }, id }: Part) {
	const list = useInfiniteQuery({
		queryKey: [region, org, "groups-of", id],
		queryFn: ({ pageParam }) =>
			call(
				"ListGroupsForEntity",
				{ OrganizationId: org, EntityId: id, NextToken: pageParam, MaxResults: 100 },
				{ region },
			),
		initialPageParam: undefined as string | undefined,
		getNextPageParam: (page) => page.NextToken,
	});
	const groups = list.data?.pages.flatMap((p) => p.Groups ?? []);
	if (list.error && !groups) return <ErrorBox error={list.error} again={() => void list.refetch()} />;
	return (
		<SpaceBetween size="l">
			<Table<GroupIdentifier>
				items={groups ?? []}
				trackBy={(g) => g.GroupId ?? ""}
				loading={!groups}
				loadingText={t("loading")}
				wrapLines
				header={
					<Header
						variant="h2"
						description={t("memberOfHelp")}
						counter={groups ? `(${groups.length}${list.hasNextPage ? "+" : ""})` : ""}
					>
						{t("memberOf")}
					</Header>
				}
				empty={<Box color="text-body-secondary">{t("memberOfEmpty")}</Box>}
				footer={
					list.hasNextPage && (
						<Box textAlign="center">
							<Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
								{t("memberOfMore")}
							</Button>
						</Box>
					)
				}
				ariaLabels={{ tableLabel: t("memberOf") }}
				columnDefinitions={[
					{
						id: "name",
						header: t("name"),
						isRowHeader: true,
						cell: (g) => <Link href={href(region, "o", org, "groups", g.GroupId ?? "")}>{g.GroupName}</Link>,
					},
					{ id: "id", header: t("id"), cell: (g) => g.GroupId },
				]}
			/>
			<CliHint commands={[cliCommand(region, "ListGroupsForEntity", { OrganizationId: org, EntityId: id })]} />
		</SpaceBetween>
	);
}
