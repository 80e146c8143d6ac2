import { HEADER_BYTES } from '../../limits';
import type { ListedMessage } from './listing';
import type { Snapshot } from './maildrop';

/** The header of a mail; undefined where the server refuses it. */
export interface ListedHeader {
	readonly uid: number;
	readonly header: Buffer | undefined;
}

/** The headers of mails without their bodies (TOP), one after the other: none is kept. */
export async function* readHeaders(
	{ connection }: Snapshot,
	messages: readonly ListedMessage[],
): AsyncGenerator<ListedHeader> {
	const commands = messages.map(({ position }) => `TOP ${position} 0`);
	let index = 0;
	for await (const answer of connection.beginnings(commands, 'TOP', HEADER_BYTES)) {
		const uid = messages[index++]?.uid ?? 0;
		yield { uid, header: 'bytes' in answer ? answer.bytes : undefined };
	}
}
