import { createHash } from 'node:crypto';
import { isMailError } from '../errors';
import { BATCH_MESSAGES, SAFETY_POLL_MS } from '../limits';
import type { Log, MailboxSession } from '../ports';
import { BackOff } from './back-off';
import type { CheckpointStore } from './checkpoint';
import type { AfterProcessing, Deliver, IncomingMessage } from './delivery';
import type { Flights } from './flight';
import type { HandedOver } from './handed-over';
import type { Intake, ReadMessage } from './intake';
import type { Ledger } from './ledger';

const SEEN = '\\Seen';

/** While another watch still holds a mail, and while the host cannot start executions. */
const LOOK_AGAIN_MS = 2_000;

/** What one execution was given. */
export interface Cargo {
	readonly ledger: Ledger;
	readonly mails: ReadonlyArray<{ readonly uid: number; readonly deliveryId: string }>;
}

export interface VisitSettings {
	/** Tells this watch from all others of the host. */
	readonly watchKey: string;
	readonly afterProcessing: AfterProcessing;
	/** Mails that may travel as items of one execution. */
	readonly messagesPerExecution: number;
}

export interface VisitHost {
	readonly deliver: Deliver;
	readonly checkpoints: CheckpointStore;
	readonly log: Log;
}

/**
 * One connection's life: looks for mail, reads it, gives it, acknowledges it; one command at a time. Ends by throwing
 * when the connection fails, or by returning when `stopping` and nothing is left to acknowledge.
 */
export class Visit {
	#wake = new AbortController();
	#mustSearch = true;
	#lookAgainSoon = false;
	/** When the server was asked last what is new, ms since 1970. */
	#searchedAt = 0;
	/** The host could not start an execution: nothing is given until then, ms since 1970. */
	#restUntil = 0;
	readonly #rests = new BackOff();

	constructor(
		private readonly session: MailboxSession,
		private readonly ledger: Ledger,
		private readonly intake: Intake,
		private readonly flights: Flights<Cargo>,
		private readonly held: HandedOver,
		private readonly settings: VisitSettings,
		private readonly host: VisitHost,
		private readonly stopping: AbortSignal,
	) {}

	/** Interrupts the wait for news. */
	wake(): void {
		this.#wake.abort();
	}

	async run(): Promise<void> {
		for (;;) {
			await this.acknowledge();
			if (this.stopping.aborted) {
				if (this.flights.isQuiet) return;
			} else {
				if (this.#mustSearch) await this.search();
				if (this.flights.hasFreeSlot && (await this.giveNext())) continue;
			}
			await this.waitForNews();
		}
	}

	private async search(): Promise<void> {
		this.#mustSearch = false;
		this.#searchedAt = Date.now();
		this.ledger.discover(await this.session.search({ uidFrom: this.ledger.frontier }));
		this.host.checkpoints.save(this.ledger.toCheckpoint());
	}

	private async waitForNews(): Promise<void> {
		if (this.flights.hasLanded) return;
		this.#wake = new AbortController();
		const isSoon = this.#lookAgainSoon;
		this.#lookAgainSoon = false;
		const timeoutMs = isSoon ? LOOK_AGAIN_MS : SAFETY_POLL_MS;
		const news = await this.session.waitForChange(timeoutMs, this.#wake.signal);
		// Soon is for what is known already: the server need not be asked for it.
		const isPollDue = !isSoon || Date.now() - this.#searchedAt >= SAFETY_POLL_MS;
		if (news === 'changed' || (news === 'timeout' && isPollDue)) this.#mustSearch = true;
	}

	/** Gives what is due, at most one batch. Returns whether anything was done. */
	private async giveNext(): Promise<boolean> {
		if (Date.now() < this.#restUntil) {
			this.#lookAgainSoon = true;
			return false;
		}
		const isHeld = (uid: number) => this.isHeld(uid);
		const repeat = this.ledger.nextRepeat(isHeld);
		const due = repeat?.uids ?? this.ledger.nextDue(BATCH_MESSAGES, isHeld);
		if (due.length === 0) {
			this.#lookAgainSoon = this.ledger.dueCount > 0;
			return false;
		}

		let key = repeat?.key;
		const { heads, gone } = await this.intake.readHeads(due);
		this.finishAll(gone);
		const wanted = heads.filter((entry) => {
			const handled = 'head' in entry && this.isHandled(entry.uid, entry.head.flags);
			if (handled) this.ledger.finish(entry.uid);
			return !handled;
		});
		for await (const group of this.intake.readMessages(wanted)) {
			this.finishAll(group.gone);
			await this.giveAll(group.messages, key);
			key = undefined;
			if (this.stopping.aborted) break;
		}
		return true;
	}

	/** With a key, all of them go to the one execution that had this key before. */
	private async giveAll(messages: readonly ReadMessage[], key?: string): Promise<void> {
		const size = key === undefined ? this.settings.messagesPerExecution : messages.length;
		for (let start = 0; start < messages.length; start += size) {
			while (!this.flights.hasFreeSlot && !this.stopping.aborted) {
				await this.waitForNews();
				await this.acknowledge();
			}
			// What was read but not given stays open and is read again after the next start.
			if (this.stopping.aborted) return;
			this.give(messages.slice(start, start + size), key);
		}
	}

	private give(messages: readonly ReadMessage[], repeatedKey?: string): void {
		const { ledger, settings, host } = this;
		const given: IncomingMessage[] = messages.map((message) => ({
			...message,
			attempt: ledger.give(message.uid, message.receivedAt),
		}));
		for (const { deliveryId } of given) this.held.add(settings.watchKey, deliveryId);
		const key = repeatedKey ?? toKey(settings.watchKey, given);
		ledger.note({ key, uids: given.map(({ uid }) => uid) });
		// Before the execution begins: it is stored together with it, or later, never without the mails in it.
		host.checkpoints.save(ledger.toCheckpoint());
		this.flights.start({ ledger, mails: given }, host.deliver(given, key));
	}

	/** Marks at the server, then forgets, what executions have finished with. */
	private async acknowledge(): Promise<void> {
		const landed = this.flights.takeLanded();
		if (landed.length === 0) return;
		const ended = landed.filter(
			({ end, cargo }) => end !== 'notStarted' && cargo.ledger === this.ledger,
		);
		const uids = ended.flatMap(({ cargo }) => cargo.mails.map(({ uid }) => uid));
		try {
			if (uids.length > 0) await this.markProcessed(uids);
		} catch (error) {
			this.flights.returnLanded(landed);
			throw error;
		}
		this.finishAll(uids);
		for (const { cargo, end } of landed) {
			for (const { uid, deliveryId } of cargo.mails) {
				if (end === 'notStarted') cargo.ledger.takeBack(uid);
				this.held.delete(this.settings.watchKey, deliveryId);
			}
		}
		if (landed.some(({ end }) => end !== 'notStarted')) this.#rests.reset();
		if (landed.some(({ end }) => end === 'notStarted')) {
			this.#restUntil = Date.now() + this.#rests.nextMs();
		}
		this.host.checkpoints.save(this.ledger.toCheckpoint());
	}

	private async markProcessed(uids: readonly number[]): Promise<void> {
		if (this.settings.afterProcessing === 'nothing') return;
		try {
			await this.session.addFlags(uids, [SEEN]);
		} catch (error) {
			// A mark that is refused will be refused again: new mail must not wait behind it.
			const isRefused =
				isMailError(error, 'mailbox.readOnly') || isMailError(error, 'server.protocol');
			if (!isRefused) throw error;
			this.host.log.warn(`${error.message}. ${error.remedy}`);
		}
	}

	/** Given by an earlier process that died before it could note the end, but after it had marked the mail. */
	private isHandled(uid: number, flags: readonly string[]): boolean {
		return (
			this.settings.afterProcessing === 'markRead' &&
			this.ledger.wasGiven(uid) &&
			flags.includes(SEEN)
		);
	}

	private isHeld(uid: number): boolean {
		return this.held.has(this.settings.watchKey, this.intake.toDeliveryId(uid));
	}

	private finishAll(uids: readonly number[]): void {
		for (const uid of uids) this.ledger.finish(uid);
	}
}

/** The same for the same mails and attempts, so that a host can refuse a second execution for them. */
function toKey(watchKey: string, messages: readonly IncomingMessage[]): string {
	const parts = messages.map(({ deliveryId, attempt }) => [deliveryId, attempt]);
	return createHash('sha256')
		.update(JSON.stringify([watchKey, parts]))
		.digest('base64url');
}
