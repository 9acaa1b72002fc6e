/** How much is done, for a progress bar: screen readers say each place behind the comma. */
export const percent = (done: number, all: number): number =>
	Math.min(100, Math.max(0, Math.round((100 * done) / Math.max(1, all))));
