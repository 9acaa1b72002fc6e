import CloudscapeLink, { type LinkProps } from "@cloudscape-design/components/link";
import { go } from "./place.ts";

/** A link inside the app; it opens in a new tab as links do. */
export function Link(props: LinkProps & { href: string }) {
	return (
		<CloudscapeLink
			{...props}
			onFollow={(event) => {
				if (event.detail.external || event.detail.target) return;
				event.preventDefault();
				go(props.href);
			}}
		/>
	);
}
