import type { ImapFlow } from 'imapflow';
import { MailError } from '../../errors';
import { PART_CHUNK_BYTES } from './fetch-parts';
import { fetchRows } from './fetch-rows';

/** Raw source of a message, cut at `maxBytes`. Throws `message.missing`. */
export async function fetchSource(
	client: ImapFlow,
	uid: number,
	maxBytes: number,
): Promise<{ source: Buffer; truncated: boolean }> {
	const chunks: Buffer[] = [];
	let length = 0;
	let sizeBytes = 0;
	for (;;) {
		// One byte more than allowed tells that there is more, whatever size the server claims.
		const maxLength = Math.min(PART_CHUNK_BYTES, maxBytes + 1 - length);
		const query = { size: true, source: { start: length, maxLength } };
		const { rows, errors } = await fetchRows(client, [uid], query);
		const error = errors.get(uid);
		if (error !== undefined) throw error;
		const row = rows.get(uid);
		if (row === undefined) throw new MailError('message.missing', { subject: `UID ${uid}` });
		const chunk = row.source ?? Buffer.alloc(0);
		chunks.push(chunk);
		length += chunk.length;
		sizeBytes = row.size ?? 0;
		if (chunk.length < maxLength || length > maxBytes) break;
	}
	return {
		source: Buffer.concat(chunks).subarray(0, maxBytes),
		truncated: length > maxBytes || sizeBytes > Math.max(length, maxBytes),
	};
}
