import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import type { Answer, DescribeGroupResponse, Within } from "@postroom/api";
import { may } from "@postroom/session";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { EntryActions, type EntryWork, type Step } from "./entry-actions.tsx";
import { type EntryKind, entryQuestion } from "./entry-find.ts";
import { EntryHead } from "./entry-state.tsx";
import { t } from "./entry-words.ts";
import { ErrorBox, isMissing } from "./errors.tsx";
import { late } from "./late.tsx";
import { Missing } from "./missing.tsx";
import { go, href, useQuery as useInUrl } from "./place.ts";
import { Screen } from "./screen.tsx";

/** What is described of all kinds. */
export type Described = Omit<DescribeGroupResponse, "GroupId">;

/** What each tab is given. */
export interface EntryPart<T extends Described = Described> {
	at: Within;
	id: string;
	/** What was read, with its revision. */
	seen: Answer<T>;
	/** Reads all of the organization's screens anew; answers what the entry is then. */
	newest: () => Promise<Answer<T> | undefined>;
}

export interface EntryTab {
	id: string;
	label: string;
	content: ReactNode;
}

/** The tab Audit of an entry or a user. */
export const EntryAudit = late(() => import("./entry-audit.tsx"));

/** The page of one group or resource: what can be done to it, and its tabs; the first is shown first, audit is the last. */
export function EntryPage<T extends Described>(props: {
	at: Within;
	/** As in the address: an id, a name or an address of mail. */
	id: string;
	kind: EntryKind<unknown, T>;
	words: Record<"title" | "gone" | "goneHelp" | "toList", string>;
	idOf: (entry: T) => string | undefined;
	work: EntryWork;
	tabs: (part: EntryPart<T>) => EntryTab[];
}) {
	const { at, words, kind } = props;
	const { path } = kind;
	const client = useQueryClient();
	const question = entryQuestion(kind, at, props.id);
	const list = href(at.region, "o", at.org, path);
	const found = useQuery(question);
	const [tab] = useInUrl("tab");
	if (isMissing(found.error) || found.data?.output.State === "DELETED")
		return <Missing title={words.gone} help={words.goneHelp} to={{ text: words.toList, href: list }} />;
	if (found.error && !found.data)
		return <ErrorBox page={words.title} error={found.error} again={() => void found.refetch()} />;
	if (!found.data)
		return (
			<Box textAlign="center" padding="xxl">
				<Spinner size="large" />
			</Box>
		);
	const { output, etag } = found.data;
	const id = props.idOf(output) ?? props.id;
	const name = output.Name ?? "";
	const newest = async () => {
		await client.invalidateQueries({ queryKey: [at.region, at.org] });
		return client.getQueryData<Answer<T>>(question.queryKey);
	};
	const done = (step: Step) => {
		if (step !== "remove") return;
		// The list, which is shown next, is read anew: it never shows the entry again.
		client.removeQueries({ queryKey: [at.region, at.org, path] });
		go(list);
	};
	const tabs = props.tabs({ at, id, seen: found.data, newest });
	if (may("ListAuditRecords")) tabs.push({ id: "audit", label: t("audit"), content: <EntryAudit at={at} id={id} /> });
	return (
		<Screen
			title={name}
			description={<EntryHead state={output.State} email={output.Email} />}
			actions={
				<EntryActions
					entries={[{ id, name, email: output.Email, state: output.State ?? "DISABLED", revision: etag }]}
					work={{ ...props.work, done }}
				/>
			}
		>
			<Tabs
				activeTabId={tabs.find((p) => p.id === tab)?.id ?? tabs[0]?.id ?? ""}
				// Guarded: what is typed in a tab is lost with it.
				onChange={({ detail }) => go(`${window.location.pathname}?tab=${detail.activeTabId}`, { replace: true })}
				tabs={tabs}
			/>
		</Screen>
	);
}
