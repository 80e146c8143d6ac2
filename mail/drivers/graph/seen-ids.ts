import { createHash } from 'node:crypto';
import { GRAPH_SEEN_IDS } from '../../limits';

/** 48 bits: among some thousand ids of one mailbox no two are alike. */
const CHARACTERS = 8;

/** Which messages were seen, by digests of their ids: the newest `GRAPH_SEEN_IDS`. */
export class SeenIds {
	readonly #digests: Set<string>;
	#hasForgotten: boolean;
	#text: string | undefined;

	/** @param text what `toText` gave */
	constructor(text = '', hasForgotten = false) {
		this.#digests = new Set(text.match(/[\w-]{8}/g) ?? []);
		this.#hasForgotten = hasForgotten;
	}

	/** Whether ids were dropped: a message that is not here may then have been seen all the same. */
	get hasForgotten(): boolean {
		return this.#hasForgotten;
	}

	has(id: string): boolean {
		return this.#digests.has(toDigest(id));
	}

	add(id: string): void {
		const digest = toDigest(id);
		// The one seen last is forgotten last.
		this.#digests.delete(digest);
		this.#digests.add(digest);
		this.#text = undefined;
		if (this.#digests.size <= GRAPH_SEEN_IDS) return;
		const [oldest = ''] = this.#digests;
		this.#digests.delete(oldest);
		this.#hasForgotten = true;
	}

	/** As if it had never been here. */
	remove(id: string): void {
		if (this.#digests.delete(toDigest(id))) this.#text = undefined;
	}

	toText(): string {
		this.#text ??= [...this.#digests].join('');
		return this.#text;
	}
}

function toDigest(id: string): string {
	return createHash('sha256').update(id).digest('base64url').slice(0, CHARACTERS);
}
