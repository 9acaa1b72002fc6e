import { aliasesOf, call } from "@postroom/api";
import { may } from "@postroom/session";
import { AddressesEditor, isConflict, useDomains } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { kindOf, type Seen, useRefresh, type Where } from "./user.ts";
import { t } from "./words.ts";

/** The addresses of a user. A hundred at most, so they are read whole. */
export function Addresses({ where, seen }: { where: Where; seen: Seen }) {
	const { region, org } = where;
	const { user, tag } = seen;
	const kind = kindOf(user);
	const EntityId = user.UserId ?? where.id;
	const refresh = useRefresh(where);
	/** An address of somebody disabled that was asked for once. */
	const warned = useRef("");
	const changes = kind.enabled && !kind.system;
	const domains = useDomains(where, changes && may("CreateAlias"));
	const aliases = useQuery({
		queryKey: [region, org, "user", where.id, "aliases"],
		queryFn: () => aliasesOf(where, EntityId),
	});

	const add = async (email: string) => {
		// The server takes an address from who is disabled; that shall not happen unseen.
		const check = await call("CheckEmailAddress", { OrganizationId: org, Email: email }, { region });
		if (check.EntityId && check.EntityId !== EntityId && !check.Problem && warned.current !== email) {
			const holder = await call("DescribeEntity", { OrganizationId: org, Email: email }, { region });
			warned.current = email;
			throw new Error(t("addressKept", { email, name: holder.Name ?? check.EntityId }));
		}
		await call("CreateAlias", { OrganizationId: org, EntityId, Alias: email }, { region });
		await refresh();
	};
	const makeDefault = async (email: string) => {
		try {
			const input = { OrganizationId: org, EntityId, Email: email };
			await call("UpdatePrimaryEmailAddress", input, { region, ifMatch: tag });
		} catch (error) {
			if (!isConflict(error)) throw error;
			await refresh();
			throw new Error(t("addressesChanged"));
		}
		await refresh();
	};
	const remove = async (email: string) => {
		await call("DeleteAlias", { OrganizationId: org, EntityId, Alias: email }, { region });
		await refresh();
	};
	return (
		<AddressesEditor
			at={{ region, org }}
			primary={user.Email}
			aliases={aliases.data?.filter((email) => email.toLowerCase() !== user.Email?.toLowerCase())}
			error={aliases.data ? undefined : aliases.error}
			again={() => void aliases.refetch()}
			enabled={changes}
			domains={domains.data}
			onAdd={may("CreateAlias") ? add : undefined}
			onDefault={may("UpdatePrimaryEmailAddress") ? makeDefault : undefined}
			onRemove={may("DeleteAlias") ? remove : undefined}
		/>
	);
}
