import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import TokenGroup from "@cloudscape-design/components/token-group";
import type { Candidate } from "@postroom/api";
import { ended } from "@postroom/session";
import { useEffect, useRef, useState } from "react";
import { BreakableText } from "./breakable-text.tsx";
import { t } from "./entry-words.ts";
import { ErrorBox } from "./errors.tsx";
import { useStacked } from "./stacked.tsx";

/** How a person or group is called in one line. */
export const titleOf = (c: Pick<Candidate, "name" | "title">): string =>
	c.title && c.title !== c.name ? `${c.title} (${c.name})` : c.name;

/** So many are shown; the server answers more only to a longer text. */
const shown = 25;

/**
 * Finds users and groups and keeps a choice of them: what was chosen stays
 * chosen while the reader looks for more.
 */
export function PeoplePicker(props: {
	find: (text: string, signal: AbortSignal) => Promise<Candidate[]>;
	chosen: readonly Candidate[];
	onChange: (chosen: Candidate[]) => void;
	/** At most so many. */
	most: number;
	/** Why one cannot be chosen: it is there already, or would be its own member. */
	excluded?: (c: Candidate) => string | undefined;
}) {
	const { find, chosen } = props;
	const [text, setText] = useState("");
	const [answer, setAnswer] = useState<{ to: string; found?: Candidate[]; error?: unknown }>();
	const [again, setAgain] = useState(0);
	const stacked = useStacked();
	const asked = text.trim();
	// What was found for another text is none to choose from.
	const { found, error } = answer?.to === asked ? answer : {};
	const looking = found === undefined && error === undefined;
	const latest = useRef(find);
	latest.current = find;
	// biome-ignore lint/correctness/useExhaustiveDependencies: `again` asks anew
	useEffect(() => {
		const stop = new AbortController();
		const ask = () =>
			latest.current(asked, stop.signal).then(
				(found) => {
					if (!stop.signal.aborted) setAnswer({ to: asked, found });
				},
				(error) => {
					if (stop.signal.aborted) return;
					ended(error);
					setAnswer({ to: asked, error });
				},
			);
		const timer = window.setTimeout(ask, asked === "" ? 0 : 200);
		return () => {
			window.clearTimeout(timer);
			stop.abort();
		};
	}, [asked, again]);
	const retry = () => {
		setAnswer(undefined);
		setAgain(again + 1);
	};
	const rows = (found ?? []).slice(0, shown);
	const known = new Set(rows.map((c) => c.id));
	return (
		<SpaceBetween size="s">
			{error !== undefined && <ErrorBox error={error} again={retry} />}
			<div className="postroom-chosen">
				<div aria-live="polite">
					<Box variant="strong">
						{t(chosen.length ? "pickChosen" : "pickChosenNone", { count: chosen.length, most: props.most })}
					</Box>
				</div>
				{chosen.length > 0 && (
					<TokenGroup
						limit={5}
						disableOuterPadding
						items={chosen.map((c) => ({ label: titleOf(c), dismissLabel: t("pickDrop", { name: c.name }) }))}
						i18nStrings={{ limitShowFewer: t("pickFewer"), limitShowMore: t("pickRest") }}
						onDismiss={({ detail }) => props.onChange(chosen.filter((_, i) => i !== detail.itemIndex))}
					/>
				)}
			</div>
			{/* In a dialog, Enter in the search is not yet the answer, and what is looked for is nothing to be kept. */}
			<search
				onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
				onInput={(event) => event.stopPropagation()}
			>
				<TextFilter
					filteringText={text}
					filteringPlaceholder={t("pickHint")}
					filteringAriaLabel={t("pickFind")}
					filteringClearAriaLabel={t("clear")}
					loading={looking}
					countText={asked && found ? t("matches", { count: found.length }) : ""}
					onChange={(event) => setText(event.detail.filteringText)}
				/>
			</search>
			<div className="postroom-picker">
				<Table<Candidate>
					wrapLines
					variant="embedded"
					items={rows}
					trackBy="id"
					loading={looking}
					loadingText={t("loading")}
					selectionType="multi"
					selectedItems={chosen.filter((c) => known.has(c.id))}
					isItemDisabled={(c) =>
						props.excluded?.(c) !== undefined ||
						(chosen.length >= props.most && !chosen.some((other) => other.id === c.id))
					}
					onSelectionChange={({ detail }) => {
						const kept = chosen.filter((c) => !known.has(c.id));
						props.onChange([...kept, ...detail.selectedItems].slice(0, props.most));
					}}
					empty={found && <Box color="text-body-secondary">{t(asked === "" ? "pickEmpty" : "pickNone")}</Box>}
					footer={(found?.length ?? 0) > shown && <Box color="text-body-secondary">{t("pickMore")}</Box>}
					ariaLabels={{
						tableLabel: t("pickTable"),
						selectionGroupLabel: t("pickTable"),
						allItemsSelectionLabel: () => t("pickAll"),
						itemSelectionLabel: (_, c) => t("pickSelect", { name: c.name }),
					}}
					columnDefinitions={stacked<Candidate>([
						{ id: "name", header: t("pickName"), minWidth: 150, isRowHeader: true, cell: titleOf },
						{
							id: "email",
							header: t("pickEmail"),
							minWidth: 220,
							cell: (c) => (c.email ? <BreakableText text={c.email} /> : t("none")),
						},
						{ id: "kind", header: t("pickKind"), minWidth: 100, cell: (c) => t(`kind${c.kind}`) },
						{ id: "state", header: t("pickState"), minWidth: 110, cell: (c) => props.excluded?.(c) ?? t(c.state) },
					])}
				/>
			</div>
		</SpaceBetween>
	);
}
