import { MailError } from '../errors';
import { toExcerpt } from '../excerpt';

/** What a text may name of the mail that it answers. */
export type PlaceholderName =
	'subject' | 'senderName' | 'senderAddress' | 'date' | 'route' | 'company' | 'reference';

export type PlaceholderValues = Readonly<Record<PlaceholderName, string>>;

export const placeholderNames: readonly PlaceholderName[] = [
	'company',
	'date',
	'reference',
	'route',
	'senderAddress',
	'senderName',
	'subject',
];

/** Longest value that a stranger's mail puts into the answer, in characters. */
const VALUE_CHARACTERS = 500;

export interface Template {
	/** One line: for a subject. */
	toLine(values: PlaceholderValues): string;
	toText(values: PlaceholderValues): string;
	/** Values are escaped: what a stranger wrote is text, not HTML. */
	toHtml(values: PlaceholderValues): string;
}

/**
 * Text with placeholders such as `{subject}`. Throws `settings.invalid` for one that does not exist, so that it is seen
 * when the workflow is activated and not by a customer. A brace that begins no placeholder stays as it is.
 *
 * @param place where the user finds the text, as in `route "Orders", subject of the acknowledgement`
 */
export function createTemplate(template: string, place: string): Template {
	const parts = template.split(/(\{[a-z]+\})/i);
	for (const part of parts) {
		const name = toName(part);
		if (name === undefined || isPlaceholder(name)) continue;
		throw new MailError('settings.invalid', {
			subject: `${place}: ${toExcerpt(part)} is no placeholder`,
			remedy: `Placeholders are ${placeholderNames.map((known) => `{${known}}`).join(', ')}.`,
		});
	}
	const fill = (values: PlaceholderValues, toShown: (value: string) => string) =>
		parts
			.map((part) => {
				const name = toName(part);
				if (name === undefined || !isPlaceholder(name)) return part;
				return toShown(values[name].slice(0, VALUE_CHARACTERS));
			})
			.join('');
	return {
		toLine: (values) => oneLine(fill(values, (value) => value)),
		toText: (values) => fill(values, oneLine),
		toHtml: (values) => fill(values, (value) => escapeHtml(oneLine(value))),
	};
}

function toName(part: string): string | undefined {
	return /^\{([a-z]+)\}$/i.exec(part)?.[1];
}

function isPlaceholder(name: string): name is PlaceholderName {
	return placeholderNames.some((known) => known === name);
}

/** Nothing of a mail may begin a new header, or a paragraph that looks like ours. */
function oneLine(value: string): string {
	return value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function escapeHtml(text: string): string {
	return text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;');
}
