import { NESTING_DEPTH, PARTS } from '../../limits';
import type { AttachmentInfo } from '../../message';

/** What BODYSTRUCTURE tells of a part (RFC 9051, section 7.5.2); imapflow's `MessageStructureObject` is one. */
export interface PartNode {
	/** Part number, `1.2`; absent at the root. */
	readonly part?: string;
	/** Lower case. */
	readonly type: string;
	/** Decoded, lower-case names. */
	readonly parameters?: Readonly<Record<string, string>>;
	readonly disposition?: string;
	readonly dispositionParameters?: Readonly<Record<string, string>>;
	/** Content-ID with its angle brackets. */
	readonly id?: string;
	/** Lower case. */
	readonly encoding?: string;
	/** In bytes, as transferred. */
	readonly size?: number;
	readonly childNodes?: readonly PartNode[];
}

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

/** Without what only the reading of the part needs. */
export function toAttachmentInfo(attachment: AttachmentPart): AttachmentInfo {
	const { part, fileName, mimeType, encodedSizeBytes, contentId, inline } = attachment;
	return { part, fileName, mimeType, encodedSizeBytes, contentId, inline };
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

/** @param omitted whether there are parts that the tree does not hold */
export function toContent(root: PartNode, omitted = false): Content {
	const state: State = { attachments: [], parts: 0, omitted };
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

function walk(node: PartNode, place: Place, state: State): Block[] {
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

function walkMultipart(node: PartNode, place: Place, state: State): Block[] {
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
function isAttached(node: PartNode, { isRoot }: Place): boolean {
	if (node.disposition === 'attachment') return true;
	if (node.dispositionParameters?.filename !== undefined) return true;
	return !isRoot && toFileName(node) !== '';
}

function toTextPart(node: PartNode, { isRoot }: Place): TextPart {
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

function toAttachment(node: PartNode, { isRoot }: Place): AttachmentPart {
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
function toFetchPart(node: PartNode, isRoot: boolean): string {
	return isRoot ? 'TEXT' : (node.part ?? '1');
}

function toFileName(node: PartNode): string {
	const name = node.dispositionParameters?.filename ?? node.parameters?.name ?? '';

	return name.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}

function isMimeType(type: string): boolean {
	return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type);
}
