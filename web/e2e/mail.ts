/** Mail as other servers and mail programs see it: SMTP in and out, IMAP. */
import { readFileSync } from "node:fs";
import { connect as dial, type Socket } from "node:net";
import { connect as dialTls } from "node:tls";
import type { Endpoints } from "./harness.ts";

export interface Account {
	email: string;
	password: string;
}

/** Speaks lines: `say` sends one and answers all lines up to the one that fits. */
function talk(socket: Socket) {
	let buffer = "";
	let wake: (() => void) | undefined;
	let broken: Error | undefined;
	socket.setEncoding("utf8");
	socket.on("timeout", () => socket.destroy(new Error("the server says nothing")));
	socket.on("data", (text: string) => {
		buffer += text;
		wake?.();
	});
	const end = (error: Error) => {
		broken ??= error;
		wake?.();
	};
	socket.on("error", end);
	const ended = new Promise<void>((done) => socket.once("close", () => done()));
	socket.on("close", () => end(new Error(`the connection was closed after: ${buffer}`)));
	const until = async (last: RegExp): Promise<string> => {
		socket.setTimeout(20_000);
		for (;;) {
			const found = last.exec(buffer);
			if (found) {
				const upTo = found.index + found[0].length;
				const text = buffer.slice(0, upTo);
				buffer = buffer.slice(upTo);
				socket.setTimeout(0);
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
		ended,
		close: () => socket.destroy(),
	};
}

const reply = /^\d{3} .*\r\n/m;
const positive = /^[23]/m;

const parts = (address: string): [string, number] => {
	const at = address.lastIndexOf(":");
	return [address.slice(0, at), Number(address.slice(at + 1))];
};

function overTls(address: string, at: Endpoints) {
	const [host, port] = parts(address);
	return talk(dialTls({ host, port, ca: readFileSync(at.ca_file), servername: "localhost" }));
}

const message = (from: string, to: readonly string[], subject: string) =>
	[
		`From: ${from}`,
		`To: ${to.join(", ")}`,
		`Subject: ${subject}`,
		`Message-ID: <${Date.now()}@remote.test>`,
		`Date: ${new Date().toUTCString()}`,
		"",
		"Hello",
		".",
	].join("\r\n");

/** Delivers a message as another mail server does; answers the reply to each recipient. */
export async function deliver(smtp: string, to: readonly string[], subject: string): Promise<string[]> {
	const [host, port] = parts(smtp);
	const s = talk(dial(port, host));
	await s.until(reply);
	await s.say("EHLO mx.remote.test", reply);
	await s.say("MAIL FROM:<sender@remote.test>", reply);
	const replies: string[] = [];
	for (const recipient of to) replies.push((await s.say(`RCPT TO:<${recipient}>`, reply)).trim());
	if (replies.some((r) => positive.test(r))) {
		await s.say("DATA", reply);
		const said = await s.say(message("sender@remote.test", to, subject), reply);
		if (!said.startsWith("250")) throw new Error(`the message was refused: ${said}`);
	}
	s.close();
	return replies;
}

/** Sends a message as a mail program does; answers the reply that took it, or the first that refused. */
export async function submit(
	at: Endpoints,
	user: Account,
	mail: { from: string; to: string; subject: string },
): Promise<string> {
	const s = overTls(at.submissions, at);
	await s.until(reply);
	await s.say("EHLO [127.0.0.1]", reply);
	const secret = Buffer.from(`\0${user.email}\0${user.password}`).toString("base64");
	let said = "";
	for (const line of [
		`AUTH PLAIN ${secret}`,
		`MAIL FROM:<${mail.from}>`,
		`RCPT TO:<${mail.to}>`,
		"DATA",
		message(mail.from, [mail.to], mail.subject),
	]) {
		said = await s.say(line, reply);
		if (!positive.test(said)) break;
	}
	s.close();
	return said.trim();
}

/** An IMAP session, as a mail program has it; `say` answers all up to the reply to a command, or to what fits `last`. */
export async function imap(at: Endpoints) {
	const s = overTls(at.imaps, at);
	await s.until(/^\* OK.*\r\n/m);
	let count = 0;
	const say = (command: string, last?: RegExp) => {
		const tag = `a${++count}`;
		return s.say(`${tag} ${command}`, last ?? new RegExp(`^${tag} (OK|NO|BAD).*\r\n`, "m"));
	};
	const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
	const signIn = async ({ email, password }: Account): Promise<boolean> =>
		/^a\d+ OK/m.test(await say(`LOGIN ${quoted(email)} ${quoted(password)}`));
	const done = () => s.say("DONE", /^a\d+ OK.*\r\n/m); // with IDLE
	return { say, done, signIn, ended: s.ended, close: s.close };
}

/** Whether somebody is let in over IMAP. */
export async function signsIn(at: Endpoints, email: string, password: string): Promise<boolean> {
	const session = await imap(at);
	const ok = await session.signIn({ email, password });
	session.close();
	return ok;
}

/** Signs in over IMAP and answers how many messages of a subject lie in the Inbox, waiting for the first. */
export async function inbox(at: Endpoints, user: Account, subject: string): Promise<number> {
	const session = await imap(at);
	if (!(await session.signIn(user))) throw new Error(`no sign-in of ${user.email}`);
	for (;;) {
		await session.say("SELECT INBOX");
		const found = await session.say(`SEARCH SUBJECT "${subject}"`);
		const numbers = /^\* SEARCH(.*)$/m.exec(found)?.[1]?.trim().split(" ").filter(Boolean) ?? [];
		if (numbers.length > 0) {
			session.close();
			return numbers.length;
		}
		// The server says what came since SELECT, and what comes.
		await session.say("IDLE", /^\* \d+ EXISTS\r\n/m);
		await session.done();
	}
}
