import { Counting, useAccessKeys, useSessions } from "@postroom/ui";
import { t } from "./words.ts";

/** What stops for an administrator who is locked out, in words; until it is known, `counting` stands in their place. */
export function useStops(id: string) {
	const sessions = useSessions(id);
	const keys = useAccessKeys(id);
	const words = sessions.data &&
		keys.data && {
			sessions: t("sessionsEnd", { count: sessions.data.length }),
			keys: t("keysStop", { count: keys.data.filter((k) => k.Status === "ACTIVE").length }),
		};
	return { words, counting: <Counting of={[sessions, keys]} /> };
}
