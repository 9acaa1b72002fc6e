import { useCallback, useState } from "react";
import { t } from "./words.ts";

/**
 * A secret that is shown once, such as a new password. Until it was `taken` away,
 * `lost` is what the page or the dialog asks before it is left.
 */
export function useSecret(secret: string | undefined): { lost: string | undefined; taken: () => void } {
	const [had, setHad] = useState<string>();
	const taken = useCallback(() => setHad(secret), [secret]);
	return { lost: secret && had !== secret ? t("secretLost") : undefined, taken };
}
