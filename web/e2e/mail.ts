/** Mail as other servers and mail programs see it: SMTP in, IMAP out. */
import { readFileSync } from "node:fs";
import { connect as dial, type Socket } from "node:net";
import { connect as dialTls } from "node:tls";

/** Speaks lines: `say` sends one and answers all lines up to the one that fits. */
function talk(socket: Socket) {
	let buffer = "";
	let wake: (() => void) | undefined;
	let broken: Error | undefined;
	socket.setEncoding("utf8");
	socket.setTimeout(20_000, () => socket.destroy(new Error("the server says nothing")));
	socket.on("data", (text: string) => {
		buffer += text;
		wake?.();
	});
	const end = (error: Error) => {
		broken = error;
		wake?.();
	};
	socket.on("error", end);
	socket.on("close", () => end(new Error("the connection was closed")));
	const until = async (last: RegExp): Promise<string> => {
		for (;;) {
			const found = last.exec(buffer);
			if (found) {
				const upTo = found.index + found[0].length;
				const text = buffer.slice(0, upTo);
				buffer = buffer.slice(upTo);
				return text;
			}
			if (broken) throw broken;
			await new Promise<void>((done) => {
				wake = done;
			});
		}
	};
	return {
		until,
		say: (line: string, last: RegExp) => {
			socket.write(`${line}\r\n`);
			return until(last);
		},
	};
}

const parts = (address: string): [string, number] => {
	const at = address.lastIndexOf(":");
	return [address.slice(0, at), Number(address.slice(at + 1))];
};

/** Delivers a message as another mail server does; answers the reply to each recipient. */
export async function deliver(smtp: string, to: readonly string[], subject: string): Promise<string[]> {
	const [host, port] = parts(smtp);
	const socket = dial(port, host);
	const s = talk(socket);
	const reply = /^\d{3} .*\r\n/m;
	await s.until(reply);
	await s.say("EHLO mx.remote.test", reply);
	await s.say("MAIL FROM:<sender@remote.test>", reply);
	const replies: string[] = [];
	for (const recipient of to) replies.push((await s.say(`RCPT TO:<${recipient}>`, reply)).trim());
	if (replies.some((r) => r.startsWith("2"))) {
		await s.say("DATA", reply);
		const head = `From: sender@remote.test\r\nTo: ${to.join(", ")}\r\nSubject: ${subject}\r\nMessage-ID: <${Date.now()}@remote.test>`;
		const said = await s.say(`${head}\r\nDate: ${new Date().toUTCString()}\r\n\r\nHello\r\n.`, reply);
		if (!said.startsWith("250")) throw new Error(`the message was refused: ${said}`);
	}
	socket.end("QUIT\r\n");
	return replies;
}

/** Signs in over IMAP and answers how many messages of a subject lie in the Inbox, waiting for the first. */
export async function inbox(
	at: { imaps: string; ca_file: string },
	user: { email: string; password: string },
	subject: string,
): Promise<number> {
	const [host, port] = parts(at.imaps);
	const socket = dialTls({ host, port, ca: readFileSync(at.ca_file), servername: "localhost" });
	const s = talk(socket);
	await s.until(/^\* OK.*\r\n/m);
	const signed = await s.say(`a LOGIN "${user.email}" "${user.password.replace(/["\\]/g, "\\$&")}"`, /^a .*\r\n/m);
	if (!/^a OK/m.test(signed)) throw new Error(`no sign-in: ${signed}`);
	for (;;) {
		await s.say("b SELECT INBOX", /^b OK.*\r\n/m);
		const found = await s.say(`c SEARCH SUBJECT "${subject}"`, /^c .*\r\n/m);
		const numbers = /^\* SEARCH(.*)$/m.exec(found)?.[1]?.trim().split(" ").filter(Boolean) ?? [];
		if (numbers.length > 0) {
			socket.end("d LOGOUT\r\n");
			return numbers.length;
		}
		// The server says what came since SELECT, and what comes.
		await s.say("e IDLE", /^\* \d+ EXISTS\r\n/m);
		await s.say("DONE", /^e .*\r\n/m);
	}
}
