import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Connector, Server } from '../connector';
import { describeCertificate, readPeerCertificate } from '../drivers/net/certificate';
import type { Protocol } from '../drivers/net/connection';
import { Deadline } from '../drivers/net/deadline';
import { toAsciiHost, toWhere } from '../drivers/net/endpoint';
import { toConnectionError } from '../drivers/net/error';
import { awaitGreeting } from '../drivers/net/greeting';
import { LineReader } from '../drivers/net/line-reader';
import { dial } from '../drivers/net/socket';
import { type Upgrade, upgradeImap, upgradePop3, upgradeSmtp } from '../drivers/net/starttls';
import { secure } from '../drivers/net/tls';
import { MailError, toReplyLine } from '../errors';
import type { StepLog } from './step-log';
import type { TimeLimit } from './time-limit';

interface Dialect {
	readonly upgrade: Upgrade;
	readonly welcome: RegExp;
	readonly refusal: RegExp;
	/** Said before hanging up: servers count callers that leave without a word. */
	readonly goodbye: string;
}

const dialects: Readonly<Record<Protocol, Dialect>> = {
	imap: {
		upgrade: upgradeImap,
		welcome: /^\* (?:OK|PREAUTH)(?: |$)/i,
		refusal: /^\* BYE/i,
		goodbye: 'bye LOGOUT\r\n',
	},
	pop3: {
		upgrade: upgradePop3,
		welcome: /^\+OK(?: |$)/i,
		refusal: /^-ERR/i,
		goodbye: 'QUIT\r\n',
	},
	smtp: { upgrade: upgradeSmtp, welcome: /^220/, refusal: /^[45]\d\d/, goodbye: 'QUIT\r\n' },
};

/** Everything between us and the server, step by step, on a connection of its own. */
export class Path {
	readonly #protocol: Protocol;
	readonly #server: Server;
	readonly #connector: Connector;
	readonly #steps: StepLog;

	constructor(protocol: Protocol, server: Server, connector: Connector, steps: StepLog) {
		this.#protocol = protocol;
		this.#server = server;
		this.#connector = connector;
		this.#steps = steps;
	}

	/** Resolves with how the connection is protected: `TLS 1.3, …`. Throws MailError at the first step that fails. */
	async walk(limit: TimeLimit): Promise<string> {
		const deadline = new Deadline(limit.remainingMs, toWhere(this.#server));
		try {
			if (this.#connector.proxyUrl === undefined) await this.#lookUp(limit);
			const plain = await this.#connect(deadline);
			return await deadline.guard(plain, async () => await this.#protect(plain, deadline));
		} finally {
			deadline.clear();
		}
	}

	async #lookUp(limit: TimeLimit): Promise<void> {
		const host = toAsciiHost(this.#server.host);
		if (isIP(host) > 0) return;
		const where = toWhere(this.#server);
		this.#steps.begin('dns');
		const found = await limit.race(where, lookup(host, { all: true })).catch((error: unknown) => {
			throw toConnectionError(error, where);
		});
		this.#steps.pass(`${host} is ${found.map(({ address }) => address).join(', ')}`);
	}

	async #connect(deadline: Deadline): Promise<Socket> {
		const { proxyUrl } = this.#connector;
		this.#steps.begin('tcp');
		const socket = await dial(this.#server, proxyUrl, deadline);
		const way = proxyUrl === undefined ? '' : ' through the proxy';
		this.#steps.pass(`Connected to ${toWhere(this.#server)}${way}`);
		return socket;
	}

	async #protect(plain: Socket, deadline: Deadline): Promise<string> {
		if (this.#server.security === 'tls') {
			const socket = await this.#startTls(plain, deadline);
			await this.#readGreeting(socket, deadline);
			return this.#leave(socket, toProtection(socket));
		}
		await this.#awaitGreeting(plain, deadline);
		if (this.#server.security === 'none') {
			await this.#readGreeting(plain, deadline);
			return this.#leave(plain, CLEAR_TEXT);
		}
		const { upgrade } = dialects[this.#protocol];
		const where = toWhere(this.#server);
		const { upgraded, greeting } = await deadline.guard(
			plain,
			async () => await upgrade(plain, where),
		);
		this.#steps.pass(toReplyLine(greeting));
		if (upgraded) {
			const socket = await this.#startTls(plain, deadline);
			return this.#leave(socket, toProtection(socket));
		}
		this.#steps.begin('tls');
		if (this.#server.security === 'starttls') {
			throw new MailError('tls.noStarttls', { subject: where });
		}
		this.#steps.pass('The server does not offer STARTTLS: the connection stays in clear text');
		return this.#leave(plain, CLEAR_TEXT);
	}

	async #startTls(plain: Socket, deadline: Deadline): Promise<TLSSocket> {
		this.#steps.begin('tls');
		const socket = await secure(plain, this.#server, this.#connector.tls, deadline);
		const certificate = describeCertificate(readPeerCertificate(socket));
		const unchecked = socket.authorized ? '' : ', not checked against authorities';
		this.#steps.pass(`${toTlsName(socket)}, ${certificate}${unchecked}`);
		return socket;
	}

	/** A server that hangs up instead of greeting may have been waiting for TLS. */
	async #awaitGreeting(plain: Socket, deadline: Deadline): Promise<void> {
		this.#steps.begin('greeting');
		const { proxyUrl } = this.#connector;
		await awaitGreeting(plain, this.#server, proxyUrl, deadline);
		if (plain.readableLength > 0) return;
		if (await this.#speaksTls(deadline)) {
			throw new MailError('tls.expected', { subject: toWhere(this.#server) });
		}
	}

	async #speaksTls(deadline: Deadline): Promise<boolean> {
		try {
			const socket = await dial(this.#server, this.#connector.proxyUrl, deadline);
			const policy = { ...this.#connector.tls, allowUntrusted: true, pinnedFingerprint: undefined };
			(await secure(socket, this.#server, policy, deadline)).destroy();
			return true;
		} catch {
			// What became of the first connection is the failure to tell of.
			return false;
		}
	}

	async #readGreeting(socket: Socket, deadline: Deadline): Promise<void> {
		const { welcome, refusal } = dialects[this.#protocol];
		const where = toWhere(this.#server);
		this.#steps.begin('greeting');
		const reader = new LineReader(socket, where);
		try {
			const line = await deadline.guard(socket, async () => await reader.readLine());
			if (!welcome.test(line)) {
				const code = refusal.test(line) ? 'server.unavailable' : 'server.protocol';
				throw new MailError(code, { subject: where, serverReply: line });
			}
			this.#steps.pass(toReplyLine(line));
		} catch (error) {
			throw toConnectionError(error, where);
		} finally {
			reader.release();
		}
	}

	#leave(socket: Socket, protection: string): string {
		socket.end(dialects[this.#protocol].goodbye, () => socket.destroy());
		return protection;
	}
}

const CLEAR_TEXT = 'clear text, others may read along';

function toProtection(socket: TLSSocket): string {
	const validTo = new Date(readPeerCertificate(socket)?.validTo ?? '');
	const until = Number.isNaN(validTo.getTime()) ? 'unknown' : validTo.toISOString().slice(0, 10);
	return `${toTlsName(socket)}, certificate valid until ${until}`;
}

/** `TLSv1.3` as people write it. */
function toTlsName(socket: TLSSocket): string {
	return (socket.getProtocol() ?? 'TLS').replace(/^TLSv/, 'TLS ');
}
