import { lateDialog } from "./late.tsx";
import { useLeaving } from "./place.ts";
import { t } from "./words.ts";

const Dialog = lateDialog(async () => ({ default: (await import("./dialog.tsx")).Dialog }));

/** Asks before unsaved work is left for another page; before the window closes the browser asks. */
export function LeaveQuestion() {
	const [leaving, answer] = useLeaving();
	if (!leaving) return null;
	return (
		<Dialog
			header={t("leaveHeader")}
			button={t("leave")}
			act={async () => answer(true)}
			closeText={t("stay")}
			close={() => answer(false)}
		>
			<div>{leaving.question}</div>
		</Dialog>
	);
}
