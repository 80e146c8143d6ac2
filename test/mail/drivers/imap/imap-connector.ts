import type { AccessTokens } from '../../../../mail/access-token';
import type { ServerConnector, Security, TlsPolicy } from '../../../../mail/connector';
import type { Log } from '../../../../mail/ports';
import { Secret } from '../../../../mail/secret';

export const silentLog: Log = {
	debug: () => undefined,
	info: () => undefined,
	warn: () => undefined,
	error: () => undefined,
};

export interface ImapConnectorOptions {
	readonly host?: string;
	readonly port: number;
	readonly user?: string;
	readonly password?: string;
	/** In place of the password. */
	readonly tokens?: AccessTokens;
	readonly security?: Security;
	readonly tls?: Partial<TlsPolicy>;
	readonly timeoutMs?: number;
	readonly proxyUrl?: string;
	readonly additionalMailbox?: string;
	readonly enabled?: boolean;
}

/** A connector with an incoming side only. */
export function imapConnector(options: ImapConnectorOptions): ServerConnector {
	const user = options.user ?? 'testuser';
	return {
		name: 'Test connector',
		enabled: options.enabled ?? true,
		incoming: {
			protocol: 'imap',
			host: options.host ?? '127.0.0.1',
			port: options.port,
			security: options.security ?? 'none',
			login:
				options.tokens === undefined
					? { user, password: new Secret(options.password ?? 'testpass') }
					: { user, tokens: options.tokens },
			additionalMailbox: options.additionalMailbox,
		},
		identity: { primaryAddress: 'test@example.test', fromAddress: 'test@example.test' },
		tls: { minVersion: 'TLSv1.2', allowUntrusted: false, ...options.tls },
		limits: {
			connectionTimeoutMs: options.timeoutMs ?? 5_000,
			messagesPerSecond: 0,
			parallelConnections: 5,
		},
		proxyUrl: options.proxyUrl === undefined ? undefined : new Secret(options.proxyUrl),
		sentCopy: 'always',
	};
}
