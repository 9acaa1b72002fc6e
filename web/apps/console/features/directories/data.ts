import { call, type TestDirectoryRequest } from "@postroom/api";

export const directoryKey = (region: string, id: string) => [region, "directories", id] as const;

export const testDirectory = async (region: string, input: TestDirectoryRequest) =>
	(await call("TestDirectory", input, { region })).Steps ?? [];
