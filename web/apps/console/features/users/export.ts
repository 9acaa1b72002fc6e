import { dateOf, type FoundUser } from "@postroom/api";
import { dated, formatCsv, saveFile } from "@postroom/csv";
import { ended } from "@postroom/session";
import { explain, notify } from "@postroom/ui";
import { type FindInput, findUsers } from "./find.ts";
import { t } from "./words.ts";

const moment = (seconds: number | undefined): string => dateOf(seconds)?.toISOString() ?? "";

/** What an import takes comes first, under its names: it leaves the others out. */
const columns: readonly [string, (u: FoundUser) => string | undefined][] = [
	["user_name", (u) => u.Name],
	["first_name", (u) => u.FirstName],
	["last_name", (u) => u.LastName],
	["display_name", (u) => u.DisplayName],
	["email", (u) => u.Email],
	["role", (u) => u.UserRole],
	["hidden", (u) => (u.HiddenFromGlobalAddressList ? "yes" : "no")],
	["state", (u) => u.State],
	["enabled", (u) => moment(u.EnabledDate)],
	["disabled", (u) => moment(u.DisabledDate)],
	["user_id", (u) => u.Id],
];

const id = "export-users";

/** Reads all pages of what the list shows, four at a time, and saves them as one file. */
export async function exportUsers(region: string, filter: FindInput): Promise<void> {
	const header = formatCsv([columns.map(([name]) => name)]);
	const size = 100;
	let total = 0;
	let done = 0;
	let more = false;
	const tell = () => notify({ id, type: "info", loading: true, content: t("exporting", { done, total }) });
	const parts: string[] = [];
	const read = async (n: number) => {
		const page = await findUsers(region, { ...filter, Offset: n * size || undefined, MaxResults: size });
		total = page.Total ?? 0;
		more ||= page.More ?? false;
		done += page.Users?.length ?? 0;
		parts[n] = formatCsv((page.Users ?? []).map((u) => columns.map(([, of]) => of(u))));
		tell();
	};
	tell();
	try {
		await read(0);
		const last = Math.ceil(total / size);
		let next = 1;
		const worker = async () => {
			while (next < last) await read(next++);
		};
		await Promise.all([worker(), worker(), worker(), worker()]);
	} catch (error) {
		ended(error);
		notify({ id, type: "error", header: t("exportFailed", { done, total }), content: explain(error) });
		return;
	}
	const file = dated("users");
	saveFile(file, [header, ...parts]);
	const content = t("exported", { count: done, file });
	notify(more ? { id, type: "warning", content: `${content} ${t("exportMore")}` } : { id, type: "success", content });
}
