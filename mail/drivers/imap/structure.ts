import type { MessageStructureObject } from 'imapflow';
import { NESTING_DEPTH, PARTS } from '../../limits';
import type { AttachmentInfo } from '../../message';

/** A text part of the message itself. */
export interface TextPart {
	/** What FETCH calls it. */
	readonly part: string;
	readonly charset: string;
	readonly encoding: string;
	readonly sizeBytes: number;
	/** RFC 3676; undefined where line breaks mean what they are. */
	readonly flowed?: { readonly delSp: boolean };
}

/** A stretch of the readable content, in the forms the sender gave it: one, or the alternatives of each other. */
export interface Block {
	readonly text: readonly TextPart[];
	readonly html: readonly TextPart[];
}

export interface AttachmentPart extends AttachmentInfo {
	/** What FETCH calls it: `part`, but `TEXT` where the attachment is the whole body. */
	readonly fetchPart: string;
	readonly encoding: string;
}

/** What a message consists of, read from its BODYSTRUCTURE alone (RFC 9051, section 7.5.2). */
export interface Content {
	readonly blocks: readonly Block[];
	readonly attachments: readonly AttachmentPart[];
	/** One sentence for what was left out. */
	readonly warnings: readonly string[];
}

/** Renderings of the same text for other readers; nobody misses them. */
const otherRenderings: ReadonlySet<string> = new Set([
	'text/x-amp-html',
	'text/watch-html',
	'text/enriched',
	'text/richtext',
]);

export function toContent(root: MessageStructureObject): Content {
	const state: State = { attachments: [], parts: 0, omitted: false };
	const blocks = walk(root, { depth: 0, isRoot: true, parent: '' }, state);
	return {
		blocks,
		attachments: state.attachments,
		warnings: state.omitted ? ['The e-mail has too many parts: some were left out.'] : [],
	};
}

interface State {
	readonly attachments: AttachmentPart[];
	parts: number;
	omitted: boolean;
}

interface Place {
	readonly depth: number;
	readonly isRoot: boolean;
	/** Type of the multipart around it. */
	readonly parent: string;
}

function walk(node: MessageStructureObject, place: Place, state: State): Block[] {
	if (node.type.startsWith('multipart/')) return walkMultipart(node, place, state);
	if (++state.parts > PARTS) {
		state.omitted = true;
		return [];
	}
	const isText = node.type === 'text/plain' || node.type === 'text/html';
	if (isText && !isAttached(node, place)) {
		const part = toTextPart(node, place);
		return [node.type === 'text/html' ? { text: [], html: [part] } : { text: [part], html: [] }];
	}
	// A multipart whose boundary never comes has an empty type; it holds nothing.
	const isRendering = place.parent === 'multipart/alternative' && otherRenderings.has(node.type);
	if (!isRendering) state.attachments.push(toAttachment(node, place));
	return [];
}

function walkMultipart(node: MessageStructureObject, place: Place, state: State): Block[] {
	if (place.depth >= NESTING_DEPTH) {
		state.omitted = true;
		return [];
	}
	const inner: Place = { depth: place.depth + 1, isRoot: false, parent: node.type };
	const children = (node.childNodes ?? []).map((child) => walk(child, inner, state));
	return node.type === 'multipart/alternative' ? toAlternatives(children) : children.flat();
}

/** RFC 2046, section 5.1.4: the last form is the best; text and HTML are both wanted. */
function toAlternatives(children: readonly Block[][]): Block[] {
	const texts = children.filter((blocks) => blocks.some(({ text }) => text.length > 0));
	const htmls = children.filter((blocks) => blocks.some(({ html }) => html.length > 0));
	const pureTexts = texts.filter((blocks) => blocks.every(({ html }) => html.length === 0));
	const text = (pureTexts.at(-1) ?? texts.at(-1) ?? []).flatMap((block) => block.text);
	const html = (htmls.at(-1) ?? []).flatMap((block) => block.html);
	return text.length + html.length === 0 ? [] : [{ text, html }];
}

/** A text with a file name is a file, unless the name is all that is said of a mail of one part. */
function isAttached(node: MessageStructureObject, { isRoot }: Place): boolean {
	if (node.disposition === 'attachment') return true;
	if (node.dispositionParameters?.filename !== undefined) return true;
	return !isRoot && toFileName(node) !== '';
}

function toTextPart(node: MessageStructureObject, { isRoot }: Place): TextPart {
	const parameters = node.parameters ?? {};
	return {
		part: toFetchPart(node, isRoot),
		charset: parameters.charset ?? '',
		encoding: node.encoding ?? '',
		sizeBytes: node.size ?? 0,
		flowed:
			node.type === 'text/plain' && parameters.format?.toLowerCase() === 'flowed'
				? { delSp: parameters.delsp?.toLowerCase() === 'yes' }
				: undefined,
	};
}

function toAttachment(node: MessageStructureObject, { isRoot }: Place): AttachmentPart {
	const contentId = (node.id ?? '').trim().replace(/^<|>$/g, '');
	return {
		part: node.part ?? '1',
		fetchPart: toFetchPart(node, isRoot),
		fileName: toFileName(node),
		mimeType: isMimeType(node.type) ? node.type : 'application/octet-stream',
		encodedSizeBytes: node.size ?? 0,
		encoding: node.encoding ?? '',
		contentId,
		inline: contentId !== '' && node.disposition !== 'attachment',
	};
}

/** A message of one part has no part numbers of its own; TEXT is its body for certain. */
function toFetchPart(node: MessageStructureObject, isRoot: boolean): string {
	return isRoot ? 'TEXT' : (node.part ?? '1');
}

function toFileName(node: MessageStructureObject): string {
	const name = node.dispositionParameters?.filename ?? node.parameters?.name ?? '';

	return name.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}

function isMimeType(type: string): boolean {
	return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type);
}
