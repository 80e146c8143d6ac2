import { compile } from 'html-to-text';
import { HTML_TO_TEXT_CHARACTERS } from '../../limits';

/** Elements may nest this deep, and have this many children, before the rest is left out. */
const DEPTH = 100;
const CHILD_NODES = 10_000;

/** More start tags than this in one document is no letter: converting them would block the process. */
const TAGS = 50_000;

/** Stands for what the limits left out; of the private use area, so that no mail means it. */
const OMITTED = '\ue0f7';

const line = { format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } };

const convert = compile({
	wordwrap: false,
	limits: {
		maxInputLength: HTML_TO_TEXT_CHARACTERS,
		maxDepth: DEPTH,
		maxChildNodes: CHILD_NODES,
		ellipsis: OMITTED,
	},
	formatters: {
		// Mail uses tables for layout: columns would only break the sentences in them.
		cell: (element, walk, builder) => {
			walk(element.children, builder);
			builder.addInline(' ');
		},
	},
	selectors: [
		{ selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
		{ selector: 'img', format: 'skip' },
		{ selector: 'tr', ...line },
		{ selector: 'td', format: 'cell' },
		{ selector: 'th', format: 'cell' },
		...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
			selector,
			options: { uppercase: false },
		})),
	],
});

export interface HtmlText {
	readonly text: string;
	/** One sentence where the text is not the whole of the HTML. */
	readonly warning?: string;
}

/** Readable text of an HTML body. Never throws and ends within a second, whatever the sender wrote. */
export function htmlToText(html: string): HtmlText {
	if (html.length > HTML_TO_TEXT_CHARACTERS) {
		return { text: '', warning: 'The HTML is too long to be turned into text.' };
	}
	if (countTags(html) > TAGS) {
		return { text: '', warning: 'The HTML has too many elements to be turned into text.' };
	}
	try {
		const text = convert(html);
		if (!text.includes(OMITTED)) return { text: text.trim() };
		return text.replaceAll(OMITTED, '').trim() === ''
			? withoutLayout(html)
			: {
					text: text.replaceAll(OMITTED, '…').trim(),
					warning: 'The HTML nests too deeply: parts of it are missing in the text.',
				};
	} catch {
		// The parser recurses over open elements and may run out of stack.
		return withoutLayout(html);
	}
}

function withoutLayout(html: string): HtmlText {
	return {
		text: stripTags(html),
		warning: 'The HTML nests too deeply: its text was taken without layout.',
	};
}

function countTags(html: string): number {
	let count = 0;
	for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) count++;
	return count;
}

const entities: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
};

const silent = /^<(script|style|title)\b/i;

/** The words between the tags, one line per run of them. Linear in the length of the input. */
function stripTags(html: string): string {
	const lines: string[] = [];
	let skipped: string | undefined;
	for (const piece of html.split(/(<[^<>]*>)/)) {
		if (skipped !== undefined) {
			if (piece.toLowerCase().startsWith(`</${skipped}`)) skipped = undefined;
		} else if (piece.startsWith('<') && piece.endsWith('>')) {
			skipped = silent.exec(piece)?.[1]?.toLowerCase();
		} else if (piece.trim() !== '') {
			lines.push(piece.trim());
		}
	}
	return lines
		.join('\n')
		.replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => entities[name] ?? '');
}
