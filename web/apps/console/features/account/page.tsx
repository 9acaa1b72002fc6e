import Tabs from "@cloudscape-design/components/tabs";
import { may, snapshot } from "@postroom/session";
import { go, late, Screen, useQuery } from "@postroom/ui";
import { ChangePassword } from "./password.tsx";
import { t } from "./words.ts";

const Keys = late(() => import("./keys.tsx"));
const SecondStep = late(() => import("./second-step.tsx"));
const Sessions = late(() => import("./sessions.tsx"));

/** What an administrator does for himself. */
export default function Account({ region }: { region: string }) {
	const [tab] = useQuery("tab", "password", ["password", "second-step", "access-keys", "sessions"]);
	const session = snapshot();
	const name = "who" in session ? (session.who.Name ?? "") : "";
	const description = may("CreateUser")
		? t("description", { name })
		: `${t("description", { name })}. ${t("lookOnly")}`;
	return (
		<Screen title={t("title")} description={description}>
			<Tabs
				ariaLabel={t("tabs")}
				activeTabId={tab}
				// Guarded: what is typed in a tab is lost with it.
				onChange={({ detail }) => go(`${window.location.pathname}?tab=${detail.activeTabId}`, { replace: true })}
				tabs={[
					{ id: "password", label: t("passwordTab"), content: <ChangePassword region={region} name={name} /> },
					{
						id: "second-step",
						label: t("secondTab"),
						content: <SecondStep region={region} />,
					},
					{
						id: "access-keys",
						label: t("keysTab"),
						content: <Keys region={region} />,
					},
					{
						id: "sessions",
						label: t("sessionsTab"),
						content: <Sessions region={region} />,
					},
				]}
			/>
		</Screen>
	);
}
