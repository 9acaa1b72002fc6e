import CollectionPreferences from "@cloudscape-design/components/collection-preferences";
import type { ListPlace } from "./list-place.ts";
import { t } from "./words.ts";

const sizes = [10, 25, 50, 100];

/** Rows, lines and columns of a list; apart, since the dialog is heavier than the list. */
export default function ListPreferences(props: {
	place: ListPlace;
	columns: readonly { id: string; header: string; always?: boolean }[];
	visible: readonly string[];
}) {
	const { place } = props;
	return (
		<CollectionPreferences
			title={t("preferences")}
			confirmLabel={t("confirm")}
			cancelLabel={t("cancel")}
			preferences={{
				pageSize: place.size,
				wrapLines: place.preferences.wrap,
				contentDisplay: props.columns.map((c) => ({ id: c.id, visible: props.visible.includes(c.id) })),
			}}
			pageSizePreference={{
				title: t("pageSize"),
				options: sizes.map((value) => ({ value, label: t("rows", { count: value }) })),
			}}
			wrapLinesPreference={{ label: t("wrapLines"), description: t("wrapLinesHelp") }}
			contentDisplayPreference={{
				title: t("columns"),
				options: props.columns.map((c) => ({ id: c.id, label: c.header, alwaysVisible: c.always ?? false })),
			}}
			onConfirm={({ detail }) => {
				place.setPreferences({
					...place.preferences,
					size: detail.pageSize ?? place.size,
					wrap: detail.wrapLines ?? false,
					columns: detail.contentDisplay?.filter((c) => c.visible).map((c) => c.id) ?? [],
				});
				place.setPage(1);
			}}
		/>
	);
}
