import { FINISHED_DIGESTS } from '../limits';
import type { Checkpoint } from './checkpoint';
import { ExecutionRegister, type Orphan } from './execution-register';
import { isSuspect, noteLoss, type OpenMail, toOpenMail, toRecord } from './open-mail';
import { UidSet } from './uid-set';

/**
 * Which mails of one folder were seen, given to an execution, and finished. A mail is open from its discovery until
 * `finish`; it is never given twice at a time.
 */
export class Ledger {
	#revision: number;
	#uidValidity: string;
	#frontier: number;
	#newestReceivedAt: number;
	#open: UidSet;
	#mails = new Map<number, OpenMail>();
	readonly #executions = new ExecutionRegister();
	readonly #finished: string[];

	constructor(checkpoint: Checkpoint) {
		this.#revision = checkpoint.revision;
		this.#uidValidity = checkpoint.uidValidity;
		this.#frontier = checkpoint.frontier;
		this.#newestReceivedAt = checkpoint.newestReceivedAt;
		this.#open = UidSet.fromRanges(checkpoint.open);
		this.#finished = [...checkpoint.finished];
		for (const record of checkpoint.mails) this.#mails.set(record.uid, toOpenMail(record));
		this.#executions.adopt(checkpoint.executions, (uid) => this.#mails.get(uid));
		this.#takeOver();
	}

	/** Of the last checkpoint. */
	get revision(): number {
		return this.#revision;
	}

	get uidValidity(): string {
		return this.#uidValidity;
	}

	/** Mails with this UID or a higher one have not been seen. */
	get frontier(): number {
		return this.#frontier;
	}

	get newestReceivedAt(): number {
		return this.#newestReceivedAt;
	}

	/** Whether a mail is open that was never read: nobody would know it again by its digest. */
	get hasUnread(): boolean {
		return this.#open.size > this.mails.filter(({ digest }) => digest !== undefined).length;
	}

	/** Open mails that no execution has; some may have to wait for a later attempt. */
	get waitingCount(): number {
		return this.#open.size - this.mails.filter(({ phase }) => phase !== 'due').length;
	}

	/** Whether something may still be done with the mail: it is open, or nobody has seen it yet. */
	concerns(uid: number): boolean {
		return uid >= this.#frontier || this.#open.has(uid);
	}

	/** Digests of the mails finished last. */
	get finishedDigests(): readonly string[] {
		return this.#finished;
	}

	/** Executions of an earlier process that are not settled yet. */
	get orphans(): readonly Orphan[] {
		return this.#executions.orphans;
	}

	/** Mails that something was done with. */
	get mails(): readonly OpenMail[] {
		return [...this.#mails.values()];
	}

	/** Their execution is over; the mark at the server is missing. */
	get ended(): readonly OpenMail[] {
		return this.mails.filter(({ phase }) => phase === 'ended');
	}

	/** Adds UIDs that a search found at or above the frontier. */
	discover(uids: readonly number[]): void {
		for (const uid of uids) {
			if (uid < this.#frontier) continue;
			this.#open.add(uid);
			this.#frontier = uid + 1;
		}
	}

	/**
	 * Up to `count` open mails whose turn it is, lowest UID first. Mails that something went wrong with come alone.
	 */
	nextDue(count: number, now: number): number[] {
		const due: number[] = [];
		for (const uid of this.#open.values()) {
			if (due.length === count) break;
			const mail = this.#mails.get(uid);
			if (mail !== undefined && (mail.phase !== 'due' || mail.notBefore > now)) continue;
			if (mail !== undefined && isSuspect(mail)) {
				if (due.length === 0) return [uid];
				break;
			}
			due.push(uid);
		}
		return due;
	}

	/** When the next mail that waits for a later attempt is due, ms since 1970; undefined where none waits. */
	nextRetryAt(now: number): number | undefined {
		const times = this.mails
			.filter(({ phase, notBefore }) => phase === 'due' && notBefore > now)
			.map(({ notBefore }) => notBefore);
		return times.length === 0 ? undefined : Math.min(...times);
	}

	/** The record of an open mail. */
	mail(uid: number): OpenMail {
		let mail = this.#mails.get(uid);
		if (mail === undefined) {
			mail = toOpenMail({ uid, phase: 'due', attempts: 0, faults: 0, losses: 0 });
			this.#mails.set(uid, mail);
		}
		return mail;
	}

	/** The mails are asked for from the server. Until `endReading`, whatever ends this process is held against them. */
	beginReading(uids: readonly number[]): OpenMail[] {
		const mails = uids.map((uid) => this.mail(uid));
		for (const mail of mails) mail.phase = 'reading';
		return mails;
	}

	/**
	 * @param isLost whether the connection ended while they were read
	 * @param now ms since 1970
	 */
	endReading(mails: readonly OpenMail[], isLost: boolean, now: number): void {
		for (const mail of mails) {
			if (mail.phase !== 'reading') continue;
			mail.phase = 'due';
			if (isLost) noteLoss(mail, now);
			else this.#forgetIfPlain(mail);
		}
	}

	/** One more attempt begins with each of these, all in the execution with this key. */
	give(mails: readonly OpenMail[], key: string): void {
		for (const mail of mails) {
			mail.phase = 'given';
			mail.attempts++;
		}
		this.#executions.add(key, mails);
	}

	noteReceived(receivedAt: Date): void {
		this.#newestReceivedAt = Math.max(this.#newestReceivedAt, receivedAt.getTime());
	}

	/** Their execution is over, so that they need no other. */
	end(mails: readonly OpenMail[]): void {
		for (const mail of mails) mail.phase = 'ended';
		this.#executions.forget(mails);
	}

	/** They need another execution, not before `notBefore`. */
	retry(mails: readonly OpenMail[], notBefore: number): void {
		for (const mail of mails) {
			mail.phase = 'due';
			mail.notBefore = notBefore;
		}
		this.#executions.forget(mails);
	}

	/** The execution never began: the attempt does not count. */
	takeBack(mails: readonly OpenMail[]): void {
		for (const mail of mails) {
			mail.phase = 'due';
			mail.attempts = Math.max(0, mail.attempts - 1);
		}
		this.#executions.forget(mails);
	}

	/** Nothing more is to be done with the mail. */
	finish(mail: OpenMail): void {
		if (mail.digest !== undefined) this.#finished.push(mail.digest);
		// Counted once, also where a second report of its execution comes in.
		mail.digest = undefined;
		if (this.#finished.length > FINISHED_DIGESTS) this.#finished.shift();
		this.#executions.forget([mail]);
		if (mail.uid === undefined) return;
		this.#mails.delete(mail.uid);
		this.#open.delete(mail.uid);
		mail.uid = undefined;
	}

	/** The mail is no longer on the server. */
	drop(uid: number): void {
		const mail = this.#mails.get(uid);
		if (mail !== undefined) this.#executions.forget([mail]);
		this.#mails.delete(uid);
		this.#open.delete(uid);
	}

	settle(orphan: Orphan): void {
		this.#executions.settle(orphan);
	}

	/**
	 * UIDVALIDITY changed: open mails get their new UIDs. Those that were not found again are known to nobody but
	 * the executions that have them.
	 */
	rebase(
		uidValidity: string,
		frontier: number,
		found: ReadonlyMap<OpenMail, number>,
		fresh: readonly number[],
	): void {
		const former = this.mails;
		this.#uidValidity = uidValidity;
		this.#frontier = frontier;
		this.#open = UidSet.fromRanges([]);
		this.#mails = new Map();
		for (const mail of former) {
			mail.uid = found.get(mail);
			if (mail.phase === 'reading') mail.phase = 'due';
			if (mail.uid === undefined) continue;
			this.#mails.set(mail.uid, mail);
			this.#open.add(mail.uid);
		}
		for (const uid of fresh) this.#open.add(uid);
	}

	toCheckpoint(driverMemory: unknown): Checkpoint {
		return {
			revision: this.#nextRevision(),
			uidValidity: this.#uidValidity,
			frontier: this.#frontier,
			open: this.#open.toRanges(),
			mails: this.mails.flatMap(toRecord),
			executions: this.#executions.toRecords(),
			newestReceivedAt: this.#newestReceivedAt,
			finished: [...this.#finished],
			driverMemory,
		};
	}

	/** Of the copies that two hosts have written, the later one counts, however often each has written. */
	#nextRevision(): number {
		this.#revision = Math.max(this.#revision + 1, Date.now());
		return this.#revision;
	}

	/** The process that had these is gone; one that was read when it went may be the reason. */
	#takeOver(): void {
		for (const mail of this.#mails.values()) {
			if (mail.phase === 'reading') {
				mail.phase = 'due';
				noteLoss(mail, Date.now());
			}
			if (mail.phase === 'given' && !this.#executions.has(mail)) mail.phase = 'due';
		}
	}

	#forgetIfPlain(mail: OpenMail): void {
		const isPlain = mail.attempts + mail.faults + mail.losses === 0;
		if (isPlain && mail.notBefore === 0 && mail.uid !== undefined) this.#mails.delete(mail.uid);
	}
}
