import type { Duplex } from 'node:stream';
import { CLOSE_GRACE_MS } from '../../limits';
import { MailError } from '../../errors';
import { type Capabilities, toCapabilities, unknownCapabilities } from './capability';
import { DotDecoder, type LineEnd } from './dot-decoder';
import { parseChallenge, readChallengeStatus, withStatus } from '../net/xoauth2';
import { toPop3Error, type Refusal } from './error';
import type { Timing } from './timing';
import { Wire } from './wire';

/** All lines of CAPA, UIDL or LIST together, in bytes: some 400,000 mails. */
const LISTING_BYTES = 32 * 1024 * 1024;

/** Commands that are sent ahead of their answers, where the server allows it (RFC 2449, section 6.6). */
const PIPELINED = 32;

/** QUIT gets this much of the grace; the rest is for the socket, in ms. */
const QUIT_MS = CLOSE_GRACE_MS - 500;

/** The meaning of a refusal that no response code explains. */
type Otherwise = Refusal['otherwise'];

const refused: Otherwise = { code: 'server.unavailable', retryable: true };

/** The beginning of an answer of several lines, or the refusal of its command. */
export type Beginning = { readonly bytes: Buffer } | { readonly error: MailError };

/**
 * One connection's dialogue (RFC 1939): commands and their answers, one after the other. Commands are not concurrent.
 * Throws MailError; a connection that failed stays failed.
 */
export class Pop3Connection {
	readonly #wire: Wire;
	readonly #where: string;
	readonly #timing: Timing;
	#capabilities = unknownCapabilities;

	constructor(socket: Duplex, where: string, timing: Timing) {
		this.#wire = new Wire(socket, where);
		this.#where = where;
		this.#timing = timing;
	}

	get isAlive(): boolean {
		// A server that says something unasked says goodbye.
		return this.#wire.failure === undefined && this.#wire.unreadBytes === 0;
	}

	/** As `readCapabilities` has found them. */
	get capabilities(): Capabilities {
		return this.#capabilities;
	}

	/** The server's first line. */
	async readGreeting(): Promise<void> {
		await this.#readStatus(this.#where, refused);
	}

	/** CAPA; a server that does not know it leaves everything unknown. */
	async readCapabilities(): Promise<Capabilities> {
		this.#send('CAPA');
		const status = await this.#readLine();
		if (status.isOk) {
			this.#capabilities = toCapabilities(toLines(await this.#collect(status.lineEnd)));
		}
		return this.#capabilities;
	}

	/**
	 * A command with an answer of one line.
	 * @param subject what is tried, for the error's message
	 */
	async command(line: string, subject: string, otherwise = refused): Promise<string> {
		this.#send(line);
		return (await this.#readStatus(subject, otherwise)).text;
	}

	/**
	 * SASL (RFC 5034) with one response, in the form of two lines, which every server understands: Microsoft wants it, and
	 * not all servers take an initial response.
	 */
	async authenticate(mechanism: string, response: string, otherwise: Otherwise): Promise<void> {
		const subject = `AUTH ${mechanism}`;
		this.#send(subject);
		await this.#readChallenge(subject, otherwise);
		this.#send(response);
		const line = await this.#readLine();
		if (line.isOk) return;
		if (line.isChallenge) {
			// XOAUTH2 explains its refusal in a challenge and waits for an empty answer before it refuses.
			const status = readChallengeStatus(parseChallenge(line.text));
			this.#send('');
			const { isOk, text } = await this.#readLine();
			if (isOk) return;
			throw this.#toRefusal(withStatus(text, status), subject, otherwise);
		}
		throw this.#toRefusal(line.text, subject, otherwise);
	}

	/** A command with an answer of several lines, all of them together small. */
	async lines(line: string, subject: string, otherwise = refused): Promise<string[]> {
		this.#send(line);
		const { lineEnd } = await this.#readStatus(subject, otherwise);
		return toLines(await this.#collect(lineEnd));
	}

	/**
	 * A command with an answer of any length. The generator has to be read to its end, otherwise the connection is of no
	 * use any more and ends.
	 */
	async *stream(line: string, subject: string, otherwise = refused): AsyncGenerator<Buffer> {
		this.#send(line);
		const { lineEnd } = await this.#readStatus(subject, otherwise);
		yield* this.#content(lineEnd);
	}

	/** Commands with answers of several lines, of each of which only the first `limitBytes` are kept; in their order. */
	async *beginnings(
		lines: readonly string[],
		subject: string,
		limitBytes: number,
	): AsyncGenerator<Beginning> {
		const window = this.#capabilities.names.has('PIPELINING') ? PIPELINED : 1;
		for (let start = 0; start < lines.length; start += window) {
			const sent = lines.slice(start, start + window);
			this.#send(sent.join('\r\n'));
			for (let index = 0; index < sent.length; index++) {
				const status = await this.#readLine();
				yield status.isOk
					? { bytes: await this.#collectBeginning(status.lineEnd, limitBytes) }
					: { error: this.#toRefusal(status.text, subject, refused) };
			}
		}
	}

	/** Ends the session; what was deleted is gone when it resolves (RFC 1939, section 6). */
	async quit(subject: string): Promise<void> {
		try {
			await this.command('QUIT', subject);
		} finally {
			this.abort(this.#toEnded());
		}
	}

	/** Says goodbye, but not for long. Never throws. */
	async leave(): Promise<void> {
		const timer = setTimeout(() => this.abort(this.#toEnded()), QUIT_MS);
		try {
			await this.quit(this.#where);
		} catch {
			// Nothing was to be kept, so nothing is lost.
		} finally {
			clearTimeout(timer);
		}
	}

	/** Ends the connection, and whatever waits for it, for a reason that the driver found. */
	abort(reason: MailError): void {
		this.#wire.fail(reason);
	}

	#send(line: string): void {
		if (this.#wire.unreadBytes > 0) throw this.#outOfStep();
		this.#wire.write(`${line}\r\n`);
	}

	async #readStatus(subject: string, otherwise: Otherwise) {
		const line = await this.#readLine();
		if (!line.isOk) throw this.#toRefusal(line.text, subject, otherwise);
		return line;
	}

	async #readChallenge(subject: string, otherwise: Otherwise): Promise<void> {
		const line = await this.#readLine();
		if (!line.isChallenge) throw this.#toRefusal(line.text, subject, otherwise);
	}

	async #readLine() {
		const { text, lineEnd } = await this.#wire.readStatusLine(this.#timing.silenceMs);
		const [, status, rest = ''] = /^(\+OK|-ERR|\+)(?: (.*)|$)/i.exec(text) ?? [];
		if (status === undefined) throw this.#outOfStep(text);
		return {
			isOk: status.toUpperCase() === '+OK',
			isChallenge: status === '+',
			text: rest.trim(),
			lineEnd,
		};
	}

	#toRefusal(text: string, subject: string, otherwise: Otherwise): MailError {
		const { loginDelayMs } = this.#capabilities;
		return toPop3Error({ text, subject, otherwise, loginDelayMs });
	}

	async *#content(lineEnd: LineEnd): AsyncGenerator<Buffer> {
		const decoder = new DotDecoder(lineEnd);
		let ended = false;
		try {
			while (!ended) {
				const { content, rest } = decoder.push(await this.#wire.read(this.#timing.silenceMs));
				if (rest !== undefined) {
					this.#wire.unread(rest);
					ended = true;
				}
				yield* content;
			}
		} finally {
			// Nobody knows where the next answer begins.
			if (!ended) this.abort(this.#toEnded());
		}
	}

	async #collect(lineEnd: LineEnd): Promise<Buffer> {
		const pieces: Buffer[] = [];
		let length = 0;
		for await (const piece of this.#content(lineEnd)) {
			pieces.push(piece);
			length += piece.length;
			if (length > LISTING_BYTES) throw this.#outOfStep();
		}
		return Buffer.concat(pieces);
	}

	async #collectBeginning(lineEnd: LineEnd, limitBytes: number): Promise<Buffer> {
		const pieces: Buffer[] = [];
		let length = 0;
		for await (const piece of this.#content(lineEnd)) {
			if (length < limitBytes) pieces.push(piece.subarray(0, limitBytes - length));
			length += piece.length;
		}
		return Buffer.concat(pieces);
	}

	#outOfStep(serverReply?: string): MailError {
		const error = new MailError('server.protocol', { subject: this.#where, serverReply });
		this.abort(error);
		return error;
	}

	#toEnded(): MailError {
		return new MailError('connection.lost', { subject: this.#where, retryable: true });
	}
}

function toLines(bytes: Buffer): string[] {
	const lines = bytes.toString('latin1').split(/\r?\n/);
	if (lines.at(-1) === '') lines.pop();
	return lines;
}
