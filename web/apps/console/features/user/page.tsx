import Alert from "@cloudscape-design/components/alert";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { formatDay } from "@postroom/i18n";
import { may } from "@postroom/session";
import {
	type Action,
	ActionButtons,
	EntryAudit,
	EntryHead,
	ErrorBox,
	go,
	href,
	isMissing,
	late,
	lateDialog,
	Missing,
	Screen,
	useDirectory,
	useHasPassword,
	useQuery as useInUrl,
	useTitle,
} from "@postroom/ui";
import { type ComponentType, useCallback, useEffect, useState } from "react";
import { disabledThere, kindOf, mailboxEnd, type Seen, titleOf, useUser, type Where } from "./user.ts";
import { t } from "./words.ts";

type Part = ComponentType<{ where: Where; seen: Seen }>;
type Asking = ComponentType<{ where: Where; seen: Seen; close: () => void }>;

const parts: Record<string, Part> = {
	general: late(() => import("./general.tsx")),
	groups: late(() => import("./groups.tsx")),
	permissions: late(() => import("./permissions.tsx")),
	quota: late(() => import("./quota.tsx")),
	"sign-ins": late(() => import("./sign-ins.tsx")),
	audit: ({ where, seen }) => <EntryAudit at={where} id={seen.user.UserId ?? where.id} />,
};

const dialogs: Record<string, Asking> = {
	enable: lateDialog(() => import("./enable.tsx")),
	disable: lateDialog(() => import("./disable.tsx")),
	"reset-password": lateDialog(() => import("./reset-password.tsx")),
	delete: lateDialog(() => import("./delete.tsx")),
};

/** The page of one user: what it is in the directory and its mailbox. */
export default function UserPage(where: Where) {
	const found = useUser(where);
	if (isMissing(found.error) || found.data?.user.State === "DELETED") return <Gone {...where} />;
	if (found.error && !found.data)
		return <ErrorBox page={t("user")} header={t("unread")} error={found.error} again={() => void found.refetch()} />;
	if (!found.data) return <Waiting />;
	return <Found where={where} seen={found.data} />;
}

function Waiting() {
	useTitle(t("user"));
	return (
		<Box textAlign="center" padding="xxl">
			<Spinner size="large" />
			<StatusIndicator type="loading">{t("loading")}</StatusIndicator>
		</Box>
	);
}

function Gone({ region, org }: Where) {
	return (
		<Missing title={t("gone")} help={t("goneHelp")} to={{ text: t("toUsers"), href: href(region, "o", org, "users") }}>
			{may("ListAuditRecords") && <Button onClick={() => go(href(region, "o", org, "audit"))}>{t("toAudit")}</Button>}
		</Missing>
	);
}

/** What can be done with the user; an address opens no dialog of what cannot. */
function actionsOf({ user }: Seen, fixed: string | undefined): Action[] {
	const kind = kindOf(user);
	const system = kind.system ? t("systemHelp") : undefined;
	// What only the directory disables is enabled here.
	const there = disabledThere(user) ? t("enableThere") : undefined;
	const enabled = kind.enabled || there !== undefined;
	return [
		may("RegisterToWorkMail") && {
			id: "enable",
			text: t("enable"),
			not: system ?? there ?? (enabled ? t("enableEnabled") : undefined),
		},
		may("DeregisterFromWorkMail") && {
			id: "disable",
			text: t("disable"),
			not: system ?? (enabled ? undefined : t("disableDisabled")),
		},
		!kind.remote && may("ResetPassword") && { id: "reset-password", text: t("resetPassword"), not: system ?? fixed },
		may("DeleteUser") && {
			id: "delete",
			text: t("delete"),
			not: system ?? fixed ?? (enabled ? t("deleteEnabled") : undefined),
		},
	].filter((a) => a !== false);
}

function Found({ where, seen }: { where: Where; seen: Seen }) {
	const { user } = seen;
	const kind = kindOf(user);
	const [tab, setTab] = useInUrl("tab", "general");
	const [asked, setAsked] = useInUrl("do");
	const { fixed } = useDirectory(where);
	const actions = actionsOf(seen, fixed);
	const hasPassword = useHasPassword(where, user.UserId ?? where.id, kind.signsIn);
	const close = useCallback(() => setAsked(""), [setAsked]);
	const can = (id: string) => actions.some((a) => a.id === id && a.not === undefined);
	const tabs = tabsOf(seen);
	const end = mailboxEnd(user);
	return (
		<Screen
			title={titleOf(user)}
			description={
				<EntryHead state={user.State} email={user.Email}>
					{kind.system && <Badge>{t("roleSystem")}</Badge>}
				</EntryHead>
			}
			actions={
				<ActionButtons
					// For who has no password, the note below asks for it.
					actions={actions.filter((a) => a.id !== "reset-password" || hasPassword !== false)}
					act={setAsked}
				/>
			}
		>
			{!may("UpdateUser") && <Alert type="info">{t("readOnly")}</Alert>}
			{hasPassword === false && (
				<Alert
					type="warning"
					action={
						can("reset-password") && <Button onClick={() => setAsked("reset-password")}>{t("setPassword")}</Button>
					}
				>
					{t("passwordNone")}
				</Alert>
			)}
			{disabledThere(user) && <Alert type="warning">{t("disabledThere")}</Alert>}
			{end && (
				<Alert type={end > new Date() ? "info" : "warning"}>
					{t(end > new Date() ? "keptUntil" : "keptOver", { date: formatDay(end) })}
				</Alert>
			)}
			<Tabs
				activeTabId={tabs.includes(tab) ? tab : "general"}
				onChange={(event) => setTab(event.detail.activeTabId)}
				ariaLabel={t("tabs")}
				tabs={tabs.map((id) => {
					const Content = parts[id];
					return {
						id,
						label: t(`tab.${id}` as "tab.general"),
						// What was typed in a tab stays while another one is looked at.
						contentRenderStrategy: "lazy",
						content: Content && <Content where={where} seen={seen} />,
					};
				})}
			/>
			{asked && (
				<Asked
					key={`${asked} ${fixed}`}
					of={dialogs[asked]}
					action={actions.find((a) => a.id === asked)}
					fixed={fixed}
					where={where}
					seen={seen}
					close={close}
				/>
			)}
		</Screen>
	);
}

/**
 * The dialog that is asked for, if it can be done then. It stays open where another
 * administrator was first, since it says so, and an address asks only once.
 */
function Asked(props: {
	of: Asking | undefined;
	action: Action | undefined;
	fixed: string | undefined;
	where: Where;
	seen: Seen;
	close: () => void;
}) {
	const { of: Dialog, action, fixed, where, seen, close } = props;
	const [open] = useState(action !== undefined && action.not === undefined);
	// What the directory lets be done may not be known yet.
	const never = !open && action?.not !== fixed;
	useEffect(() => {
		if (never) close();
	}, [never, close]);
	return open && Dialog ? <Dialog where={where} seen={seen} close={close} /> : null;
}

/** The tabs that apply to a user and that this administrator may see. */
function tabsOf({ user }: Seen): string[] {
	const kind = kindOf(user);
	return [
		"general",
		"groups",
		...(kind.system ? [] : ["permissions"]),
		...(kind.mailbox ? ["quota"] : []),
		...(kind.signsIn && may("ListSignIns") ? ["sign-ins"] : []),
		...(may("ListAuditRecords") ? ["audit"] : []),
	];
}
