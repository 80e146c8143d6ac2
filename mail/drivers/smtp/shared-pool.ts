import { createHash } from 'node:crypto';
import type { Connector, OutgoingServer } from '../../connector';
import { SEND_IDLE_MS } from '../../limits';
import { SessionPool } from './session-pool';
import { openSmtpSession, type SmtpSession } from './smtp-session';

/** A user's hold on the connections of an account. */
export interface PoolLease {
	readonly pool: Pick<SessionPool<SmtpSession>, 'acquire' | 'release'>;
	/** The connections stay for others, or for the next one who comes soon. */
	end(): Promise<void>;
}

interface Entry {
	readonly pool: SessionPool<SmtpSession>;
	leases: number;
	/** As the last one who came reaches the account: the source of access tokens may end with who brought it. */
	outgoing: OutgoingServer;
}

/**
 * One pool per account for all who send through it, so that a workflow of one item does not open a connection each
 * time, and the connector's parallel connections are a limit of the account, however many executions run at once.
 */
export class SharedPools {
	readonly #entries = new Map<string, Entry>();

	/** @param idleMs how long a connection that nobody uses is kept; 0: it ends with the last lease */
	constructor(readonly idleMs: number) {}

	lease(outgoing: OutgoingServer, connector: Connector): PoolLease {
		const key = toAccessKey(outgoing, connector);
		const entry = this.#entries.get(key) ?? this.#create(key, outgoing, connector);
		entry.leases++;
		entry.outgoing = outgoing;
		entry.pool.forgiveRefusal();
		let hasEnded = false;
		return {
			pool: entry.pool,
			end: async () => {
				if (hasEnded) return;
				hasEnded = true;
				entry.leases--;
				if (this.idleMs === 0 && entry.leases === 0) {
					this.#entries.delete(key);
					await entry.pool.close();
				}
				this.#drop(key, entry);
			},
		};
	}

	#create(key: string, outgoing: OutgoingServer, { tls, proxyUrl, limits }: Connector): Entry {
		const open = async () =>
			await openSmtpSession(entry.outgoing, {
				tls,
				proxyUrl,
				timeoutMs: limits.connectionTimeoutMs,
			});
		const entry: Entry = {
			leases: 0,
			outgoing,
			pool: new SessionPool(open, {
				limit: limits.parallelConnections,
				idleMs: this.idleMs === 0 ? SEND_IDLE_MS : this.idleMs,
				onEmpty: () => this.#drop(key, entry),
			}),
		};
		this.#entries.set(key, entry);
		return entry;
	}

	/** An account that nobody uses any more is forgotten, with its secrets. */
	#drop(key: string, entry: Entry): void {
		if (entry.leases > 0 || !entry.pool.isEmpty) return;
		if (this.#entries.get(key) === entry) this.#entries.delete(key);
	}
}

/** Those of this process. */
export const sharedPools = new SharedPools(SEND_IDLE_MS);

/** A digest: equal where the same account is reached in the same way, with the same secrets and limits. */
function toAccessKey({ login, ...server }: OutgoingServer, connector: Connector): string {
	const { clientCertificate, ...tls } = connector.tls;
	const parts = [
		server,
		login?.user,
		login?.password?.reveal(),
		// Not the token, which comes and goes.
		login?.tokens?.key,
		tls,
		clientCertificate?.pfxBase64.reveal(),
		clientCertificate?.passphrase.reveal(),
		connector.proxyUrl?.reveal(),
		connector.limits,
	];
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
