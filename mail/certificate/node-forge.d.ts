/** The part of node-forge 1 that is used: its ASN.1 reader and RC2. It brings no types of its own. */
declare module 'node-forge/lib/asn1' {
	export interface Asn1 {
		readonly tagClass: number;
		readonly type: number;
		readonly constructed: boolean;
		/** Bytes as a string of characters 0 to 255, or the parts of a constructed value. */
		readonly value: string | readonly Asn1[];
	}

	export function fromDer(
		bytes: string,
		options: { strict: boolean; parseAllBytes: boolean; decodeBitStrings: boolean },
	): Asn1;
	export function toDer(value: Asn1): { getBytes(): string };
	export function derToOid(bytes: string): string;
}

declare module 'node-forge/lib/rc2' {
	export interface Buffer {
		getBytes(): string;
	}

	export interface Cipher {
		readonly output: Buffer;
		start(iv: string): void;
		update(input: Buffer): void;
		/** False where the padding is wrong. */
		finish(): boolean;
	}

	export function createDecryptionCipher(key: string, effectiveKeyBits: number): Cipher;
}

declare module 'node-forge/lib/util' {
	import type { Buffer } from 'node-forge/lib/rc2';

	export function createBuffer(bytes: string): Buffer;
}
