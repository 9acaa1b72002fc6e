import { createHmac } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Bytes of a Base32 text, RFC 4648 §6. */
function base32(text: string): Buffer {
	let bits = 0;
	let value = 0;
	const bytes: number[] = [];
	for (const c of text.replaceAll(/[= ]/g, "").toUpperCase()) {
		value = (value << 5) | alphabet.indexOf(c);
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes.push((value >>> bits) & 255);
		}
	}
	return Buffer.from(bytes);
}

/** The code that an authenticator app shows: RFC 6238 with SHA-1, 6 digits, 30 seconds; `steps` later. */
export function totp(secret: string, steps = 0): string {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
	const mac = createHmac("sha1", base32(secret)).update(counter).digest();
	const offset = (mac[19] ?? 0) & 15; // RFC 4226 §5.3
	return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
