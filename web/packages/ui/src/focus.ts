/** A button that ends a form, a dialog or a step. */
const ends = 'button[type="submit"], button[class*="awsui_variant-primary"]';
const faulty = '[aria-invalid="true"]';

/** What a press of a button is about: the dialog, the form, or the page's content. */
const aboutOf = (target: Element): Element | null =>
	target.closest('[role="dialog"]') ?? target.closest("form") ?? target.closest("main") ?? document.body;

/** Whether the reader has gone to a field by himself: what he types there is not to land in another. */
const elsewhere = (from: Element | null): boolean =>
	document.activeElement !== from && document.activeElement?.matches("input, textarea") === true;

/**
 * Leads to the first field with a fault after a form was refused, here or by the
 * server: for all forms of the window, so that none has to think of it. What the
 * reader presses or types meanwhile ends the wait.
 */
export function focusFaults(): void {
	let stop = () => {};
	const begin = (about: Element | null) => {
		stop();
		if (!about) return;
		const address = window.location.pathname;
		const from = document.activeElement;
		let timer = 0;
		const look = () => {
			if (!about.isConnected || window.location.pathname !== address || elsewhere(from)) return stop();
			const first = [...about.querySelectorAll<HTMLElement>(faulty)].find((f) => f.getClientRects().length > 0);
			if (!first) return;
			stop();
			first.focus();
			first.scrollIntoView({ block: "nearest" });
		};
		// Behind what the components themselves focus when they show something new.
		const soon = () => {
			window.clearTimeout(timer);
			timer = window.setTimeout(look, 50);
		};
		const watcher = new MutationObserver(soon);
		watcher.observe(about, { subtree: true, childList: true, attributeFilter: ["aria-invalid"] });
		stop = () => {
			window.clearTimeout(timer);
			watcher.disconnect();
			stop = () => {};
		};
		soon();
	};
	for (const event of ["pointerdown", "keydown", "input"]) document.addEventListener(event, () => stop(), true);
	document.addEventListener("submit", (event) => begin(aboutOf(event.target as Element)), true);
	document.addEventListener(
		"click",
		(event) => {
			const button = event.target instanceof Element ? event.target.closest(ends) : null;
			if (button) begin(aboutOf(button));
		},
		true,
	);
}
