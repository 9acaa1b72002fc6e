import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import TagEditor from "@cloudscape-design/components/tag-editor";
import { call } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, ErrorBox, isConflict, notify, Screen, useBusy, useGuard, useProblem } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { arnOf, type Tags, tagsQuestion } from "./find.ts";
import { changeOf, type Draft, type Rows, rebased, rowsOf, sameTags } from "./tag-draft.ts";
import { t } from "./words.ts";

const most = 50;

/** How often a change is tried anew where another changed the organization, and not its tags. */
const tries = 3;

export default function TagsPage({ region, org }: { region: string; org: string }) {
	const question = tagsQuestion({ region, org });
	const client = useQueryClient();
	const found = useQuery(question);
	const readOnly = !may("TagResource");
	return (
		<Screen title={t("tags")} description={readOnly ? t("tagsReadOnly") : t("tagsDescription", { count: most })}>
			{found.error && !found.data ? (
				<ErrorBox error={found.error} again={() => void found.refetch()} />
			) : !found.data ? (
				<Spinner size="large" />
			) : readOnly ? (
				<>
					<Shown tags={found.data} />
					<CliHint commands={[listCommand(region, org)]} />
				</>
			) : (
				<Editor
					region={region}
					org={org}
					saved={found.data}
					newest={() => client.fetchQuery({ ...question, staleTime: 0 })}
				/>
			)}
		</Screen>
	);
}

const listCommand = (region: string, org: string): string =>
	cliCommand(region, "ListTagsForResource", { ResourceARN: arnOf({ region, org }) });

function Shown({ tags: { list } }: { tags: Tags }) {
	return (
		<Container>
			{list.length === 0 ? (
				<Box color="text-body-secondary">{t("tagsNone")}</Box>
			) : (
				<KeyValuePairs columns={3} items={list.map((g) => ({ label: g.Key, value: g.Value || "–" }))} />
			)}
		</Container>
	);
}

/**
 * Adds, changes and removes tags in one change, against the revision that was read
 * when the typing began. Where others changed tags meanwhile, what was typed is
 * laid over theirs, and it is said.
 */
function Editor(props: { region: string; org: string; saved: Tags; newest: () => Promise<Tags> }) {
	const { region, org, saved, newest } = props;
	const [typed, setTyped] = useState<Draft>();
	const [theirs, setTheirs] = useState<ReadonlyMap<string, string | undefined>>(new Map());
	const [valid, setValid] = useState(true);
	const [busy, run] = useBusy();
	const problem = useProblem();
	const draft = typed ?? { base: saved, rows: rowsOf(saved) };
	const change = changeOf(draft);
	const changed = change.Tags.length + change.TagKeys.length > 0;
	const whole = valid && change.Tags.every((g) => g.Key !== "");
	const untouched = !changed && draft.rows.every((row) => row.existing);
	useGuard(changed ? t("tagsLeave") : undefined);
	const reset = () => {
		setTyped(undefined);
		setTheirs(new Map());
		setValid(true);
		problem.clear();
	};
	// What is as it was follows again what is read.
	useEffect(() => {
		if (untouched && theirs.size === 0) setTyped(undefined);
	}, [untouched, theirs]);
	const type = (rows: Rows, isValid: boolean) => {
		setTyped({ base: draft.base, rows });
		setValid(isValid);
		problem.clear();
	};
	const input = {
		OrganizationId: org,
		...(change.TagKeys.length > 0 ? { TagKeys: change.TagKeys } : {}),
		...(change.Tags.length > 0 ? { Tags: change.Tags } : {}),
	};
	const put = async () => {
		for (let { base } = draft, left = tries; ; left--) {
			try {
				return await call("UpdateTags", input, { region, ifMatch: base.etag });
			} catch (error) {
				if (!isConflict(error)) throw error;
				const now = await newest();
				if (left === 0 || !sameTags(now, base)) {
					const over = rebased(draft, now);
					setTyped(over.draft);
					setTheirs(over.theirs);
					throw new Error(t("tagsChanged"), { cause: error });
				}
				base = now;
			}
		}
	};
	const save = () =>
		run(async () => {
			if (!whole || !changed) return;
			problem.clear();
			try {
				await put();
				problem.done();
				await newest();
				reset();
				notify({ type: "success", content: t("tagsSaved") });
			} catch (error) {
				problem.fail(error);
			}
		});
	return (
		<>
			<Form
				errorText={problem.rest}
				actions={
					<SpaceBetween direction="horizontal" size="xs">
						<Button variant="link" disabled={!typed || busy} onClick={reset}>
							{t("tagsRevert")}
						</Button>
						<Button variant="primary" loading={busy} disabled={!changed || !whole} onClick={() => void save()}>
							{t("tagsSave")}
						</Button>
					</SpaceBetween>
				}
			>
				<SpaceBetween size="m">
					{theirs.size > 0 && (
						<Alert type="warning" header={t("tagsTheirs")}>
							<ul>
								{[...theirs].map(([key, value]) => (
									<li key={key}>
										<bdi>{value === undefined ? t("tagsTheirsGone", { key }) : t("tagsTheirsNow", { key, value })}</bdi>
									</li>
								))}
							</ul>
						</Alert>
					)}
					<Container>
						<TagEditor
							tags={draft.rows}
							tagLimit={most}
							// The server takes every character; only its lengths and prefix are limits.
							allowedCharacterPattern="^[\s\S]*$"
							onChange={({ detail }) => type(detail.tags, detail.valid)}
						/>
					</Container>
				</SpaceBetween>
			</Form>
			<CliHint commands={[listCommand(region, org), ...(changed ? [cliCommand(region, "UpdateTags", input)] : [])]} />
		</>
	);
}
