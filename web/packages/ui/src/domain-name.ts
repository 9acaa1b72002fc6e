/**
 * The form in which DNS has a domain name that someone typed: lower case, with
 * A-labels for what is not ASCII. Undefined for what is no domain name.
 */
export function domainName(typed: string): string | undefined {
	if (!/^[^\s/:@?#\\%[\]]+\.[^\s/:@?#\\%[\]]+$/.test(typed)) return undefined;
	let name: string;
	try {
		name = new URL(`http://${typed}/`).hostname.replace(/\.$/, "");
	} catch {
		return undefined;
	}
	const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
	if (!new RegExp(`^(?:${label}\\.)+${label}$`).test(name)) return undefined;
	// The last label of digits alone makes an IP address.
	return name.length > 209 || /\.\d+$/.test(name) ? undefined : name;
}
