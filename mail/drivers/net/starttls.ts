import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { MailError } from '../../errors';
import { LineReader } from './line-reader';

/** What the plain part of a connection told, before TLS or instead of it. */
export interface StarttlsAnswer {
	/** True: the server waits for the TLS handshake now. False: it does not offer STARTTLS; nothing changed. */
	readonly upgraded: boolean;
	/** Greeting of the server; several lines for SMTP, each with CR LF. Not to be trusted: it came in clear text. */
	readonly greeting: string;
}

export type Upgrade = (socket: Socket, where: string) => Promise<StarttlsAnswer>;

/**
 * Reads the greeting and asks an IMAP server for STARTTLS (RFC 9051, section 6.2.1). The caller bounds the
 * time and starts TLS. Throws MailError.
 */
export const upgradeImap: Upgrade = async (socket, where) =>
	await talk(socket, where, async (reader) => {
		const greeting = await reader.readLine();
		if (!/^\* (?:OK|PREAUTH)(?: |$)/i.test(greeting)) throw toRefusal(greeting, where, /^\* BYE/i);
		// A pre-authenticated session can no longer be protected (RFC 9051, section 6.2.1).
		if (/^\* PREAUTH/i.test(greeting)) return { upgraded: false, greeting: `${greeting}\r\n` };

		const capabilities = await askImap(socket, reader, 'tls1', 'CAPABILITY');
		const offered = capabilities.lines.some((line) =>
			/^\* CAPABILITY .*\bSTARTTLS(?: |$)/i.test(line),
		);
		const upgraded = offered && (await askImap(socket, reader, 'tls2', 'STARTTLS')).status === 'OK';
		return { upgraded, greeting: `${greeting}\r\n` };
	});

/** As `upgradeImap`, for POP3: STLS (RFC 2595, section 4). */
export const upgradePop3: Upgrade = async (socket, where) =>
	await talk(socket, where, async (reader) => {
		const greeting = await reader.readLine();
		if (!isPop3Ok(greeting)) throw toRefusal(greeting, where, /^-ERR/i);
		const offered = await offersStls(socket, reader);
		if (offered) socket.write('STLS\r\n');
		const upgraded = offered && isPop3Ok(await reader.readLine());
		return { upgraded, greeting: `${greeting}\r\n` };
	});

/** As `upgradeImap`, for SMTP (RFC 3207). */
export const upgradeSmtp: Upgrade = async (socket, where) =>
	await talk(socket, where, async (reader) => {
		const greeting = await readSmtp(reader, where);
		if (greeting.code !== 220) throw toRefusal(greeting.text, where, /^[45]\d\d/);

		const ehlo = await askSmtp(socket, reader, where, `EHLO ${ehloName()}`);
		const offered = ehlo.code === 250 && /^250[- ]STARTTLS *\r?$/im.test(ehlo.text);
		const upgraded = offered && (await askSmtp(socket, reader, where, 'STARTTLS')).code === 220;
		return { upgraded, greeting: greeting.text };
	});

async function talk(
	socket: Socket,
	where: string,
	dialogue: (reader: LineReader) => Promise<StarttlsAnswer>,
): Promise<StarttlsAnswer> {
	const reader = new LineReader(socket, where);
	try {
		const answer = await dialogue(reader);
		// Bytes behind the OK were put there by somebody who wants them taken for protected ones
		// (CVE-2011-0411).
		if (answer.upgraded && reader.unreadBytes > 0) {
			throw new MailError('tls.failed', { subject: `${where}, bytes injected before TLS` });
		}
		return answer;
	} finally {
		reader.release();
	}
}

/** Untagged lines a server may send before it answers; far more is no mail server. */
const ANSWER_LINES = 100;

async function askImap(
	socket: Socket,
	reader: LineReader,
	tag: string,
	command: string,
): Promise<{ status: string; lines: string[] }> {
	socket.write(`${tag} ${command}\r\n`);
	const lines: string[] = [];
	while (lines.length < ANSWER_LINES) {
		const line = await reader.readLine();
		const [first, status = ''] = line.split(' ', 2);
		if (first === tag) return { status: status.toUpperCase(), lines };
		lines.push(line);
	}
	return { status: 'BAD', lines };
}

/** Asks for CAPA (RFC 2449); a server that does not know it cannot offer anything. */
async function offersStls(socket: Socket, reader: LineReader): Promise<boolean> {
	socket.write('CAPA\r\n');
	if (!isPop3Ok(await reader.readLine())) return false;
	let offered = false;
	for (let count = 0; count < ANSWER_LINES; count++) {
		const line = await reader.readLine();
		if (line === '.') return offered;
		offered ||= /^STLS(?: |$)/i.test(line);
	}
	return false;
}

function isPop3Ok(line: string): boolean {
	return /^\+OK(?: |$)/i.test(line);
}

interface SmtpReply {
	readonly code: number;
	/** All lines, each with CR LF. */
	readonly text: string;
}

async function askSmtp(
	socket: Socket,
	reader: LineReader,
	where: string,
	command: string,
): Promise<SmtpReply> {
	socket.write(`${command}\r\n`);
	return await readSmtp(reader, where);
}

async function readSmtp(reader: LineReader, where: string): Promise<SmtpReply> {
	let text = '';
	for (let count = 0; count < ANSWER_LINES; count++) {
		const line = await reader.readLine();
		text += `${line}\r\n`;
		const [, code, more] = /^(\d{3})([- ]|$)/.exec(line) ?? [];
		if (code === undefined) break;
		if (more !== '-') return { code: Number(code), text };
	}
	throw new MailError('server.protocol', { subject: where, serverReply: text });
}

function toRefusal(reply: string, where: string, refused: RegExp): MailError {
	return refused.test(reply)
		? new MailError('server.unavailable', { subject: where, serverReply: reply, retryable: true })
		: new MailError('server.protocol', { subject: where, serverReply: reply });
}

/** RFC 5321, section 4.1.4: a host without a full name gives its address. */
function ehloName(): string {
	const name = hostname();
	return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(name) ? name : '[127.0.0.1]';
}
