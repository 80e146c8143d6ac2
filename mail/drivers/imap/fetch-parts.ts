import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { BATCH_BYTES } from '../../limits';
import { MailError } from '../../errors';
import type { PartBytes } from '../mime/body';
import { fetchRows } from './fetch-rows';

/** Parts are asked for in pieces of this size, in bytes: a bound for what one answer holds in memory. */
export const PART_CHUNK_BYTES = 1024 * 1024;

export interface WantedPart {
	/** What FETCH calls it: `1.2`, `TEXT`. */
	readonly part: string;
	/** As BODYSTRUCTURE tells; an estimate, servers err. */
	readonly sizeBytes: number;
	/** No more than this is fetched. */
	readonly limitBytes: number;
}

export interface WantedMessage {
	readonly uid: number;
	readonly parts: readonly WantedPart[];
}

export interface FetchedParts {
	readonly parts: ReadonlyMap<number, PartBytes>;
	readonly errors: ReadonlyMap<number, MailError>;
}

/**
 * Fetches the wanted parts, and nothing else, of several messages. Messages whose part numbers are the same share a
 * command: mail of one kind looks alike, so that a batch takes a few.
 */
export async function fetchParts(
	client: ImapFlow,
	messages: readonly WantedMessage[],
): Promise<FetchedParts> {
	const parts = new Map<number, PartBytes>();
	const errors = new Map<number, MailError>();
	for (const group of toGroups(messages)) {
		const [example] = group;
		if (example === undefined) continue;
		const bodyParts = example.parts.map((wanted) => ({
			key: wanted.part,
			start: 0,
			maxLength: toFirstBytes(wanted),
		}));
		const fetched = await fetchRows(
			client,
			group.map(({ uid }) => uid),
			bodyParts.length === 0 ? { size: true } : { bodyParts },
		);
		for (const [uid, error] of fetched.errors) errors.set(uid, error);
		for (const message of group) {
			const row = fetched.rows.get(message.uid);
			if (row !== undefined) parts.set(message.uid, await complete(client, message, row));
		}
	}
	return { parts, errors };
}

function toFirstBytes({ limitBytes }: WantedPart): number {
	return Math.min(limitBytes, PART_CHUNK_BYTES);
}

/** Messages of which the same is asked, as many as fit into a batch. */
function toGroups(messages: readonly WantedMessage[]): WantedMessage[][] {
	const groups: WantedMessage[][] = [];
	const open = new Map<string, { group: WantedMessage[]; bytes: number }>();
	for (const message of messages) {
		const key = message.parts.map((part) => `${part.part} ${toFirstBytes(part)}`).join(' ');
		const bytes = message.parts.reduce(
			(sum, part) => sum + Math.min(part.sizeBytes, toFirstBytes(part)),
			0,
		);
		const current = open.get(key);
		if (current !== undefined && current.bytes + bytes <= BATCH_BYTES) {
			current.group.push(message);
			current.bytes += bytes;
			continue;
		}
		const group = [message];
		groups.push(group);
		open.set(key, { group, bytes });
	}
	return groups;
}

async function complete(
	client: ImapFlow,
	message: WantedMessage,
	row: FetchMessageObject,
): Promise<PartBytes> {
	const parts = new Map<string, Buffer>();
	for (const wanted of message.parts) {
		const first = toBytes(row, wanted.part);
		if (first === undefined) continue;
		const chunks = [first];
		let length = first.length;
		let last = first.length;
		while (last >= PART_CHUNK_BYTES && length < wanted.limitBytes) {
			const query = {
				bodyParts: [{ key: wanted.part, start: length, maxLength: PART_CHUNK_BYTES }],
			};
			const { rows } = await fetchRows(client, [message.uid], query);
			const next = rows.get(message.uid);
			const chunk = next === undefined ? undefined : toBytes(next, wanted.part);
			if (chunk === undefined) break;
			chunks.push(chunk);
			last = chunk.length;
			length += last;
		}
		const whole = chunks.length === 1 ? first : Buffer.concat(chunks);
		parts.set(wanted.part, whole.subarray(0, wanted.limitBytes));
	}
	return parts;
}

/** At most `maxLength` bytes of a part from `start` on, none behind its end. Throws `message.missing` and `message.unreadable`. */
export async function fetchPartPiece(
	client: ImapFlow,
	uid: number,
	part: string,
	start: number,
	maxLength: number,
): Promise<Buffer> {
	const query = { bodyParts: [{ key: part, start, maxLength }] };
	const { rows, errors } = await fetchRows(client, [uid], query);
	const error = errors.get(uid);
	if (error !== undefined) throw error;
	const row = rows.get(uid);
	const piece = row === undefined ? undefined : toBytes(row, part);
	if (piece === undefined) throw new MailError('message.missing', { subject: `UID ${uid}` });
	return piece;
}

/** imapflow keeps NIL, an empty part, as a value that is no buffer. */
function toBytes(row: FetchMessageObject, part: string): Buffer | undefined {
	const key = part.toLowerCase();
	if (row.bodyParts?.has(key) !== true) return undefined;
	const value: unknown = row.bodyParts.get(key);
	return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}
