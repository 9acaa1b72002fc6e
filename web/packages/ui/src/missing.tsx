import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ApiError } from "@postroom/api";
import type { ReactNode } from "react";
import { isMalformed } from "./errors.tsx";
import { go } from "./place.ts";
import { Screen } from "./screen.tsx";

const codes = [
	"EntityNotFoundException",
	"ResourceNotFoundException",
	"OrganizationNotFoundException",
	"MailDomainNotFoundException",
];

/** Whether an error of a read says that what the address names is not there, or can be nothing at all. */
export const isMissing = (error: unknown): boolean =>
	(error instanceof ApiError && codes.includes(error.code)) || isMalformed(error);

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
