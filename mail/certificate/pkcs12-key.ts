import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { WorkBudget } from './work-budget';

/** What a key is for (RFC 7292, appendix B.3). */
export const KeyPurpose = { encryption: 1, initialisation: 2, integrity: 3 } as const;

export interface KeyRequest {
	/** Node's name: `sha1`, `sha256`, … */
	readonly hash: string;
	readonly purpose: (typeof KeyPurpose)[keyof typeof KeyPurpose];
	/** See `toPkcs12Password`. */
	readonly password: Buffer;
	readonly salt: Buffer;
	readonly rounds: number;
	readonly lengthBytes: number;
}

/** Rounds after which others get a turn: some 10 ms. */
const ROUNDS_AT_A_TIME = 8_000;

/** UTF-16, most significant byte first, with a zero at the end (RFC 7292, appendix B.1). */
export function toPkcs12Password(password: string): Buffer {
	return Buffer.from(`${password}\0`, 'utf16le').swap16();
}

/** The key derivation of PKCS#12 (RFC 7292, appendix B.2); Node has none. */
export async function deriveKey(request: KeyRequest, budget: WorkBudget): Promise<Buffer> {
	const { hash, purpose, password, salt, rounds, lengthBytes } = request;
	// SHA-384 and SHA-512 work on blocks of 128 bytes, the others on 64.
	const block = /sha(384|512)/.test(hash) ? 128 : 64;
	const diversifier = Buffer.alloc(block, purpose);
	let seed = Buffer.concat([stretch(salt, block), stretch(password, block)]);
	const pieces: Buffer[] = [];
	for (let length = 0; length < lengthBytes; length += pieces.at(-1)?.length ?? lengthBytes) {
		budget.spend(rounds);
		const piece = await hashAgain(hash, Buffer.concat([diversifier, seed]), rounds);
		pieces.push(piece);
		seed = advance(seed, piece, block);
	}
	return Buffer.concat(pieces).subarray(0, lengthBytes);
}

async function hashAgain(hash: string, start: Buffer, rounds: number): Promise<Buffer> {
	let value = start;
	for (let round = 1; round <= rounds; round++) {
		value = createHash(hash).update(value).digest();
		if (round % ROUNDS_AT_A_TIME === 0) await setImmediate();
	}
	return value;
}

/** Repeated until it fills whole blocks. */
function stretch(bytes: Buffer, block: number): Buffer {
	return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Step 6 C: each block of the seed plus the piece plus 1, as numbers. */
function advance(seed: Buffer, piece: Buffer, block: number): Buffer<ArrayBuffer> {
	const added = Buffer.alloc(block, piece);
	const next = Buffer.from(seed);
	for (let start = 0; start < next.length; start += block) {
		let carry = 1;
		for (let index = block - 1; index >= 0; index--) {
			carry += (next[start + index] ?? 0) + (added[index] ?? 0);
			next[start + index] = carry & 0xff;
			carry >>= 8;
		}
	}
	return next;
}
