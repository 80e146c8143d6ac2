import { createHash } from 'node:crypto';
import { isMailError, MailError } from '../errors';
import {
	BATCH_MESSAGES,
	INTERRUPTIONS,
	READING_LOSSES,
	RECORD_POLL_MS,
	SAFETY_POLL_MS,
	THROTTLED_LAST_MS,
} from '../limits';
import type { Log, MailboxSession } from '../ports';
import { noteFault, settleFlight, toPauseMs, type AcknowledgeSettings } from './acknowledgement';
import { BackOff } from './back-off';
import type { CheckpointStore } from './checkpoint';
import type { Deliver, ExecutionRecords, IncomingMessage } from './delivery';
import type { Desk } from './desk';
import { toDigest } from './digest';
import { type Intake, type ReadMessage, toWeightBytes } from './intake';
import type { Ledger, OpenMail } from './ledger';
import { bearsMark, Marker } from './marker';
import { settleOrphans } from './orphan';

export interface VisitSettings extends AcknowledgeSettings {
	/** Under way at most. */
	readonly executionsAtATime: number;
	/** Tells this watch from all others of the host. */
	readonly watchKey: string;
	/** Mails that may travel as items of one execution. */
	readonly messagesPerExecution: number;
}

export interface VisitHost {
	readonly deliver: Deliver;
	readonly records: ExecutionRecords;
	readonly checkpoints: CheckpointStore;
	readonly log: Log;
}

/** Who ends a visit. */
export interface VisitEnd {
	/** No more mail is taken; what is under way is still acknowledged. */
	readonly stopping: AbortSignal;
	/** Nothing more is done: somebody else acknowledges, or nobody. */
	readonly leaving: AbortSignal;
	/** The sign-in ends soon: what is under way is acknowledged by the next visit. */
	readonly renewing: AbortSignal;
}

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
	#hasWorked = false;

	constructor(
		private readonly session: MailboxSession,
		private readonly desk: Desk,
		private readonly ledger: Ledger,
		private readonly intake: Intake,
		private readonly settings: VisitSettings,
		private readonly host: VisitHost,
		private readonly end: VisitEnd,
	) {
		this.#marker = new Marker(session, settings.afterProcessing, host.log);
	}

	/** Whether anything came of this connection: a mail was given, or there was nothing to do. */
	get hasWorked(): boolean {
		return this.#hasWorked;
	}

	/** Interrupts the wait for news. */
	wake(): void {
		this.#wake.abort();
	}

	async run(): Promise<void> {
		const { stopping, leaving, renewing } = this.end;
		for (;;) {
			if (leaving.aborted || renewing.aborted) return;
			await this.acknowledge();
			if (stopping.aborted) {
				if (this.desk.flights.isQuiet) return;
			} else {
				if (this.#mustSearch) await this.search();
				if (await this.settleOrphans()) continue;
				if (await this.giveNext()) continue;
				this.#hasWorked = true;
			}
			await this.waitForNews();
		}
	}

	private async search(): Promise<void> {
		this.#mustSearch = false;
		this.#searchedAt = Date.now();
		this.ledger.discover(await this.session.search({ uidFrom: this.ledger.frontier }));
	}

	private async settleOrphans(): Promise<boolean> {
		const { records } = this.host;
		return await settleOrphans(this.ledger, records, this.settings, Date.now());
	}

	private async waitForNews(): Promise<void> {
		if (this.desk.flights.hasLanded) return;
		this.#wake = new AbortController();
		// A wake before this line would go unheard.
		if (this.isAskedToEnd) return;
		const news = await this.session.waitForChange(this.toPollMs(), this.#wake.signal);
		const isPollDue = Date.now() - this.#searchedAt >= this.lookEveryMs;
		if (news === 'changed' || isPollDue) this.#mustSearch = true;
	}

	/** No more mail is given by this visit. */
	private get isEnding(): boolean {
		const { stopping, leaving, renewing } = this.end;
		return stopping.aborted || leaving.aborted || renewing.aborted;
	}

	private get isAskedToEnd(): boolean {
		const { leaving, renewing } = this.end;
		return leaving.aborted || renewing.aborted || (this.isEnding && this.desk.flights.isQuiet);
	}

	/** Until the server is asked again, or something else is due, in ms. */
	private toPollMs(): number {
		const now = Date.now();
		const times = [this.#searchedAt + this.lookEveryMs, this.#restUntil, this.#marker.retryAt];
		times.push(this.ledger.nextRetryAt(now) ?? 0);
		if (this.ledger.orphans.length > 0) times.push(now + RECORD_POLL_MS);
		const next = times.filter((time) => time > now).map((time) => time - now);
		return Math.min(this.lookEveryMs, ...next);
	}

	private get lookEveryMs(): number {
		return this.session.lookEveryMs ?? SAFETY_POLL_MS;
	}

	/** Gives what is due, at most one batch. Returns whether anything was done. */
	private async giveNext(): Promise<boolean> {
		if (!this.desk.flights.hasFreeSlot || Date.now() < this.#restUntil) return false;
		const due = this.ledger.nextDue(BATCH_MESSAGES, Date.now());
		const [first] = due;
		if (first === undefined) return false;
		const mail = due.length === 1 ? this.ledger.mail(first) : undefined;
		if (mail !== undefined && mail.losses >= READING_LOSSES) await this.giveUnread(mail, first);
		else await this.readAndGive(due);
		return true;
	}

	private async readAndGive(uids: readonly number[]): Promise<void> {
		const mails = this.ledger.beginReading(uids);
		// Before the server is asked: a mail that ends this process has to be known to the next one.
		await this.save();
		let isLost = false;
		try {
			const { heads, gone } = await this.intake.readHeads(uids);
			this.dropAll(gone);
			const wanted = heads.filter((entry) => {
				const isHandled = 'head' in entry && this.isHandled(entry.uid, entry.head.flags);
				if (isHandled) this.ledger.finish(this.ledger.mail(entry.uid));
				return !isHandled;
			});
			if (wanted.length < uids.length) await this.save();
			for await (const group of this.intake.readMessages(wanted)) {
				this.dropAll(group.gone);
				await this.giveAll(group.messages);
				// What was read but not given is read again after the next start.
				if (this.isEnding) break;
			}
		} catch (error) {
			isLost = !this.end.leaving.aborted && mayBeDueToMail(error);
			throw error;
		} finally {
			this.ledger.endReading(mails, isLost, Date.now());
			if (this.end.leaving.aborted) this.desk.wake();
		}
	}

	private async giveAll(messages: readonly ReadMessage[]): Promise<void> {
		const readable = messages.filter((message) => !this.isTriedAgain(message));
		const size = this.settings.messagesPerExecution;
		for (let start = 0; start < readable.length; start += size) {
			while (!this.desk.flights.hasFreeSlot) {
				if (this.isEnding) return;
				await this.waitForNews();
				if (this.isEnding) return;
				await this.acknowledge();
			}
			if (this.isEnding) return;
			await this.give(readable.slice(start, start + size));
		}
	}

	/** A mail that could not be read gets its further attempts later. */
	private isTriedAgain({ uid, problem }: ReadMessage): boolean {
		if (problem === undefined) return false;
		const mail = this.ledger.mail(uid);
		noteFault(mail, problem.message);
		const { attempts } = this.settings;
		if (mail.faults >= attempts) return false;
		this.ledger.retry([mail], Date.now() + toPauseMs(mail, attempts));
		return true;
	}

	/** @param isReadable false where nothing more of the mails may be asked for */
	private async give(messages: readonly ReadMessage[], isReadable = true): Promise<void> {
		const mails = messages.map(({ uid }) => this.ledger.mail(uid));
		const given: IncomingMessage[] = [];
		let isLastWord = false;
		for (const [index, message] of messages.entries()) {
			const mail = mails[index];
			if (mail === undefined) continue;
			const problem = message.problem ?? toProblem(mail, this.settings.attempts);
			isLastWord ||= problem !== undefined;
			const whole =
				problem === undefined || !isReadable
					? message
					: await this.intake.toLastWord(message, problem);
			if (message.head !== undefined) {
				mail.digest = toDigest(message.head);
				this.ledger.noteReceived(message.head.receivedAt);
			}
			mail.deliveryId ??= message.deliveryId;
			given.push({ ...whole, deliveryId: mail.deliveryId, attempt: mail.attempts + 1 });
		}
		const key = toKey(this.settings.watchKey, given);
		this.ledger.give(mails, key);
		// Before the execution begins: should this process end now, the next one knows whom to ask.
		await this.save();
		if (this.end.stopping.aborted || this.end.leaving.aborted) {
			this.ledger.takeBack(mails);
			return await this.save();
		}
		this.#hasWorked = true;
		const weight = messages.reduce((sum, message) => sum + toWeightBytes(message), 0);
		this.desk.flights.start({ mails, isLastWord }, weight, this.host.deliver(given, key));
	}

	private async giveUnread(mail: OpenMail, uid: number): Promise<void> {
		mail.faults = this.settings.attempts;
		const problem = new MailError('message.unreadable', {
			subject: `the connection ended ${mail.losses} times while it was read`,
			remedy: 'Look at the e-mail in the mailbox. Reading it ends the connection, or n8n.',
		});
		await this.give([this.intake.toUnread(uid, problem)], false);
	}

	/** Marks at the server, then forgets, what executions have finished with. */
	private async acknowledge(): Promise<void> {
		const landed = this.desk.flights.takeLanded();
		const now = Date.now();
		for (const flight of landed) settleFlight(this.ledger, flight, this.settings, now);
		this.rest(landed.map(({ landing }) => landing.kind));
		const ended = this.ledger.ended;
		for (const { cargo } of landed) this.finishDetached(cargo.mails);
		if (landed.length + ended.length === 0) return;
		// Before the server is told: what has ended is not given again, even if the mark never comes to be.
		if (landed.length > 0 || now >= this.#marker.retryAt) await this.save();
		if (ended.length === 0) return;
		const uids = ended.flatMap(({ uid }) => (uid === undefined ? [] : [uid])).sort(ascending);
		if (!(await this.#marker.mark(uids, Date.now()))) return;
		for (const mail of ended) this.ledger.finish(mail);
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
			if (mail.uid === undefined && mail.phase === 'ended') this.ledger.finish(mail);
		}
	}

	/** Given by an earlier process that died before it could note the end, but after it had marked the mail. */
	private isHandled(uid: number, flags: readonly string[]): boolean {
		return this.ledger.mail(uid).isDoubtful && bearsMark(flags, this.settings.afterProcessing);
	}

	private dropAll(uids: readonly number[]): void {
		for (const uid of uids) this.ledger.drop(uid);
	}

	private async save(): Promise<void> {
		await this.host.checkpoints.save(this.ledger.toCheckpoint(this.session.toMemory()));
	}
}

/** Why this attempt is the last one: the mail then leaves by the error output. */
function toProblem(
	{ attempts, faults, reason }: OpenMail,
	attemptsAllowed: number,
): MailError | undefined {
	if (faults >= attemptsAllowed) {
		return new MailError('message.givenUp', { subject: reason });
	}
	if (attempts - faults >= INTERRUPTIONS) {
		return new MailError('message.givenUp', {
			subject: `n8n ended ${attempts - faults} times while the workflow worked on it`,
		});
	}
	return undefined;
}

/** A server that wants to be left alone says nothing about the mail that was just asked for. */
function mayBeDueToMail(error: unknown): boolean {
	return !(
		isMailError(error, 'server.throttled') || isMailError(error, 'server.tooManyConnections')
	);
}

function ascending(a: number, b: number): number {
	return a - b;
}

/** The same for the same mails and attempts, so that a host can refuse a second execution for them. */
function toKey(watchKey: string, messages: readonly IncomingMessage[]): string {
	const parts = messages.map(({ deliveryId, attempt }) => [deliveryId, attempt]);
	return createHash('sha256')
		.update(JSON.stringify([watchKey, parts]))
		.digest('base64url');
}
