import type { Typed } from "./form.ts";
import { attributesOf, settingsOf } from "./form.ts";

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The command of this machine that registers, updates or tests a directory with what is typed. */
export function directoryCommand(step: "register" | "update" | "test", name: string, typed: Typed): string {
	const s = settingsOf(typed);
	const flags = [
		...(step === "update" ? [] : ["--kind", s.Kind]),
		...(s.Servers.length > 0 ? s.Servers : ["HOST"]).flatMap((server) => ["--server", quoted(server)]),
		...(s.StartTls ? ["--start-tls"] : []),
		...(s.CertificateAuthority ? ["--ca-file", "CA.pem"] : []),
		"--account",
		quoted(s.Account || "ACCOUNT"),
		"--base-dn",
		quoted(s.BaseDn || "DN"),
		...(s.UserFilter ? ["--user-filter", quoted(s.UserFilter)] : []),
		...(s.GroupFilter ? ["--group-filter", quoted(s.GroupFilter)] : []),
		...(s.ReadOnly ? ["--read-only"] : []),
		...Object.entries(attributesOf(typed)).flatMap(([ours, theirs]) => ["--attribute", quoted(`${ours}=${theirs}`)]),
	];
	return ["postroom directory", step, ...(name ? [quoted(name)] : []), ...flags].join(" ");
}
