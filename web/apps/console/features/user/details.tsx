import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { dateOf } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { may } from "@postroom/session";
import { Copyable, useDirectory, useHasPassword } from "@postroom/ui";
import { labelOf, textFields } from "./fields.ts";
import { kindOf, type Seen, type Where } from "./user.ts";
import { t } from "./words.ts";

/** What is known of a user. */
export function Details({ where, seen, edit }: { where: Where; seen: Seen; edit: () => void }) {
	const { user } = seen;
	const { fixed } = useDirectory(where);
	const kind = kindOf(user);
	const hasPassword = useHasPassword(where, user.UserId ?? where.id, kind.signsIn);
	const role = kind.remote ? t("roleRemote") : kind.system ? t("roleSystem") : t("roleUser");
	return (
		<Container
			header={
				<Header
					variant="h2"
					description={kind.system ? t("systemHelp") : undefined}
					actions={
						may("UpdateUser") && (
							<Button
								onClick={edit}
								disabled={kind.system || fixed !== undefined}
								disabledReason={kind.system ? t("systemHelp") : fixed}
							>
								{t("edit")}
							</Button>
						)
					}
				>
					{t("details")}
				</Header>
			}
		>
			<SpaceBetween size="l">
				<KeyValuePairs
					columns={3}
					items={[
						{ label: t("userName"), value: user.Name },
						...textFields.map((f) => ({ label: labelOf(f), value: user[f] || "–" })),
						{ label: t("addressList"), value: user.HiddenFromGlobalAddressList ? t("hiddenYes") : t("hiddenNo") },
					]}
				/>
				<KeyValuePairs
					columns={3}
					items={[
						{ label: t("role"), value: role },
						...(hasPassword === undefined
							? []
							: [{ label: t("password"), value: t(hasPassword ? "passwordSet" : "passwordUnset") }]),
						{ label: t("userId"), value: <Copyable value={user.UserId ?? ""} label={t("userId")} /> },
						{ label: t("enabledDate"), value: formatMoment(dateOf(user.EnabledDate)) },
						{ label: t("disabledDate"), value: formatMoment(dateOf(user.DisabledDate)) },
						{ label: t("mailboxMade"), value: formatMoment(dateOf(user.MailboxProvisionedDate)) },
						{ label: t("mailboxRemoved"), value: formatMoment(dateOf(user.MailboxDeprovisionedDate)) },
					]}
				/>
			</SpaceBetween>
		</Container>
	);
}
