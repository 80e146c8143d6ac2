import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';
import { MailError } from '../../errors';
import { BODY_CHARACTERS } from '../../limits';
import type { MessageHead } from '../../message';
import type { BodyRequest, FetchedBody } from '../../ports';
import { toMessageBody } from '../mime/body';
import type { KnownContent } from './fetch-heads';
import { fetchParts, type WantedMessage, type WantedPart } from './fetch-parts';
import { toBeginnings } from '../mime/part-text';
import type { Content } from '../mime/structure';
import { findContents } from './find-content';

interface Request {
	readonly head: MessageHead;
	readonly want: BodyRequest;
}

/** A character takes at most four bytes, and each of them three characters when it is encoded. */
const TEXT_BYTES = 4 * BODY_CHARACTERS;

/** No attachment is read into memory beyond this, in encoded bytes, whatever the caller asks for. */
const ATTACHMENT_BYTES = 128 * 1024 * 1024;

/** See `MailboxSession.fetchBodies`. Only the parts that are wanted are downloaded. */
export async function fetchBodies(
	client: ImapFlow,
	requests: readonly Request[],
	known: KnownContent,
): Promise<FetchedBody[]> {
	const contents = await findContents(
		client,
		requests.map(({ head }) => head),
		known,
	);
	const wanted = requests.flatMap(({ head, want }): WantedMessage[] => {
		const content = contents.get(head);
		return content instanceof MailError || content === undefined
			? []
			: [{ uid: head.uid, parts: toWantedParts(content, want) }];
	});
	const { parts, errors } = await fetchParts(client, wanted);

	const bodies: FetchedBody[] = [];
	for (const { head, want } of requests) {
		const { uid } = head;
		const content = contents.get(head);
		const bytes = parts.get(uid);
		if (content instanceof MailError) bodies.push({ uid, error: content });
		else if (content === undefined || bytes === undefined) {
			bodies.push({ uid, error: errors.get(uid) ?? toMissing(uid) });
		} else {
			try {
				bodies.push({ uid, body: toMessageBody(content, want, bytes) });
			} catch (cause) {
				const subject = `UID ${uid}`;
				bodies.push({ uid, error: new MailError('message.unreadable', { subject, cause }) });
			}
			// Decoding is work of this thread: others get their turn between two mails.
			await nextTurn();
		}
	}
	return bodies;
}

function toWantedParts(content: Content, want: BodyRequest): WantedPart[] {
	const blocks = want.text === false ? [] : content.blocks;
	const texts = blocks
		.flatMap(({ text, html }) => [...text, ...html])
		.map(({ part, sizeBytes }) => ({ part, sizeBytes, limitBytes: TEXT_BYTES }));
	const asked = new Set(want.attachments.map(({ part }) => part));
	const attachments = content.attachments
		.filter(({ part }) => asked.has(part))
		.map(({ fetchPart, encodedSizeBytes }) => ({
			part: fetchPart,
			sizeBytes: encodedSizeBytes,
			limitBytes: ATTACHMENT_BYTES,
		}));
	const beginnings = toBeginnings(content, want.partTexts ?? [])
		.filter(({ attachment: { part } }) => !asked.has(part))
		.map(({ attachment: { fetchPart, encodedSizeBytes }, limitBytes }) => ({
			part: fetchPart,
			sizeBytes: encodedSizeBytes,
			limitBytes,
		}));
	return [...texts, ...attachments, ...beginnings];
}

function toMissing(uid: number): MailError {
	return new MailError('message.missing', { subject: `UID ${uid}` });
}
