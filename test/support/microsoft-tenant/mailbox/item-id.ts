import { randomBytes } from 'node:crypto';

/**
 * Makes ids as nasty as they may be: with `/`, `+` and `=`, which must be percent-encoded in a path, and every second
 * one differs from the one before in upper and lower case alone.
 */
export class ItemIds {
	private lastRandom: string | undefined;

	/** `prefix`: `AAMk` for the plain form, `AAkA` for the immutable one, `AQMk` for folders. */
	next(prefix: string): string {
		const random = this.lastRandom === undefined ? fresh() : swapCase(this.lastRandom);
		this.lastRandom = this.lastRandom === undefined ? random : undefined;
		return `${prefix}${random}=`;
	}
}

function fresh(): string {
	const text = randomBytes(24).toString('base64').replaceAll('=', '');
	return `${text.slice(0, 8)}/a+${text.slice(8)}`;
}

function swapCase(text: string): string {
	return [...text]
		.map((each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase()))
		.join('');
}
