import { aliasesOf, call, type Input } from "@postroom/api";
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

	const about = { OrganizationId: org, EntityId };
	const change = async <Name extends "CreateAlias" | "DeleteAlias" | "UpdatePrimaryEmailAddress">(
		name: Name,
		input: Input<Name>,
	) => {
		try {
			await call(name, input, { region, ifMatch: tag });
		} catch (error) {
			if (!isConflict(error)) throw error;
			await refresh();
			throw new Error(t("addressesChanged"), { cause: error });
		}
		await refresh();
	};
	const add = async (email: string) => {
		// The server takes an address from who is disabled; that shall not happen unseen.
		const check = await call("CheckEmailAddress", { OrganizationId: org, Email: email }, { region });
		if (check.EntityId && check.EntityId !== EntityId && !check.Problem && warned.current !== email) {
			const holder = await call("DescribeEntity", { OrganizationId: org, Email: email }, { region });
			warned.current = email;
			throw new Error(t("addressKept", { email, name: holder.Name ?? check.EntityId }));
		}
		await change("CreateAlias", { ...about, Alias: email });
	};
	const makeDefault = (email: string) => change("UpdatePrimaryEmailAddress", { ...about, Email: email });
	const remove = (email: string) => change("DeleteAlias", { ...about, Alias: email });
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
