import { MailError } from '../../mail/errors';
import { toExcerpt } from '../../mail/excerpt';

/** RFC 9051, section 9: a keyword is an atom. A backslash would make it a flag of the system. */
const ATOM = /^[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+$/;

/** Reads a list of labels, separated by commas. Throws `settings.invalid`. */
export function readKeywords(value: unknown, place: string): string[] {
	const given = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
	const keywords = given.map((keyword) => String(keyword).trim()).filter(Boolean);
	if (keywords.length === 0) {
		throw new MailError('settings.invalid', { subject: `${place}: there is none` });
	}
	return keywords.map((keyword) => checkKeyword(keyword, place));
}

export function checkKeyword(keyword: string, place: string): string {
	if (ATOM.test(keyword)) return keyword;
	throw new MailError('settings.invalid', {
		subject: `${place}: ${toExcerpt(keyword)} cannot be a label`,
		remedy: 'Use letters without accents, digits, “-” and “_”, and no blanks: “Order-checked”.',
	});
}
