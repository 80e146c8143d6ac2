import { MailError } from '../errors';
import { toExcerpt } from '../excerpt';
import { HEADER_LINE_CHARACTERS } from '../limits';

export interface CustomHeader {
	readonly name: string;
	readonly value: string;
}

/** RFC 5322, section 3.6.8: printable ASCII without the colon. */
const FIELD_NAME = /^[\x21-\x39\x3b-\x7e]+$/;

/** Written by the composer or by servers on the way; a second one would contradict them. */
const OWNED_NAMES = new Set([
	'from',
	'sender',
	'to',
	'cc',
	'bcc',
	'reply-to',
	'subject',
	'date',
	'message-id',
	'in-reply-to',
	'references',
	'mime-version',
	'importance',
	'x-priority',
	'x-msmail-priority',
	'return-path',
	'received',
	'delivered-to',
	'authentication-results',
	'dkim-signature',
]);
const OWNED_PREFIXES = ['content-', 'resent-', 'arc-'];

/**
 * Throws `message.invalid` for a name or a value that must not stand in a header.
 *
 * @param others headers that the message has already
 */
export function checkCustomHeader(
	{ name, value }: CustomHeader,
	others: readonly CustomHeader[] = [],
): void {
	if (!FIELD_NAME.test(name)) {
		throw refuse(
			`Header name ${toExcerpt(name)}`,
			'Use letters, digits and hyphens, such as X-Ticket.',
		);
	}
	const lowerCase = name.toLowerCase();
	if (
		OWNED_NAMES.has(lowerCase) ||
		OWNED_PREFIXES.some((prefix) => lowerCase.startsWith(prefix)) ||
		others.some((other) => other.name.toLowerCase() === lowerCase)
	) {
		throw refuse(`Header ${name}`, 'This header is written by the node: use its own field for it.');
	}
	if (value.trim() === '') throw refuse(`Header ${name}`, 'Give the header a value, or remove it.');
	checkHeaderText(`Header ${name}`, value);
}

/** Throws `message.invalid` for text that would not fit on the lines of one header (RFC 5322, section 2.1.1). */
export function checkHeaderText(field: string, value: string): void {
	if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
		throw refuse(`${field}: ${toExcerpt(value)}`, 'Remove line breaks and control characters.');
	}
	// Lines are folded at white space only.
	const longest = Math.max(...value.split(/\s/).map((word) => word.length));
	if (longest > HEADER_LINE_CHARACTERS - field.length) {
		throw refuse(`${field}: ${toExcerpt(value)}`, 'It has a word of almost a thousand characters.');
	}
}

function refuse(subject: string, remedy: string): MailError {
	return new MailError('message.invalid', { subject, remedy });
}
