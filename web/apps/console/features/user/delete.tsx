import TextContent from "@cloudscape-design/components/text-content";
import { aliasesOf, call, groupsOf } from "@postroom/api";
import { formatBytes } from "@postroom/i18n";
import { CliHint, ConfirmByName, Counting, cliCommand, go, href, notify } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { kindOf, type Seen, titleOf, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

interface Loss {
	/** Of the mailbox; undefined where there is none. */
	bytes: number | undefined;
	aliases: number;
	groups: number;
}

async function lossOf(where: Where, mailbox: boolean): Promise<Loss> {
	const { region, org, id } = where;
	const [details, aliases, groups] = await Promise.all([
		mailbox ? call("GetMailboxDetails", { OrganizationId: org, UserId: id }, { region }) : undefined,
		aliasesOf(where, id),
		groupsOf(where, id),
	]);
	return {
		bytes: details && (details.MailboxSize ?? 0) * 1024 * 1024,
		aliases: aliases.length,
		groups: groups.length,
	};
}

/** Deletes a disabled user for good; the name is asked for. */
export default function Delete({ where, seen, close }: { where: Where; seen: Seen; close: () => void }) {
	const { region, org } = where;
	const { user } = seen;
	const id = user.UserId ?? where.id;
	const name = user.Name ?? "";
	const refresh = useRefresh(where);
	const client = useQueryClient();
	const mailbox = kindOf(user).mailbox;
	const loss = useQuery({
		queryKey: [region, org, "user", where.id, "loss"],
		queryFn: () => lossOf({ region, org, id }, mailbox),
		gcTime: 0,
	});
	const input = { OrganizationId: org, UserId: id };
	const remove = async () => {
		await call("DeleteUser", input, { region, ifMatch: seen.tag });
		// The list, which is shown next, is read anew: it never shows the user again.
		client.removeQueries({ queryKey: [region, org, "users"] });
		notify({ type: "success", content: t("deletedDone", { name: titleOf(user) }) });
		go(href(region, "o", org, "users"), { unguarded: true });
		void refresh();
	};
	return (
		<ConfirmByName
			header={t("deleteOf", { name: titleOf(user) })}
			name={name}
			button={t("delete")}
			blocked={!loss.data}
			action={remove}
			reread={refresh}
			close={close}
		>
			<TextContent>
				<p>{t("deleteHelp")}</p>
				{!loss.data ? (
					<Counting of={[loss]} />
				) : (
					<ul>
						{loss.data.bytes !== undefined && <li>{t("lossMailbox", { size: formatBytes(loss.data.bytes) })}</li>}
						{user.Email && (
							<li>
								{loss.data.aliases === 0
									? t("lossAddress", { email: user.Email })
									: t("lossAddresses", { email: user.Email, count: loss.data.aliases })}
							</li>
						)}
						{loss.data.groups !== 0 && <li>{t("lossGroups", { count: loss.data.groups })}</li>}
						<li>{t("lossPermissions")}</li>
					</ul>
				)}
				<p>{t("deleteAgain")}</p>
			</TextContent>
			<CliHint commands={[cliCommand(region, "DeleteUser", input)]} />
		</ConfirmByName>
	);
}
