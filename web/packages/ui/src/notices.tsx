import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import { useSyncExternalStore } from "react";
import { t } from "./words.ts";

type Notice = FlashbarProps.MessageDefinition & { id: string; at: number };

/** How long a success is told; what went wrong stays until it is dismissed. */
const successTime = 12_000;

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
		at: Date.now(),
		onDismiss: () => dismissNotice(id),
	};
	const old = notices.some((n) => n.id === id);
	// One success at a time: the last one is news, those before it are in the way.
	const others = whole.type === "success" ? notices.filter((n) => n.type !== "success") : notices;
	set(old ? notices.map((n) => (n.id === id ? whole : n)) : [whole, ...others].slice(0, 5));
	if (whole.type === "success") window.setTimeout(() => fades(whole), successTime);
	return id;
}

/** Takes a notice away, unless its id tells something else by now. */
function fades(notice: Notice): void {
	if (notices.includes(notice)) dismissNotice(notice.id);
}

/** The reader has gone to another page: what an earlier one told is not about it. */
export function leaveNotices(): void {
	const now = Date.now();
	set(notices.filter((n) => n.loading || n.type === "error" || now - n.at < 1_000));
}

/** Another reader sits here: nothing of the one before is shown. */
export function clearNotices(): void {
	set([]);
}

export function dismissNotice(id: string): void {
	if (notices.some((n) => n.id === id)) set(notices.filter((n) => n.id !== id));
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

export function NoticeBar() {
	const items = useSyncExternalStore(subscribe, () => notices);
	return <Flashbar items={items.map(({ at: _, ...item }) => item)} />;
}
