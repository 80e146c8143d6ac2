import { BODY_CHARACTERS } from '../../limits';
import type { MessageBody } from '../../message';
import { htmlToText } from '../mime/html-to-text';
import type { ReadAttachments } from './attachment-content';
import type { ShelvedMessage } from './message-shelf';

/** Graph keeps one form of the text: where it is HTML, the text is made from it. */
export function toMessageBody(
	{ isHtml, content, links }: ShelvedMessage,
	{ contents, partTexts, warnings }: ReadAttachments,
	isTextWanted = true,
): MessageBody {
	const said = new Set([...links.map(toLinkWarning), ...warnings]);
	const rest = { attachments: contents, partTexts };
	if (!isTextWanted) return { text: '', html: '', ...rest, warnings: [...said] };
	// NUL is in no text, and databases refuse it.
	const lines = content.replace(/\r\n?/g, '\n').replaceAll('\0', '');
	if (!isHtml) return { text: cut(lines, 'text', said), html: '', ...rest, warnings: [...said] };
	const made = htmlToText(lines);
	if (made.warning !== undefined) said.add(made.warning);
	return {
		text: cut(made.text, 'text', said),
		html: cut(lines, 'HTML', said),
		...rest,
		warnings: [...said],
	};
}

const NAME_CHARACTERS = 80;

function toLinkWarning(name: string): string {
	const printable = name.replace(/[\u0000-\u001f\u007f"]+/g, ' ').slice(0, NAME_CHARACTERS);
	return `"${printable}" is a link to a file in the cloud: it is not fetched.`;
}

function cut(text: string, what: string, warnings: Set<string>): string {
	if (text.length <= BODY_CHARACTERS) return text;
	warnings.add(`The ${what} is too long: only its beginning was taken.`);
	return text.slice(0, BODY_CHARACTERS);
}
