import { isMailError, MailError } from '../../errors';
import { SPOOL_BYTES } from '../../limits';
import type { MessageHead } from '../../message';
import { PartScanner, type ByteRange } from '../mime/part-scanner';
import { toContent, type Content } from '../mime/structure';
import { toMessageHead } from './head';
import type { ListedMessage } from './listing';
import type { Snapshot } from './maildrop';
import { Spool } from './spool';

/** Of a mail that is too large only so many lines are asked for: some 8 MB, if they are as long as is usual. */
const BEGINNING_LINES = 100_000;

/** A mail that was retrieved: its bytes, and what lies where in them. */
export interface RetrievedMessage {
	readonly uid: number;
	readonly spool: Spool;
	/** Of the whole, however much of it was taken. */
	readonly sizeBytes: number;
	/** Only the beginning was taken. */
	readonly isCut: boolean;
	readonly head: MessageHead;
	readonly content: Content;
	readonly ranges: ReadonlyMap<string, ByteRange>;
}

/**
 * Retrieves a mail, once, and reads it while it comes in. Throws `message.unreadable` where the server refuses it or it
 * cannot be read, other errors where the connection fails.
 */
export async function retrieveMessage(
	snapshot: Snapshot,
	{ uid, position }: ListedMessage,
): Promise<RetrievedMessage> {
	const subject = `UID ${uid}`;
	const announced = (await snapshot.sizeOf(position)) ?? 0;
	const spool = new Spool();
	const scanner = new PartScanner();
	try {
		const isWhole = await takeBytes(snapshot, position, subject, announced, async (piece) => {
			if (spool.sizeBytes + piece.length > SPOOL_BYTES) return false;
			scanner.push(piece);
			await spool.write(piece);
			return true;
		});
		const { root, header, ranges, omitted } = scanner.end();
		const content = toContent(root, omitted);
		const sizeBytes = isWhole ? spool.sizeBytes : Math.max(announced, spool.sizeBytes);
		const head = toMessageHead({ uid, header, sizeBytes, attachments: content.attachments });
		return { uid, spool, sizeBytes, isCut: !isWhole, head, content, ranges };
	} catch (cause) {
		await spool.dispose();
		throw cause instanceof MailError
			? cause
			: new MailError('message.unreadable', { subject, cause });
	}
}

/** Resolves with whether the whole mail was taken; `take` answers whether it wants more. */
async function takeBytes(
	{ connection }: Snapshot,
	position: number,
	subject: string,
	announced: number,
	take: (piece: Buffer) => Promise<boolean>,
): Promise<boolean> {
	if (announced > SPOOL_BYTES) {
		try {
			const beginning = `TOP ${position} ${BEGINNING_LINES}`;
			for await (const piece of connection.stream(beginning, subject, UNREADABLE)) {
				if (!(await take(piece))) break;
			}
			return false;
		} catch (error) {
			// A server may do without TOP (RFC 1939, section 7).
			if (!isMailError(error, UNREADABLE.code)) throw error;
		}
	}
	for await (const piece of connection.stream(`RETR ${position}`, subject, UNREADABLE)) {
		// To stop here costs the connection; to go on might never end.
		if (!(await take(piece))) return false;
	}
	return true;
}

const UNREADABLE = { code: 'message.unreadable', retryable: false } as const;
