import { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { openCertificate, requireValid } from '../../certificate';
import type { ClientCertificate, MinimumTlsVersion, TlsPolicy } from '../../connector';
import { MailError } from '../../errors';
import { describeCertificate, readPeerCertificate } from './certificate';
import { Deadline } from './deadline';
import { type Endpoint, toAsciiHost, toWhere } from './endpoint';
import { toConnectionError } from './error';

export interface TlsLimits {
	/** For the handshake, in ms. */
	readonly timeoutMs: number;
	readonly signal?: AbortSignal;
}

/**
 * Starts TLS on a connected socket and checks the server's certificate as the policy says; nothing has been
 * sent over the connection when it throws. The check is made on this very connection, so that what was
 * checked is what is used: chain, validity and name, or the pinned fingerprint alone.
 *
 * Throws MailError: `tls.*`, `auth.certificate` for the client certificate, `connection.*`. The subject of a
 * refused certificate names it, its issuer, validity and SHA-256 fingerprint.
 */
export async function startTls(
	socket: Socket,
	server: Endpoint,
	policy: TlsPolicy,
	limits: TlsLimits,
): Promise<tls.TLSSocket> {
	const deadline = new Deadline(limits.timeoutMs, toWhere(server), limits.signal);
	try {
		return await secure(socket, server, policy, deadline);
	} finally {
		deadline.clear();
	}
}

/** As `startTls`, within a deadline that the caller goes on using. */
export async function secure(
	plain: Socket,
	server: Endpoint,
	policy: TlsPolicy,
	deadline: Deadline,
): Promise<tls.TLSSocket> {
	const where = toWhere(server);
	try {
		return await deadline.guard(plain, async () => {
			const options = await toTlsOptions(server, policy);
			deadline.check();
			const socket = tls.connect({ socket: plain, ...options });
			return await deadline.guard(socket, async () => {
				await handshake(plain, socket);
				checkCertificate(socket, policy, where);
				return socket;
			});
		});
	} catch (error) {
		throw toConnectionError(error, where);
	}
}

async function toTlsOptions(server: Endpoint, policy: TlsPolicy): Promise<tls.ConnectionOptions> {
	const host = toAsciiHost(server.host);
	return {
		host,
		// RFC 6066, section 3: no addresses in the server name.
		servername: isIP(host) > 0 ? '' : host,
		secureContext: await toSecureContext(policy),
		// Node still verifies and notes the result; `checkCertificate` refuses, with facts to tell.
		rejectUnauthorized: false,
	};
}

/** OpenSSL 3 refuses the signatures of TLS 1.0 and 1.1 above this level. */
const oldCiphers: Readonly<Partial<Record<MinimumTlsVersion, string>>> = {
	TLSv1: 'DEFAULT@SECLEVEL=0',
	'TLSv1.1': 'DEFAULT@SECLEVEL=0',
};

async function toSecureContext(policy: TlsPolicy): Promise<tls.SecureContext> {
	const { clientCertificate } = policy;
	return tls.createSecureContext({
		minVersion: policy.minVersion,
		ciphers: oldCiphers[policy.minVersion],
		ca: policy.caPem === undefined ? undefined : toAuthorities(policy.caPem),
		...(clientCertificate && (await toKeyAndChain(clientCertificate))),
	});
}

/** Not as .pfx: OpenSSL 3 opens none that is encrypted with RC2. */
async function toKeyAndChain(file: ClientCertificate): Promise<tls.SecureContextOptions> {
	const opened = await openCertificate(file);
	requireValid(opened);
	return {
		key: opened.key.export({ type: 'pkcs8', format: 'pem' }),
		cert: [opened.certificate, ...opened.chain].map(String).join(''),
	};
}

/** OpenSSL skips what it cannot read, and would then trust nobody. */
function toAuthorities(pem: string): string[] {
	const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
	try {
		for (const block of blocks) new X509Certificate(block);
	} catch (cause) {
		throw new MailError('settings.invalid', { subject: 'CA certificates', cause });
	}
	if (blocks.length === 0) throw new MailError('settings.invalid', { subject: 'CA certificates' });
	return blocks;
}

async function handshake(plain: Socket, socket: tls.TLSSocket): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const onClose = () => reject(new Error('closed during the TLS handshake'));
		const settle = (then: () => void) => {
			socket.off('error', onError);
			socket.off('close', onClose);
			plain.off('error', onError);
			then();
		};
		const onError = (error: Error) => settle(() => reject(error));
		socket.once('error', onError);
		socket.once('close', onClose);
		plain.once('error', onError);
		socket.once('secureConnect', () => settle(resolve));
	});
}

function checkCertificate(socket: tls.TLSSocket, policy: TlsPolicy, where: string): void {
	const certificate = readPeerCertificate(socket);
	if (policy.pinnedFingerprint !== undefined) {
		const fingerprint = certificate?.fingerprint256.replaceAll(':', '').toLowerCase();
		if (fingerprint === policy.pinnedFingerprint) return;
		throw new MailError('tls.fingerprint', {
			subject: `${where}, ${describeCertificate(certificate)}`,
		});
	}
	if (policy.allowUntrusted || socket.authorized) return;
	// Typed as an Error, but it is the code of OpenSSL's verdict; an Error for the name alone.
	const verdict: unknown = socket.authorizationError;
	throw toConnectionError(
		typeof verdict === 'string' ? { code: verdict } : verdict,
		`${where}, ${describeCertificate(certificate)}`,
	);
}
