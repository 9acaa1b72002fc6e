import Autosuggest, { type AutosuggestProps } from "@cloudscape-design/components/autosuggest";
import { call, type Match } from "@postroom/api";
import { explain, go, href } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { t } from "./words.ts";

const pause = 150; // ms after the last key, so that each letter is not a call
const most = 256; // characters that the server takes

function pageOf(region: string, m: Match): string {
	const org = href(region, "o", m.OrganizationId ?? "");
	const section = { USER: "users", GROUP: "groups", RESOURCE: "resources" };
	if (!m.Kind || m.Kind === "ORGANIZATION") return org;
	if (m.Kind === "DIRECTORY") return href(region, "directories", m.EntityId ?? "");
	if (m.Kind === "MAIL_DOMAIN") return href(region, "o", m.OrganizationId ?? "", "domains", m.Name ?? "");
	return `${org}/${section[m.Kind]}/${encodeURIComponent(m.EntityId ?? "")}`;
}

const keyOf = (m: Match): string => `${m.Kind}/${m.OrganizationId ?? ""}/${m.EntityId ?? m.Name ?? ""}`;

function optionOf(m: Match): AutosuggestProps.Option {
	const name = (m.Kind === "ORGANIZATION" ? m.OrganizationAlias : m.DisplayName || m.Name) ?? "";
	const beside = m.Kind === "ORGANIZATION" ? [m.OrganizationId] : [m.Name, m.Email, m.OrganizationAlias];
	return {
		value: keyOf(m),
		label: name,
		labelTag: m.Kind ? t(m.Kind) : "",
		description: beside.filter((text) => text && text !== name).join(" · "),
	};
}

/** The search of the top bar: from the beginning of a name, an address or an id to its page. */
export default function Find({ region }: { region: string }) {
	const [text, setText] = useState("");
	const [asked, setAsked] = useState("");
	/** Enter was pressed before the answer was there. */
	const [hurry, setHurry] = useState(false);
	const query = text.trim();
	useEffect(() => {
		const timer = setTimeout(() => setAsked(query), pause);
		return () => clearTimeout(timer);
	}, [query]);
	const found = useQuery({
		queryKey: [region, "find", asked],
		queryFn: async ({ signal }) => (await call("FindAnything", { Query: asked }, { region, signal })).Matches ?? [],
		enabled: asked !== "" && asked.length <= most,
	});
	const settled = asked === query && !found.isFetching;
	const matches = settled && query !== "" ? (found.data ?? []) : [];
	const open = (m: Match) => {
		setText("");
		setHurry(false);
		go(pageOf(region, m));
	};
	useEffect(() => {
		if (!hurry || !settled) return;
		setHurry(false);
		const first = matches[0];
		if (first) open(first);
	});
	return (
		<Autosuggest
			value={text}
			onChange={(event) => {
				// A chosen option is written into the field by the component: it is no text of the reader's.
				if (matches.some((m) => keyOf(m) === event.detail.value)) return;
				setText(event.detail.value);
				setHurry(false);
			}}
			onSelect={(event) => {
				const chosen = matches.find((m) => keyOf(m) === event.detail.value);
				if (chosen) open(chosen);
			}}
			onKeyDown={(event) => {
				if (event.detail.key === "Enter" && query !== "") setHurry(true);
			}}
			options={matches.map(optionOf)}
			filteringType="manual"
			hideEnteredTextOption
			placeholder={t("placeholder")}
			ariaLabel={t("label")}
			clearAriaLabel={t("clear")}
			selectedAriaLabel={t("selected")}
			enteredTextLabel={(value) => value}
			virtualScroll={false}
			statusType={query === "" ? "finished" : found.error && settled ? "error" : settled ? "finished" : "loading"}
			loadingText={t("loading")}
			errorText={found.error ? t("failed", { reason: explain(found.error) }) : ""}
			recoveryText={t("again")}
			onLoadItems={() => void (found.error && found.refetch())}
			empty={t("type")}
			filteringResultsText={(count) => (count === 0 ? t("none") : t("matches", { count }))}
		/>
	);
}
