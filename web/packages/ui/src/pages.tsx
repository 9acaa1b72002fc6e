import Pagination from "@cloudscape-design/components/pagination";
import { useNarrow } from "./narrow.ts";
import { t } from "./words.ts";

/** The way through the pages of a list. */
export function Pages(props: {
	/** Of the list. */
	name: string;
	page: number;
	setPage: (page: number) => void;
	/** How many there are, or are known. */
	pages: number;
	/** There are more than those. */
	more?: boolean;
}) {
	const { name, more = false } = props;
	return (
		<Pagination
			pagesVariant={useNarrow() ? "compact" : "normal"}
			currentPageIndex={Math.min(props.page, props.pages)}
			pagesCount={props.pages}
			openEnd={more}
			onChange={({ detail }) => props.setPage(detail.currentPageIndex)}
			ariaLabels={{
				nextPageLabel: t("nextPage", { name }),
				previousPageLabel: t("previousPage", { name }),
				pageLabel: (page) => t("page", { page }),
				paginationLabel: name,
			}}
			i18nStrings={{
				pagesCompactText: ({ currentPage, pagesCount, openEnd }) =>
					t(openEnd ? "pageOfMore" : "ofAll", { count: currentPage, all: pagesCount }),
			}}
		/>
	);
}
