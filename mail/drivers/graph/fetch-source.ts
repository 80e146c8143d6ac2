import { type MailboxFolder, requireKnown, toMessageCall } from './mailbox-folder';

/** The message as MIME, cut at `maxBytes`. Throws `message.missing`. */
export async function fetchSource(
	folder: MailboxFolder,
	uid: number,
	maxBytes: number,
): Promise<{ source: Buffer; truncated: boolean }> {
	const known = requireKnown(folder, uid);
	const stream = await folder.client.open(toMessageCall(folder, known, 'GET', '/$value'));
	const pieces: Buffer[] = [];
	let length = 0;
	for await (const piece of stream) {
		pieces.push(piece as Buffer);
		length += (piece as Buffer).length;
		if (length > maxBytes) break;
	}
	return {
		source: Buffer.concat(pieces).subarray(0, maxBytes),
		truncated: length > maxBytes,
	};
}
