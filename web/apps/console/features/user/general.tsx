import SpaceBetween from "@cloudscape-design/components/space-between";
import { may } from "@postroom/session";
import { CliHint, cliCommand, useDirectory, useQuery as useInUrl } from "@postroom/ui";
import { Addresses } from "./addresses.tsx";
import { Details } from "./details.tsx";
import { DetailsForm } from "./details-form.tsx";
import { kindOf, type Seen, type Where } from "./user.ts";

/** The tab General: details, to be edited in place, and addresses. */
export default function General({ where, seen }: { where: Where; seen: Seen }) {
	const [edit, setEdit] = useInUrl("edit");
	const { fixed } = useDirectory(where);
	const id = seen.user.UserId ?? where.id;
	return (
		<SpaceBetween size="l">
			{edit === "details" && may("UpdateUser") && !fixed && !kindOf(seen.user).system ? (
				<DetailsForm where={where} seen={seen} close={() => setEdit("")} />
			) : (
				<>
					<Details where={where} seen={seen} edit={() => setEdit("details")} />
					<CliHint
						commands={[
							cliCommand(where.region, "DescribeUser", { OrganizationId: where.org, UserId: id }),
							cliCommand(where.region, "ListAliases", { OrganizationId: where.org, EntityId: id }),
						]}
					/>
				</>
			)}
			<Addresses where={where} seen={seen} />
		</SpaceBetween>
	);
}
