import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import TagEditor, { getTagsDiff, type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import { call } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, ErrorBox, notify, Screen, useBusy, useGuard, useProblem } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { t } from "./words.ts";

const most = 50;

async function read(region: string, org: string) {
	const { ARN = "" } = await call("DescribeOrganization", { OrganizationId: org }, { region });
	const { Tags = [] } = await call("ListTagsForResource", { ResourceARN: ARN }, { region });
	return { arn: ARN, tags: Tags.map((tag) => ({ key: tag.Key, value: tag.Value, existing: true })) };
}

export default function Tags({ region, org }: { region: string; org: string }) {
	const client = useQueryClient();
	const found = useQuery({ queryKey: [region, org, "tags"], queryFn: () => read(region, org) });
	const [draft, setDraft] = useState<readonly TagEditorProps.Tag[]>();
	const [valid, setValid] = useState(true);
	const [busy, run] = useBusy();
	const problem = useProblem();
	const saved = found.data?.tags ?? [];
	const tags: readonly TagEditorProps.Tag[] = draft ?? saved;
	const { created, removed } = getTagsDiff(saved, tags);
	const gone = removed.filter((key) => !(key in created));
	const added = Object.entries(created).map(([Key, Value]) => ({ Key, Value }));
	const changed = gone.length > 0 || added.length > 0;
	const whole = valid && added.every((tag) => tag.Key !== "");
	const readOnly = !may("TagResource");
	useGuard(draft && changed ? t("tagsLeave") : undefined);
	useEffect(() => {
		if (draft && !changed && tags.every((tag) => tag.existing && !tag.markedForRemoval)) setDraft(undefined);
	}, [draft, changed, tags]);
	const save = () =>
		run(async () => {
			if (!whole || !found.data) return;
			problem.clear();
			try {
				// What goes makes room for what comes.
				if (gone.length > 0) await call("UntagResource", { ResourceARN: found.data.arn, TagKeys: gone }, { region });
				if (added.length > 0) await call("TagResource", { ResourceARN: found.data.arn, Tags: added }, { region });
				await client.invalidateQueries({ queryKey: [region, org, "tags"] });
				setDraft(undefined);
				notify({ type: "success", content: t("tagsSaved") });
			} catch (error) {
				problem.fail(error);
			}
		});
	const arn = found.data?.arn ?? "ARN";
	const commands = [cliCommand(region, "ListTagsForResource", { ResourceARN: arn })];
	if (gone.length > 0) commands.push(cliCommand(region, "UntagResource", { ResourceARN: arn, TagKeys: gone }));
	if (added.length > 0) commands.push(cliCommand(region, "TagResource", { ResourceARN: arn, Tags: added }));
	return (
		<Screen title={t("tags")} description={readOnly ? t("tagsReadOnly") : t("tagsDescription", { count: most })}>
			{found.error && !found.data ? (
				<ErrorBox error={found.error} again={() => void found.refetch()} />
			) : !found.data ? (
				<Spinner size="large" />
			) : readOnly ? (
				<Container>
					{saved.length === 0 ? (
						<Box color="text-body-secondary">{t("tagsNone")}</Box>
					) : (
						<KeyValuePairs columns={3} items={saved.map((tag) => ({ label: tag.key, value: tag.value || "–" }))} />
					)}
				</Container>
			) : (
				<Form
					errorText={problem.rest}
					actions={
						<SpaceBetween direction="horizontal" size="xs">
							<Button variant="link" disabled={!draft || busy} onClick={() => setDraft(undefined)}>
								{t("tagsRevert")}
							</Button>
							<Button variant="primary" loading={busy} disabled={!changed || !whole} onClick={() => void save()}>
								{t("tagsSave")}
							</Button>
						</SpaceBetween>
					}
				>
					<Container>
						<TagEditor
							tags={tags}
							tagLimit={most}
							// The server takes every character; only its lengths and prefix are limits.
							allowedCharacterPattern="^[\s\S]*$"
							onChange={({ detail }) => {
								setDraft(detail.tags);
								setValid(detail.valid);
								problem.clear();
							}}
						/>
					</Container>
				</Form>
			)}
			<CliHint commands={commands} />
		</Screen>
	);
}
