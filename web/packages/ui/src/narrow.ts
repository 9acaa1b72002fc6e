import { useSyncExternalStore } from "react";

const query = window.matchMedia("(max-width: 688px)"); // where Cloudscape's own layouts become one column

/** Whether the window is as narrow as a phone's. */
export const useNarrow = (): boolean =>
	useSyncExternalStore(
		(listener) => {
			query.addEventListener("change", listener);
			return () => query.removeEventListener("change", listener);
		},
		() => query.matches,
	);
