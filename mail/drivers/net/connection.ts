import type { Socket } from 'node:net';
import type { Server, TlsPolicy } from '../../connector';
import { MailError } from '../../errors';
import { Deadline } from './deadline';
import { toWhere } from './endpoint';
import { toConnectionError } from './error';
import { awaitGreeting } from './greeting';
import { dial, type SocketOptions } from './socket';
import { type Upgrade, upgradeImap, upgradePop3, upgradeSmtp } from './starttls';
import { secure } from './tls';

export type Protocol = 'imap' | 'pop3' | 'smtp';

export interface ConnectionOptions extends SocketOptions {
	readonly protocol: Protocol;
	readonly tls: TlsPolicy;
}

export interface Connection {
	/**
	 * Ready for the protocol's library: the greeting is still to be read, TLS is done. STARTTLS must not be
	 * tried again (imapflow: `secure: true`; nodemailer: `secure: true, secured: true`).
	 */
	readonly socket: Socket;
	/** False: the connection is in clear text, and is to stay so (nodemailer: `ignoreTLS: true`). */
	readonly secured: boolean;
}

interface Dialect {
	readonly upgrade: Upgrade;
	/** Stands in for the greeting that was read before TLS; tells nothing of what came in clear text. */
	readonly greeting: string;
}

const dialects: Readonly<Record<Protocol, Dialect>> = {
	imap: { upgrade: upgradeImap, greeting: '* OK ready\r\n' },
	pop3: { upgrade: upgradePop3, greeting: '+OK ready\r\n' },
	smtp: { upgrade: upgradeSmtp, greeting: '220 ready\r\n' },
};

/**
 * Opens a connection with the security that the server asks for: DNS, proxy, TCP, STARTTLS, TLS and the check
 * of the certificate, all within one time limit. STARTTLS is done here and not by the libraries, because none
 * of them lets the certificate be judged between the handshake and the sign-in.
 * Throws MailError (`connection.*`, `tls.*`, `auth.certificate`, `server.*`).
 */
export async function openConnection(
	server: Server,
	options: ConnectionOptions,
): Promise<Connection> {
	const deadline = new Deadline(options.timeoutMs, toWhere(server), options.signal);
	try {
		const socket = await dial(server, options.proxyUrl, deadline);
		return await protect(socket, server, options, deadline);
	} catch (error) {
		throw toConnectionError(error, toWhere(server));
	} finally {
		deadline.clear();
	}
}

async function protect(
	plain: Socket,
	server: Server,
	{ protocol, tls, proxyUrl }: ConnectionOptions,
	deadline: Deadline,
): Promise<Connection> {
	if (server.security === 'tls') {
		return { socket: await secure(plain, server, tls, deadline), secured: true };
	}
	await awaitGreeting(plain, server, proxyUrl, deadline);
	if (server.security === 'none') return { socket: plain, secured: false };

	const { upgrade, greeting } = dialects[protocol];
	const answer = await deadline.guard(plain, async () => {
		const result = await upgrade(plain, toWhere(server));
		if (!result.upgraded && server.security === 'starttls') {
			throw new MailError('tls.noStarttls', { subject: toWhere(server) });
		}
		return result;
	});
	const socket = answer.upgraded ? await secure(plain, server, tls, deadline) : plain;
	// The library that takes over waits for a greeting; the server will not send a second one.
	socket.unshift(Buffer.from(answer.upgraded ? greeting : answer.greeting, 'latin1'));
	return { socket, secured: answer.upgraded };
}
