import type { Connector, IncomingServer } from '../../connector';
import { MailError } from '../../errors';
import { toWhere } from '../net/endpoint';
import type { Pop3Connection } from './connection';
import { isConnectionFailure } from './error';
import { listMessages, listSizes, type Listing } from './listing';
import type { Numbering } from './numbering';
import { signIn } from './sign-in';
import type { Timing } from './timing';
import { waitOut } from '../net/wait-out';

/** What one connection sees: the maildrop as it was at sign-in (RFC 1939, section 4). */
export class Snapshot {
	readonly connection: Pop3Connection;
	readonly listing: Listing;
	readonly #where: string;
	#sizes: ReadonlyMap<number, number> | undefined;

	constructor(connection: Pop3Connection, listing: Listing, where: string) {
		this.connection = connection;
		this.listing = listing;
		this.#where = where;
	}

	/** In bytes, as the server tells; undefined where it does not. */
	async sizeOf(position: number): Promise<number | undefined> {
		this.#sizes ??= await listSizes(this.connection, this.#where).catch((error: unknown) => {
			if (isConnectionFailure(error)) throw error;
			return new Map<number, number>();
		});
		return this.#sizes.get(position);
	}
}

/**
 * The maildrop of an account over one connection after the other. POP3 shows new mail, and deletes, only with a new session,
 * and keeps other clients out during one: so connections are short, and opened when they are needed.
 */
export class Maildrop {
	readonly #connector: Connector;
	readonly #where: string;
	readonly #numbering: Numbering;
	readonly #timing: Timing;
	readonly #closing = new AbortController();
	#snapshot: Snapshot | undefined;
	#failure: MailError | undefined;
	/** Before this the server wants no other sign-in (RFC 2449, section 6.5). */
	#nextSignInAt = 0;
	#isBusy = false;
	#leaving: Promise<void> = Promise.resolve();

	constructor(
		connector: Connector,
		incoming: IncomingServer,
		numbering: Numbering,
		timing: Timing,
	) {
		this.#connector = connector;
		this.#where = toWhere(incoming);
		this.#numbering = numbering;
		this.#timing = timing;
	}

	get timing(): Timing {
		return this.#timing;
	}

	/** Connects, signs in and lists. Throws MailError. */
	async open(signal: AbortSignal): Promise<Snapshot> {
		const connection = await signIn(this.#connector, this.#timing, signal);
		const onAbort = () => connection.abort(this.#toLost(signal.reason));
		signal.addEventListener('abort', onAbort, { once: true });
		if (signal.aborted) onAbort();
		try {
			const listing = await listMessages(connection, this.#numbering, this.#where);
			this.#nextSignInAt = Date.now() + connection.capabilities.loginDelayMs;
			this.#snapshot = new Snapshot(connection, listing, this.#where);
			return this.#snapshot;
		} catch (error) {
			connection.abort(this.#toLost());
			throw error;
		} finally {
			signal.removeEventListener('abort', onAbort);
		}
	}

	/** Runs commands in the present snapshot, or in a new one where there is none. A lost connection stays lost. */
	async run<T>(action: (snapshot: Snapshot) => Promise<T>): Promise<T> {
		if (this.#failure !== undefined) throw this.#failure;
		this.#isBusy = true;
		try {
			return await action(await this.#requireSnapshot());
		} catch (error) {
			if (!isConnectionFailure(error)) throw error;
			this.#fail(error);
			throw this.#failure ?? error;
		} finally {
			this.#isBusy = false;
		}
	}

	/** Ends the present connection, if there is one. Never throws. */
	async leave(): Promise<void> {
		const connection = this.#snapshot?.connection;
		this.#snapshot = undefined;
		if (connection?.isAlive === true) this.#leaving = connection.leave();
		else connection?.abort(this.#toLost());
		await this.#leaving;
	}

	/** Ends the present connection so that what was deleted is gone. */
	async commit(subject: string): Promise<void> {
		const snapshot = this.#snapshot;
		this.#snapshot = undefined;
		await snapshot?.connection.quit(subject);
	}

	/** Ends everything, also what waits for an answer. Never throws. */
	async close(): Promise<void> {
		this.#closing.abort();
		// Nothing can be said in the middle of a command.
		if (!this.#isBusy) await this.leave();
		this.#fail(this.#toLost());
	}

	async #requireSnapshot(): Promise<Snapshot> {
		if (this.#snapshot?.connection.isAlive === true) return this.#snapshot;
		this.#snapshot?.connection.abort(this.#toLost());
		// The server lets us in again when the last session has ended.
		await this.#leaving;
		await waitOut(this.#nextSignInAt - Date.now(), this.#closing.signal);
		return await this.open(this.#closing.signal);
	}

	#fail(failure: MailError): void {
		this.#failure ??= failure;
		this.#snapshot?.connection.abort(failure);
		this.#snapshot = undefined;
	}

	#toLost(cause?: unknown): MailError {
		return new MailError('connection.lost', { subject: this.#where, retryable: true, cause });
	}
}
