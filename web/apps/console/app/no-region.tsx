import Button from "@cloudscape-design/components/button";
import { go, href, Missing } from "@postroom/ui";
import { t } from "./words.ts";

/** In place of every page of a region that is not served here. */
export default function NoRegion({ region, others }: { region: string; others: readonly string[] }) {
	return (
		<Missing
			title={t("noRegion", { region })}
			help={t("noRegionHelp")}
			to={{ text: t("regionOpen", { region: others[0] ?? "" }), href: href(others[0] ?? "", "organizations") }}
		>
			{others.slice(1).map((other) => (
				<Button key={other} onClick={() => go(href(other, "organizations"))}>
					{t("regionOpen", { region: other })}
				</Button>
			))}
		</Missing>
	);
}
