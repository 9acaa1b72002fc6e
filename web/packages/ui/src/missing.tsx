import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { go } from "./place.ts";
import { Screen } from "./screen.tsx";

/** In place of a page about what is not here (any more), with the ways on. */
export function Missing(props: {
	title: string;
	help: string;
	to: { text: string; href: string };
	/** More ways, or what else is known. */
	children?: ReactNode;
}) {
	return (
		<Screen title={props.title} description={props.help}>
			<SpaceBetween direction="horizontal" size="xs">
				<Button variant="primary" onClick={() => go(props.to.href)}>
					{props.to.text}
				</Button>
				{props.children}
			</SpaceBetween>
		</Screen>
	);
}
