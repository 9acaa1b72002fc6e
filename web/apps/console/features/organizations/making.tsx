import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { organizationQuestion } from "@postroom/api";
import { ErrorBox, go, href, isForeign, notify, OrganizationState, Screen } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { t } from "./words.ts";

/** How far a state is from Active, for the bar. */
const progress: Record<string, number> = { Requested: 20, Creating: 60, Active: 100, Impaired: 100 };

/** Those that it does not come from by itself, and why it has one of them. */
const ends = { Failed: "makeUnsaid", Deleting: "makeDeleted", Deleted: "makeDeleted" } as const;

const isEnd = (state: string): state is keyof typeof ends => state in ends;

/** Waits until a new organization serves, then leads to it. */
export function Making(props: { region: string; org: string; alias: string; foreign: boolean }) {
	const { region, org } = props;
	const client = useQueryClient();
	const { data, error, refetch } = useQuery({
		...organizationQuestion({ region, org }),
		refetchInterval: ({ state }) => (["Requested", "Creating", undefined].includes(state.data?.State) ? 1000 : false),
	});
	// After a reload only the server knows them.
	const alias = data?.Alias ?? props.alias;
	const foreign = props.foreign || isForeign(data);
	const state = data?.State ?? "";
	useEffect(() => {
		if (state !== "Active" && state !== "Impaired") return;
		void client.invalidateQueries({ queryKey: [region, "organizations"] });
		void client.invalidateQueries({ queryKey: [region, "directories"] });
		notify({ type: "success", content: t("made", { alias }) });
		go(href(region, "o", org), { replace: true, unguarded: true });
	}, [state, client, region, org, alias]);
	return (
		<Screen title={t("making", { alias })}>
			{error ? (
				<ErrorBox error={error} again={() => void refetch()} />
			) : isEnd(state) ? (
				<SpaceBetween size="m">
					<ErrorBox header={t("makeFailed", { alias })} error={new Error(data?.ErrorMessage || t(ends[state]))} />
					<Button onClick={() => go(href(region, "organizations"))}>{t("toList")}</Button>
				</SpaceBetween>
			) : (
				<Container>
					<ProgressBar
						value={progress[state] ?? 10}
						label={t("making", { alias })}
						description={t(foreign ? "makingForeign" : "makingHelp")}
						additionalInfo={state ? <OrganizationState state={state} /> : undefined}
					/>
				</Container>
			)}
		</Screen>
	);
}
