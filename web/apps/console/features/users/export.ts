import { dateOf, type User } from "@postroom/api";
import { formatCsv, saveFile } from "@postroom/csv";
import { explain, notify } from "@postroom/ui";
import { type FindInput, findUsers } from "./find.ts";
import { t } from "./words.ts";

const moment = (seconds: number | undefined): string => dateOf(seconds)?.toISOString() ?? "";

const line = (u: User): (string | undefined)[] => [
	u.Name,
	u.DisplayName,
	u.Email,
	u.State,
	u.UserRole,
	moment(u.EnabledDate),
	moment(u.DisabledDate),
	u.Id,
];

const id = "export-users";

/** Reads all pages of what the list shows, four at a time, and saves them as one file. */
export async function exportUsers(region: string, filter: FindInput): Promise<void> {
	const header = formatCsv([["user_name", "display_name", "email", "state", "role", "enabled", "disabled", "user_id"]]);
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
		parts[n] = formatCsv((page.Users ?? []).map(line));
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
		notify({ id, type: "error", header: t("exportFailed", { done, total }), content: explain(error) });
		return;
	}
	const file = `users-${new Date().toISOString().slice(0, 10)}.csv`;
	saveFile(file, [header, ...parts]);
	const content = t("exported", { count: done, file });
	notify(more ? { id, type: "warning", content: `${content} ${t("exportMore")}` } : { id, type: "success", content });
}
