import Box from "@cloudscape-design/components/box";
import { type AddressSource, call, proposeAddresses } from "@postroom/api";
import {
	CliHint,
	cliCommand,
	type Email,
	EmailField,
	emailFault,
	emailOf,
	emailText,
	isConflict,
	notify,
	ProposeFrom,
	useDirectory,
	useDomains,
	useProblem,
} from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "./dialog.tsx";
import { kindOf, mailboxEnd, type Seen, titleOf, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

/** Enables a user with a primary address: the last one, or one made of the name. */
export default function Enable({ where, seen, close }: { where: Where; seen: Seen; close: () => void }) {
	const { region, org } = where;
	const { user } = seen;
	const id = user.UserId ?? where.id;
	const name = titleOf(user);
	const refresh = useRefresh(where);
	const domains = useDomains(where).data;
	const { foreign } = useDirectory(where);
	const [from, setFrom] = useState<AddressSource>("NAME");
	const proposal = useQuery({
		queryKey: [region, org, "user", where.id, "proposal", from],
		queryFn: async () => (await proposeAddresses(where, [id], foreign ? from : undefined))[0],
	});
	const proposed = proposal.data?.Email ?? "";
	const [edited, setEdited] = useState<Email>();
	const typed = edited ?? (proposed ? emailOf(proposed) : { local: "", domain: domains?.[0]?.name ?? "" });
	/** What is known of the proposed address before it is asked for. */
	const known = edited ? undefined : proposal.data?.Problem;
	const [strict, setStrict] = useState(false);
	const problem = useProblem({ address: [/address|email|domain/i] });
	const input = { OrganizationId: org, EntityId: id, Email: emailText(typed) };

	const enable = async () => {
		setStrict(true);
		if (emailFault(typed, domains)) return;
		problem.clear();
		try {
			await call("RegisterToWorkMail", input, { region, ifMatch: seen.tag });
			await refresh();
			notify({ type: "success", content: t("enabledDone", { name, email: input.Email }) });
			close();
		} catch (error) {
			problem.fail(error);
			if (isConflict(error)) await refresh();
		}
	};
	return (
		<Dialog header={t("enableOf", { name })} button={t("enable")} problem={problem.rest} action={enable} close={close}>
			<Box>
				{kindOf(user).remote ? t("enableRemoteHelp") : mailboxEnd(user) ? t("enableAgainHelp") : t("enableHelp")}
			</Box>
			{foreign && (
				<ProposeFrom
					value={from}
					set={(next) => {
						setFrom(next);
						setEdited(undefined);
						problem.clear();
					}}
				/>
			)}
			<EmailField
				label={t("primaryAddress")}
				value={typed}
				onChange={(value) => {
					setEdited(value);
					problem.clear();
				}}
				domains={domains}
				autoFocus
				disabled={proposal.isPending}
				error={problem.field("address") ?? known ?? (strict ? emailFault(typed, domains) : undefined)}
			/>
			<CliHint commands={[cliCommand(region, "RegisterToWorkMail", input)]} />
		</Dialog>
	);
}
