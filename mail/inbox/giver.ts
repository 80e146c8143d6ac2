import { createHash } from 'node:crypto';
import { isMailError, MailError } from '../errors';
import { BATCH_MESSAGES, INTERRUPTIONS, READING_LOSSES } from '../limits';
import { noteFault, toPauseMs } from './acknowledgement';
import type { IncomingMessage } from './delivery';
import { toDigest } from './digest';
import { type ReadMessage, toWeightBytes } from './intake';
import type { OpenMail } from './open-mail';
import { bearsMark } from './marker';
import { isEnding, type VisitParts } from './visit-terms';

/** What the visit does for those who give. */
export interface Pace {
	/** Makes the ledger durable. */
	save(): Promise<void>;
	/** Resolves with false when the visit is to end before an execution may begin. */
	waitForSlot(): Promise<boolean>;
}

/** Takes mails whose turn it is: reads them, and gives them to executions. */
export class Giver {
	#hasGiven = false;

	constructor(
		private readonly parts: VisitParts,
		private readonly pace: Pace,
	) {}

	/** Whether this connection has brought any mail to an execution. */
	get hasGiven(): boolean {
		return this.#hasGiven;
	}

	/** Gives what is due, at most one batch. Returns whether anything was done. */
	async giveNext(): Promise<boolean> {
		if (!this.parts.desk.flights.hasFreeSlot) return false;
		const due = this.parts.ledger.nextDue(this.toBatchSize(), Date.now());
		const [first] = due;
		if (first === undefined) return false;
		const mail = due.length === 1 ? this.parts.ledger.mail(first) : undefined;
		if (mail !== undefined && mail.losses >= READING_LOSSES) await this.giveUnread(mail, first);
		else await this.readAndGive(due);
		return true;
	}

	/**
	 * What waits is spread over the executions that may be under way, with half of it for those that come after them.
	 * Where that would be many small ones, fewer of `BATCH_MESSAGES` cost the host less.
	 */
	private toBatchSize(): number {
		const { executionsAtATime, messagesPerExecution } = this.parts.settings;
		const share = Math.ceil((2 * this.parts.ledger.waitingCount) / executionsAtATime);
		return Math.max(BATCH_MESSAGES, Math.min(share, messagesPerExecution));
	}

	private async readAndGive(uids: readonly number[]): Promise<void> {
		const mails = this.parts.ledger.beginReading(uids);
		// Before the server is asked: a mail that ends this process has to be known to the next one.
		await this.pace.save();
		let isLost = false;
		try {
			const { heads, gone } = await this.parts.intake.readHeads(uids);
			this.dropAll(gone);
			const wanted = heads.filter((entry) => {
				const isHandled = 'head' in entry && this.isHandled(entry.uid, entry.head.flags);
				if (isHandled) this.parts.ledger.finish(this.parts.ledger.mail(entry.uid));
				return !isHandled;
			});
			if (wanted.length < uids.length) await this.pace.save();
			for await (const group of this.parts.intake.readMessages(wanted)) {
				this.dropAll(group.gone);
				await this.giveAll(group.messages);
				// What was read but not given is read again after the next start.
				if (isEnding(this.parts.end)) break;
			}
		} catch (error) {
			isLost = !this.parts.end.leaving.aborted && mayBeDueToMail(error);
			throw error;
		} finally {
			this.parts.ledger.endReading(mails, isLost, Date.now());
			if (this.parts.end.leaving.aborted) this.parts.desk.wake();
		}
	}

	private async giveAll(messages: readonly ReadMessage[]): Promise<void> {
		const readable = messages.filter((message) => !this.isTriedAgain(message));
		const size = this.parts.settings.messagesPerExecution;
		for (let start = 0; start < readable.length; start += size) {
			if (!(await this.pace.waitForSlot())) return;
			await this.give(readable.slice(start, start + size));
		}
	}

	/** A mail that could not be read gets its further attempts later. */
	private isTriedAgain({ uid, problem }: ReadMessage): boolean {
		if (problem === undefined) return false;
		const mail = this.parts.ledger.mail(uid);
		noteFault(mail, problem.message);
		const { attempts } = this.parts.settings;
		if (mail.faults >= attempts) return false;
		this.parts.ledger.retry([mail], Date.now() + toPauseMs(mail, attempts));
		return true;
	}

	/** @param isReadable false where nothing more of the mails may be asked for */
	private async give(messages: readonly ReadMessage[], isReadable = true): Promise<void> {
		const mails = messages.map(({ uid }) => this.parts.ledger.mail(uid));
		const given: IncomingMessage[] = [];
		let isLastWord = false;
		for (const [index, message] of messages.entries()) {
			const mail = mails[index];
			if (mail === undefined) continue;
			const problem = message.problem ?? toProblem(mail, this.parts.settings.attempts);
			isLastWord ||= problem !== undefined;
			const whole =
				problem === undefined || !isReadable
					? message
					: await this.parts.intake.toLastWord(message, problem);
			if (message.head !== undefined) {
				mail.digest = toDigest(message.head);
				this.parts.ledger.noteReceived(message.head.receivedAt);
			}
			mail.deliveryId ??= message.deliveryId;
			given.push({ ...whole, deliveryId: mail.deliveryId, attempt: mail.attempts + 1 });
		}
		const key = toKey(this.parts.settings.watchKey, given);
		this.parts.ledger.give(mails, key);
		// Before the execution begins: should this process end now, the next one knows whom to ask.
		await this.pace.save();
		if (this.parts.end.stopping.aborted || this.parts.end.leaving.aborted) {
			this.parts.ledger.takeBack(mails);
			return await this.pace.save();
		}
		this.#hasGiven = true;
		const weight = messages.reduce((sum, message) => sum + toWeightBytes(message), 0);
		this.parts.desk.flights.start(
			{ mails, isLastWord },
			weight,
			this.parts.host.deliver(given, key),
		);
	}

	private async giveUnread(mail: OpenMail, uid: number): Promise<void> {
		mail.faults = this.parts.settings.attempts;
		const problem = new MailError('message.unreadable', {
			subject: `the connection ended ${mail.losses} times while it was read`,
			remedy: 'Look at the e-mail in the mailbox. Reading it ends the connection, or n8n.',
		});
		await this.give([this.parts.intake.toUnread(uid, problem)], false);
	}

	/** Given by an earlier process that died before it could note the end, but after it had marked the mail. */
	private isHandled(uid: number, flags: readonly string[]): boolean {
		return (
			this.parts.ledger.mail(uid).isDoubtful &&
			bearsMark(flags, this.parts.settings.afterProcessing)
		);
	}

	private dropAll(uids: readonly number[]): void {
		for (const uid of uids) this.parts.ledger.drop(uid);
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

/** The same for the same mails and attempts, so that a host can refuse a second execution for them. */
function toKey(watchKey: string, messages: readonly IncomingMessage[]): string {
	const parts = messages.map(({ deliveryId, attempt }) => [deliveryId, attempt]);
	return createHash('sha256')
		.update(JSON.stringify([watchKey, parts]))
		.digest('base64url');
}
