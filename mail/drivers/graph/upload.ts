import { isMailError, MailError } from '../../errors';
import {
	GRAPH_FIRST_PAUSE_MS,
	GRAPH_LAST_PAUSE_MS,
	GRAPH_UPLOAD_PAUSE_MS,
	GRAPH_UPLOAD_SESSIONS,
	GRAPH_UPLOAD_TRIES,
} from '../../limits';
import { type Attaching, isAttached, toProperties, toSubject } from './attaching';
import { faultOf } from './error';
import { graphPath } from './path';
import { sleep } from './sleep';
import { SLICE_BYTES, sliceFrom } from './slice';
import { type SliceOutcome, sessionSchema, UploadSession } from './upload-session';

/**
 * Attaches a large file slice by slice, one of them in memory. A session that ends too soon, or stands where nobody knows,
 * is followed by another one, a few times. As `attachFile`.
 */
export async function uploadFile(attaching: Attaching): Promise<void> {
	for (let sessions = 1; ; sessions++) {
		const session = await openSession(attaching);
		let outcome: 'done' | 'gone';
		try {
			outcome = await putSlices(session, attaching);
		} catch (error) {
			await session.cancel();
			throw error;
		}
		if (outcome === 'done' || (await isAttached(attaching))) return;
		await session.cancel();
		if (sessions === GRAPH_UPLOAD_SESSIONS) {
			const subject = toSubject(attaching.file);
			throw new MailError('server.unavailable', { subject, retryable: true });
		}
	}
}

async function openSession({ mailbox, draftId, file, signal }: Attaching): Promise<UploadSession> {
	const { client, account } = mailbox;
	const subject = toSubject(file);
	const path = `${client.mailbox}${graphPath`/messages/${draftId}/attachments/createUploadSession`}`;
	const body = {
		AttachmentItem: { attachmentType: 'file', ...toProperties(file), size: file.sizeBytes },
	};
	try {
		// Nothing comes of a session that nobody uses: it may be opened twice.
		const call = { method: 'POST', path, subject, body, signal, isRepeatable: true } as const;
		return new UploadSession(await client.read(call, sessionSchema), file, mailbox);
	} catch (error) {
		throw account.mailbox === undefined ? error : toSharedRefusal(error);
	}
}

/** Microsoft's known issue: large files, a mailbox of somebody else, and a sign-in as a user. */
function toSharedRefusal(error: unknown): unknown {
	const fault = faultOf(error);
	if (!isMailError(error) || fault?.status !== 403) return error;
	const { code, subject, serverReply, serverCode } = error;
	return new MailError(code, {
		title: 'Microsoft did not take a large file for this mailbox',
		subject,
		serverReply,
		serverCode,
		remedy:
			'It takes files of 3 MB and more for a shared mailbox only from a connector that signs in as an app (certificate or client secret), with the permission Mail.ReadWrite. Use such a connector, or send smaller files.',
		cause: fault,
	});
}

/** A server that takes a little of each slice, or leads back and forth, is left after so many. */
const PUTS_PER_SLICE = 4;

async function putSlices(session: UploadSession, attaching: Attaching): Promise<'done' | 'gone'> {
	const { file } = attaching;
	const most = Math.ceil(file.sizeBytes / SLICE_BYTES) * PUTS_PER_SLICE;
	let start = 0;
	for (let puts = 0; puts < most && !session.isExpired; puts++) {
		const outcome = await putSlice(session, start, attaching);
		if (typeof outcome === 'string') return outcome;
		if (outcome >= file.sizeBytes) return 'gone';
		start = outcome;
	}
	return 'gone';
}

/** Tries a slice again where the server puts it off, or where its answer is lost. */
async function putSlice(
	session: UploadSession,
	start: number,
	attaching: Attaching,
): Promise<SliceOutcome> {
	const { file, signal } = attaching;
	const slice = sliceFrom(start, file.sizeBytes);
	const isLast = slice.end === file.sizeBytes;
	for (let tries = 1; ; tries++) {
		try {
			const outcome = await session.put(slice, signal);
			if (typeof outcome === 'string' || outcome > start) return outcome;
		} catch (error) {
			if (!isMailError(error) || !error.retryable || tries === GRAPH_UPLOAD_TRIES) throw error;
			await pause(tries, attaching, error.retryAfterMs);
			if (faultOf(error)?.status === 429) continue;
			// The last slice makes the attachment: it must not be made twice.
			if (isLast && (await isAttached(attaching))) return 'done';
			const next = await session.ask(signal);
			if (next !== undefined && next !== start) return next;
			continue;
		}
		if (tries === GRAPH_UPLOAD_TRIES) return 'gone';
		await pause(tries, attaching);
	}
}

async function pause(tries: number, { file, signal }: Attaching, askedMs = 0): Promise<void> {
	const backOffMs = Math.min(GRAPH_FIRST_PAUSE_MS * 2 ** (tries - 1), GRAPH_LAST_PAUSE_MS);
	const pauseMs = Math.min(Math.max(backOffMs, askedMs), GRAPH_UPLOAD_PAUSE_MS);
	await sleep(pauseMs, toSubject(file), signal);
}
