import { BODY_CHARACTERS } from '../../limits';
import type { AttachmentContent, MessageBody } from '../../message';
import type { BodyRequest } from '../../ports';
import { decodeText } from './charset';
import { unwrapFlowed } from './flowed-text';
import { htmlToText } from './html-to-text';
import { toPartTexts } from './part-text';
import type { AttachmentPart, Block, Content, TextPart } from './structure';
import { decodeTransfer, isKnownTransferEncoding } from './transfer-encoding';

/** The parts as transferred, still encoded, by what FETCH calls them; a part that the server did not give is missing. */
export type PartBytes = ReadonlyMap<string, Buffer>;

/** Puts a body together from the parts that were fetched. */
export function toMessageBody(content: Content, want: BodyRequest, bytes: PartBytes): MessageBody {
	const warnings = new Set(content.warnings);
	const blocks = want.text === false ? [] : content.blocks;
	const decoded = blocks.map((block) => decodeBlock(block, bytes, warnings));
	const asked = new Set(want.attachments.map(({ part }) => part));
	return {
		text: cut(joinText(decoded, warnings), 'text', warnings),
		html: cut(joinHtml(decoded), 'HTML', warnings),
		attachments: content.attachments
			.filter(({ part }) => asked.has(part))
			.flatMap((attachment) => toAttachmentContent(attachment, bytes, warnings)),
		partTexts: toPartTexts(content, want.partTexts ?? [], bytes),
		warnings: [...warnings],
	};
}

interface DecodedBlock {
	readonly text: string | undefined;
	readonly html: string | undefined;
}

function decodeBlock(block: Block, bytes: PartBytes, warnings: Set<string>): DecodedBlock {
	const decode = (parts: readonly TextPart[]) =>
		parts.length === 0
			? undefined
			: parts.map((part) => decodePart(part, bytes, warnings)).join('\n');
	return { text: decode(block.text), html: decode(block.html) };
}

function decodePart(part: TextPart, bytes: PartBytes, warnings: Set<string>): string {
	const raw = bytes.get(part.part);
	if (raw === undefined) {
		warnings.add('The server did not give a part of the text.');
		return '';
	}
	checkEncoding(part.encoding, warnings);
	const { text, unknownCharset } = decodeText(decodeTransfer(raw, part.encoding), part.charset);
	if (unknownCharset !== undefined) {
		warnings.add(`The character set "${printable(unknownCharset)}" is unknown: it was guessed.`);
	}
	// NUL is in no text, and databases refuse it.
	const lines = text.replace(/\r\n?/g, '\n').replaceAll('\0', '');
	return part.flowed === undefined ? lines : unwrapFlowed(lines, part.flowed.delSp);
}

/** Every stretch as text; made from the HTML only where the sender gave none. */
function joinText(blocks: readonly DecodedBlock[], warnings: Set<string>): string {
	return blocks
		.map(({ text, html }) => {
			if (text !== undefined && (text.trim() !== '' || html === undefined)) return text;
			const made = htmlToText(html ?? '');
			if (made.warning !== undefined) warnings.add(made.warning);
			return made.text;
		})
		.filter((text) => text !== '')
		.join('\n');
}

/** Every stretch as HTML, if there is HTML at all; plain text in between keeps its lines. */
function joinHtml(blocks: readonly DecodedBlock[]): string {
	if (blocks.every(({ html }) => html === undefined)) return '';
	return blocks.map(({ text, html }) => html ?? `<pre>${escapeHtml(text ?? '')}</pre>`).join('\n');
}

function escapeHtml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function cut(text: string, what: string, warnings: Set<string>): string {
	if (text.length <= BODY_CHARACTERS) return text;
	warnings.add(`The ${what} is too long: only its beginning was taken.`);
	return text.slice(0, BODY_CHARACTERS);
}

function toAttachmentContent(
	attachment: AttachmentPart,
	bytes: PartBytes,
	warnings: Set<string>,
): AttachmentContent[] {
	const { fetchPart, encoding, ...info } = attachment;
	const raw = bytes.get(fetchPart);
	if (raw === undefined) {
		warnings.add(`The server did not give the attachment "${printable(info.fileName)}".`);
		return [];
	}
	checkEncoding(encoding, warnings);
	return [{ ...info, content: decodeTransfer(raw, encoding) }];
}

function checkEncoding(encoding: string, warnings: Set<string>): void {
	if (isKnownTransferEncoding(encoding)) return;
	warnings.add(
		`The transfer encoding "${printable(encoding)}" is unknown: the bytes are as they came.`,
	);
}

const QUOTED_CHARACTERS = 80;

function printable(text: string): string {
	return text.replace(/[\u0000-\u001f\u007f"]+/g, ' ').slice(0, QUOTED_CHARACTERS);
}
