import { call, type TestDirectoryRequest } from "@postroom/api";
import { useQuery } from "@tanstack/react-query";

/** The directories of a region, which are few. */
export const useDirectories = (region: string) =>
	useQuery({
		queryKey: [region, "directories"],
		queryFn: async () => (await call("ListDirectories", {}, { region })).Directories ?? [],
		refetchInterval: ({ state }) => (state.data?.some((d) => d.SyncPhase === "READING") ? 2000 : false),
	});

export const directoryKey = (region: string, id: string) => [region, "directories", id] as const;

export const testDirectory = async (region: string, input: TestDirectoryRequest) =>
	(await call("TestDirectory", input, { region })).Steps ?? [];
