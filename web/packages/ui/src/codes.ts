/** The codes of a filter in the URL, without what is none; undefined: any. No component comes with this file. */
export function codesIn<T extends string>(value: string, all: readonly T[]): T[] | undefined {
	const found = all.filter((code) => value.split(",").includes(code));
	return found.length > 0 ? found : undefined;
}
