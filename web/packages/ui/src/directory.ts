import { call, type DescribeOrganizationResponse, organizationQuestion, type Within } from "@postroom/api";
import { useQuery } from "@tanstack/react-query";
import { t } from "./directory-words.ts";

/** What an organization's directory lets be done from here. */
export interface OrganizationDirectory {
	/** Users and groups live elsewhere and are only mirrored here. */
	foreign: boolean;
	/** Why users, groups, members and passwords cannot be changed here; undefined where they can. */
	fixed: string | undefined;
}

/** What DirectoryType is of an organization whose users Postroom itself keeps. */
const ownDirectory = "VpcDirectory";

/** How long an answer is not asked for again. */
const fresh = 60_000;

/** Types that say by themselves whether they can be changed from here. */
const writable: Readonly<Record<string, boolean>> = { SimpleAD: true, MicrosoftAD: true, ADConnector: false };

/** The organization, asked once for all that look at it. */
export const useOrganization = (at: Within) =>
	useQuery({ ...organizationQuestion(at), enabled: at.org !== "", staleTime: fresh });

export const isForeign = (o: DescribeOrganizationResponse | undefined): boolean =>
	o?.DirectoryType !== undefined && o.DirectoryType !== ownDirectory;

/** How often its copy is looked at while it is made, and afterwards. */
const often = 1_000;
const seldom = 5_000;

/** How the copy of a foreign directory stands; looked at again by itself where `watch` is set. */
export const useDirectorySync = ({ region, org }: Within, wanted: boolean, watch = false) =>
	useQuery({
		queryKey: [region, org, "directory-sync"],
		queryFn: () => call("DescribeDirectorySync", { OrganizationId: org }, { region, polled: true }),
		enabled: wanted && org !== "",
		staleTime: watch ? 0 : fresh,
		refetchInterval: ({ state }) => watch && (state.data?.Phase === "READING" ? often : seldom),
	});

/** What an organization's directory lets be done: known without a call of its own but for LDAP. */
export function useDirectory(at: Within): OrganizationDirectory {
	const { data } = useOrganization(at);
	const foreign = isForeign(data);
	const type = data?.DirectoryType ?? "";
	const sync = useDirectorySync(at, foreign && !(type in writable));
	if (!foreign) return { foreign, fixed: undefined };
	// Where it cannot be asked, the server says it at the attempt.
	const may = writable[type] ?? (sync.error && !sync.data ? true : sync.data?.Writable);
	if (may === undefined) return { foreign, fixed: t("asking") };
	return { foreign, fixed: may ? undefined : t(type === "ADConnector" ? "fixedAd" : "fixedLdap") };
}

/** The directories of a region, which are few. */
export const useDirectories = (region: string, wanted = true) =>
	useQuery({
		queryKey: [region, "directories"],
		queryFn: async () => (await call("ListDirectories", {}, { region, polled: true })).Directories ?? [],
		refetchInterval: ({ state }) => (state.data?.some((d) => d.SyncPhase === "READING") ? 2000 : false),
		enabled: wanted,
	});
