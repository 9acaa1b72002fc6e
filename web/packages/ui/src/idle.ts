/** Code that the first picture does without: loaded when that is there. */
export const whenIdle =
	<T>(load: () => Promise<T>) =>
	(): Promise<T> =>
		new Promise<void>((done) => {
			if ("requestIdleCallback" in window) requestIdleCallback(() => done());
			else setTimeout(done, 200); // Safari
		}).then(load);
