import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import { useSyncExternalStore } from "react";
import { t } from "./words.ts";

type Notice = FlashbarProps.MessageDefinition & { id: string };

let notices: readonly Notice[] = [];
let count = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
	notices = next;
	for (const listener of listeners) listener();
}

/** Tells what was done, or goes on. The same id replaces what it told before. */
export function notify(notice: Omit<FlashbarProps.MessageDefinition, "onDismiss">): string {
	const id = notice.id ?? `notice-${++count}`;
	const whole: Notice = {
		dismissible: !notice.loading,
		dismissLabel: t("dismiss"),
		...notice,
		id,
		onDismiss: () => dismissNotice(id),
	};
	const old = notices.some((n) => n.id === id);
	set(old ? notices.map((n) => (n.id === id ? whole : n)) : [whole, ...notices].slice(0, 5));
	return id;
}

export function dismissNotice(id: string): void {
	set(notices.filter((n) => n.id !== id));
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

export function NoticeBar() {
	const items = useSyncExternalStore(subscribe, () => notices);
	return <Flashbar items={[...items]} />;
}
