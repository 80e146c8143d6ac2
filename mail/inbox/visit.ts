import { RECORD_POLL_MS, SAFETY_POLL_MS, SLOT_PATIENCE_MS, THROTTLED_LAST_MS } from '../limits';
import { settleFlight } from './acknowledgement';
import { BackOff } from './back-off';
import { Giver } from './giver';
import type { OpenMail } from './open-mail';
import { Marker } from './marker';
import { settleOrphans } from './orphan';
import { isEnding, type VisitParts } from './visit-terms';
import { pause } from './wait';

/**
 * One connection's life: looks for mail, reads it, gives it, acknowledges it; one command at a time. Ends by throwing
 * when the connection fails, or by returning when it was asked to end. `docs/delivery.md` tells the order of the
 * durable steps, and what each gap between them means.
 */
export class Visit {
	#wake = new AbortController();
	#mustSearch = true;
	/** When the server was asked last what is new, ms since 1970. */
	#searchedAt = 0;
	/** The host could not start an execution: nothing is given until then, ms since 1970. */
	#restUntil = 0;
	readonly #rests = new BackOff();
	readonly #marker: Marker;
	readonly #giver: Giver;
	#hasBeenIdle = false;

	constructor(private readonly parts: VisitParts) {
		const { session, settings, host } = parts;
		this.#marker = new Marker(session, settings.afterProcessing, host.log);
		this.#giver = new Giver(parts, {
			save: async () => await this.save(),
			waitForSlot: async () => await this.waitForSlot(),
		});
	}

	/** Whether anything came of this connection: a mail was given, or there was nothing to do. */
	get hasWorked(): boolean {
		return this.#hasBeenIdle || this.#giver.hasGiven;
	}

	/** Interrupts the wait for news. */
	wake(): void {
		this.#wake.abort();
	}

	async run(): Promise<void> {
		const { stopping, leaving, renewing } = this.parts.end;
		for (;;) {
			if (leaving.aborted || renewing.aborted) return;
			await this.acknowledge();
			if (stopping.aborted) {
				if (this.parts.desk.flights.isQuiet) return;
			} else {
				if (this.#mustSearch) await this.search();
				if (await this.settleOrphans()) continue;
				if (Date.now() >= this.#restUntil && (await this.#giver.giveNext())) continue;
				this.#hasBeenIdle = true;
			}
			await this.waitForNews();
		}
	}

	private async search(): Promise<void> {
		this.#mustSearch = false;
		this.#searchedAt = Date.now();
		this.parts.ledger.discover(
			await this.parts.session.search({ uidFrom: this.parts.ledger.frontier }),
		);
	}

	private async settleOrphans(): Promise<boolean> {
		const { records } = this.parts.host;
		return await settleOrphans(this.parts.ledger, records, this.parts.settings, Date.now());
	}

	private async waitForNews(): Promise<void> {
		if (this.parts.desk.flights.hasLanded) return;
		this.#wake = new AbortController();
		// A wake before this line would go unheard.
		if (this.isAskedToEnd) return;
		if (!this.parts.desk.flights.hasFreeSlot) {
			// Nothing could be begun before an execution ends, which it soon does: IDLE would cost two round trips for it.
			await pause(SLOT_PATIENCE_MS, this.#wake.signal);
			if (this.#wake.signal.aborted) return;
		}
		const news = await this.parts.session.waitForChange(this.toPollMs(), this.#wake.signal);
		const isPollDue = Date.now() - this.#searchedAt >= this.lookEveryMs;
		if (news === 'changed' || isPollDue) this.#mustSearch = true;
	}

	private get isAskedToEnd(): boolean {
		const { leaving, renewing } = this.parts.end;
		return (
			leaving.aborted ||
			renewing.aborted ||
			(isEnding(this.parts.end) && this.parts.desk.flights.isQuiet)
		);
	}

	/** Resolves with false when the visit is to end before an execution may begin. */
	private async waitForSlot(): Promise<boolean> {
		while (!this.parts.desk.flights.hasFreeSlot) {
			if (isEnding(this.parts.end)) return false;
			await this.waitForNews();
			if (isEnding(this.parts.end)) return false;
			await this.acknowledge();
		}
		return !isEnding(this.parts.end);
	}

	/** Until the server is asked again, or something else is due, in ms. */
	private toPollMs(): number {
		const now = Date.now();
		const times = [this.#searchedAt + this.lookEveryMs, this.#restUntil, this.#marker.retryAt];
		times.push(this.parts.ledger.nextRetryAt(now) ?? 0);
		if (this.parts.ledger.orphans.length > 0) times.push(now + RECORD_POLL_MS);
		const next = times.filter((time) => time > now).map((time) => time - now);
		return Math.min(this.lookEveryMs, ...next);
	}

	private get lookEveryMs(): number {
		return this.parts.session.lookEveryMs ?? SAFETY_POLL_MS;
	}

	/** Marks at the server, then forgets, what executions have finished with. */
	private async acknowledge(): Promise<void> {
		const landed = this.parts.desk.flights.takeLanded();
		const now = Date.now();
		for (const flight of landed) settleFlight(this.parts.ledger, flight, this.parts.settings, now);
		this.rest(landed.map(({ landing }) => landing.kind));
		const ended = this.parts.ledger.ended;
		for (const { cargo } of landed) this.finishDetached(cargo.mails);
		if (landed.length + ended.length === 0) return;
		// Before the server is told: what has ended is not given again, even if the mark never comes to be.
		if (landed.length > 0 || now >= this.#marker.retryAt) await this.save();
		if (ended.length === 0) return;
		const uids = ended.flatMap(({ uid }) => (uid === undefined ? [] : [uid])).sort(ascending);
		if (!(await this.#marker.mark(uids, Date.now()))) return;
		for (const mail of ended) this.parts.ledger.finish(mail);
		await this.save();
	}

	/** A host that cannot start executions is left alone for a while. */
	private rest(kinds: readonly string[]): void {
		if (kinds.includes('notStarted')) {
			this.#restUntil = Date.now() + this.#rests.nextMs(THROTTLED_LAST_MS);
		} else if (kinds.length > 0) this.#rests.reset();
	}

	/** Mails that were not found again after UIDVALIDITY changed: nothing can be marked. */
	private finishDetached(mails: readonly OpenMail[]): void {
		for (const mail of mails) {
			if (mail.uid === undefined && mail.phase === 'ended') this.parts.ledger.finish(mail);
		}
	}

	private async save(): Promise<void> {
		await this.parts.host.checkpoints.save(
			this.parts.ledger.toCheckpoint(
				this.parts.session.toMemory((uid) => this.parts.ledger.concerns(uid)),
			),
		);
	}
}

function ascending(a: number, b: number): number {
	return a - b;
}
