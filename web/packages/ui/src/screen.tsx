import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { go } from "./place.ts";

export interface ScreenProps {
	title: string;
	description?: ReactNode;
	actions?: ReactNode;
	/** What was done is told here: the reader is led to the heading. */
	arrived?: boolean;
	/** What the trail says where the title is a sentence. */
	step?: string;
	children: ReactNode;
}

let pageTitle = "";
const titleChanged = "postroom-title";

/** Names the window, the history's step and the end of the trail. */
export function useTitle(title: string, step = title): void {
	useEffect(() => {
		document.title = `${title} – Postroom`;
		pageTitle = step;
		window.dispatchEvent(new Event(titleChanged));
	}, [title, step]);
}

/** What the trail calls the page. */
export function usePageTitle(): string {
	return useSyncExternalStore(
		(listener) => {
			window.addEventListener(titleChanged, listener);
			return () => window.removeEventListener(titleChanged, listener);
		},
		() => pageTitle,
	);
}

/** A page that is no list. */
export function Screen({ title, description, actions, arrived = false, step, children }: ScreenProps) {
	useTitle(title, step);
	const header = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const heading = arrived ? header.current?.querySelector("h1") : undefined;
		if (!heading) return;
		heading.tabIndex = -1;
		heading.focus();
	}, [arrived]);
	return (
		<ContentLayout
			header={
				<div ref={header}>
					<Header variant="h1" description={description} actions={actions}>
						{title}
					</Header>
				</div>
			}
		>
			<SpaceBetween size="l">{children}</SpaceBetween>
		</ContentLayout>
	);
}

/** The way to here. */
export function Trail({ items }: { items: readonly { text: string; href: string }[] }) {
	return (
		<BreadcrumbGroup
			items={[...items]}
			onFollow={(event) => {
				event.preventDefault();
				go(event.detail.href);
			}}
		/>
	);
}
