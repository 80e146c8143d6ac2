import { Readable } from 'node:stream';
import { MailError } from '../../errors';
import type { Leave } from './gate';

/** What waits for an answer to be read to its end, or given up. */
const holds = new WeakMap<Response, Leave>();

export function holdUntilFinished(response: Response, leave: Leave): void {
	holds.set(response, leave);
}

/** Nothing more is read of the answer. Never throws. */
export function finish(response: Response): void {
	// A connection that breaks here had nothing more to say; and nobody waits for it.
	if (!response.bodyUsed) response.body?.cancel().catch(() => undefined);
	holds.get(response)?.();
}

/**
 * The whole body. Throws `limit.exceeded` beyond the limit, `connection.timeout` when the time is over.
 *
 * @param cut the rest beyond the limit is of no interest
 */
export async function readText(
	response: Response,
	subject: string,
	{ limitBytes, timeoutMs, cut }: { limitBytes: number; timeoutMs: number; cut?: boolean },
): Promise<string> {
	const body = openBody(response);
	const timer = setTimeout(() => {
		body.destroy(new MailError('connection.timeout', { subject, retryable: true }));
	}, timeoutMs);
	const pieces: Buffer[] = [];
	let length = 0;
	try {
		for await (const piece of body) {
			pieces.push(piece as Buffer);
			length += (piece as Buffer).length;
			if (length <= limitBytes) continue;
			if (cut === true) break;
			throw new MailError('limit.exceeded', { subject, serverReply: 'the answer is too large' });
		}
	} catch (cause) {
		if (cause instanceof MailError) throw cause;
		throw new MailError('connection.lost', { subject, retryable: true, cause });
	} finally {
		clearTimeout(timer);
		body.destroy();
	}
	return Buffer.concat(pieces).toString('utf8', 0, limitBytes);
}

/** The body as a stream of bytes; the request counts as under way until it has ended or was destroyed. */
export function openBody(response: Response): Readable {
	const leave = holds.get(response);
	const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
	return body.once('close', () => leave?.());
}
