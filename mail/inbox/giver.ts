import { createHash } from 'node:crypto';
import { isMailError, MailError } from '../errors';
import { BATCH_MESSAGES, INTERRUPTIONS, READING_LOSSES } from '../limits';
import { noteFault, toPauseMs } from './acknowledgement';
import type { IncomingMessage } from './delivery';
import type { Desk } from './desk';
import { toDigest } from './digest';
import { type Intake, type ReadMessage, toWeightBytes } from './intake';
import type { Ledger } from './ledger';
import type { OpenMail } from './open-mail';
import { bearsMark } from './marker';
import { isEnding, type VisitEnd, type VisitHost, type VisitSettings } from './visit-terms';

/** Takes mails whose turn it is: reads them, and gives them to executions. */
export class Giver {
	#hasGiven = false;

	/**
	 * @param save makes the ledger durable
	 * @param waitForSlot resolves with false when the visit is to end
	 */
	constructor(
		private readonly desk: Desk,
		private readonly ledger: Ledger,
		private readonly intake: Intake,
		private readonly settings: VisitSettings,
		private readonly host: VisitHost,
		private readonly end: VisitEnd,
		private readonly save: () => Promise<void>,
		private readonly waitForSlot: () => Promise<boolean>,
	) {}

	/** Whether this connection has brought any mail to an execution. */
	get hasGiven(): boolean {
		return this.#hasGiven;
	}

	/** Gives what is due, at most one batch. Returns whether anything was done. */
	async giveNext(): Promise<boolean> {
		if (!this.desk.flights.hasFreeSlot) return false;
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
				if (isEnding(this.end)) break;
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
			if (!(await this.waitForSlot())) return;
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
		this.#hasGiven = true;
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

	/** Given by an earlier process that died before it could note the end, but after it had marked the mail. */
	private isHandled(uid: number, flags: readonly string[]): boolean {
		return this.ledger.mail(uid).isDoubtful && bearsMark(flags, this.settings.afterProcessing);
	}

	private dropAll(uids: readonly number[]): void {
		for (const uid of uids) this.ledger.drop(uid);
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
