import { decodeHTML, decodeHTMLAttribute } from 'entities';
import { Tokenizer } from 'htmlparser2';
import { HTML_TO_TEXT_CHARACTERS } from '../../limits';
import { TextLayout } from './text-layout';

export interface HtmlText {
	readonly text: string;
	/** One sentence where the text is not the whole of the HTML. */
	readonly warning?: string;
}

/** Line ends that stand before and after an element; all others run on in the line. */
const BLOCKS: ReadonlyMap<string, number> = new Map([
	...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'blockquote', 'pre'].map(
		(name) => [name, 2] as const,
	),
	...[
		'address',
		'article',
		'aside',
		'center',
		'dd',
		'div',
		'dl',
		'dt',
		'fieldset',
		'figcaption',
	].map((name) => [name, 1] as const),
	...['figure', 'footer', 'form', 'header', 'li', 'main', 'nav', 'section', 'table', 'tr'].map(
		(name) => [name, 1] as const,
	),
]);

/** What stands in these is not for the reader. */
const SILENT: ReadonlySet<string> = new Set(['script', 'style', 'title', 'template']);

const RULE = '-'.repeat(40);

/**
 * Readable text of an HTML body. Never throws, and takes time in proportion to the length, whatever the sender wrote:
 * a tokenizer reads it once, and no tree is built.
 */
export function htmlToText(html: string): HtmlText {
	if (html.length > HTML_TO_TEXT_CHARACTERS) {
		return { text: '', warning: 'The HTML is too long to be turned into text.' };
	}
	return { text: new Reader(html).read() };
}

/** The elements that are open as far as the text depends on them. */
class Reader {
	readonly #layout = new TextLayout();
	#silentIn: string | undefined;
	#preformatted = 0;
	#tag = '';
	#attribute = '';
	/** Of the tag that is being read. */
	#href = '';
	/** The link that is open, and what its text has been so far. */
	#link: { readonly href: string; text: string } | undefined;

	constructor(private readonly html: string) {}

	read(): string {
		const nothing = () => undefined;
		const tokenizer = new Tokenizer(
			// It decodes character by character; whole stretches are faster.
			{ decodeEntities: false },
			{
				ontext: (start, end) => {
					this.#addText(this.html.slice(start, end));
				},
				ontextentity: nothing,
				oncdata: (start, end, offset) => {
					this.#addText(this.html.slice(start, end - offset));
				},
				onopentagname: (start, end) => {
					this.#tag = this.html.slice(start, end).toLowerCase();
					this.#href = '';
				},
				onattribname: (start, end) => {
					this.#attribute = this.#tag === 'a' ? this.html.slice(start, end).toLowerCase() : '';
				},
				onattribdata: (start, end) => {
					if (this.#attribute === 'href') this.#href += this.html.slice(start, end);
				},
				onattribentity: nothing,
				onattribend: nothing,
				onopentagend: () => {
					this.#open(this.#tag);
				},
				onselfclosingtag: () => {
					this.#open(this.#tag);
				},
				onclosetag: (start, end) => {
					this.#close(this.html.slice(start, end).toLowerCase());
				},
				oncomment: nothing,
				ondeclaration: nothing,
				onprocessinginstruction: nothing,
				onend: nothing,
			},
		);
		tokenizer.write(this.html);
		tokenizer.end();
		this.#endLink();
		return this.#layout.toString();
	}

	#addText(encoded: string): void {
		if (this.#silentIn !== undefined) return;
		const text = encoded.includes('&') ? decodeHTML(encoded) : encoded;
		if (this.#link !== undefined) this.#link.text += text;
		if (this.#preformatted > 0) this.#layout.addPreformatted(text);
		else this.#layout.addText(text);
	}

	#open(tag: string): void {
		if (this.#silentIn !== undefined) return;
		const layout = this.#layout;
		layout.separate(BLOCKS.get(tag) ?? 0);
		switch (tag) {
			case 'a':
				this.#endLink();
				this.#link = { href: decodeHTMLAttribute(this.#href).trim(), text: '' };
				break;
			case 'blockquote':
				layout.beginQuote();
				break;
			case 'br':
				layout.breakLine();
				break;
			case 'hr':
				layout.separate(1);
				layout.addText(RULE);
				layout.separate(1);
				break;
			case 'li':
				layout.beginItem();
				break;
			case 'ol':
			case 'ul':
				layout.separate(layout.listDepth === 0 ? 2 : 1);
				layout.beginList(tag === 'ol');
				break;
			case 'pre':
				this.#preformatted++;
				break;
			default:
				if (SILENT.has(tag)) this.#silentIn = tag;
		}
	}

	#close(tag: string): void {
		if (this.#silentIn !== undefined) {
			if (tag === this.#silentIn) this.#silentIn = undefined;
			return;
		}
		const layout = this.#layout;
		switch (tag) {
			case 'a':
				this.#endLink();
				break;
			case 'blockquote':
				layout.endQuote();
				break;
			case 'ol':
			case 'ul':
				layout.endList();
				layout.separate(layout.listDepth === 0 ? 2 : 1);
				break;
			case 'pre':
				this.#preformatted = Math.max(0, this.#preformatted - 1);
				break;
			case 'td':
			case 'th':
				// Mail uses tables for layout: columns would only break the sentences in them.
				layout.addSpace();
				break;
		}
		layout.separate(BLOCKS.get(tag) ?? 0);
	}

	/** The address behind the text of a link, unless it is that text. */
	#endLink(): void {
		if (this.#link === undefined) return;
		const address = toAddress(this.#link.href);
		const text = this.#link.text.trim();
		this.#link = undefined;
		if (address === undefined || address === text) return;
		this.#layout.addText(`${text === '' ? '' : ' '}[${address}]`);
	}
}

/** What a reader could follow: no anchors, no scripts, no parts of the mail. */
function toAddress(href: string): string | undefined {
	if (/^mailto:/i.test(href)) return href.slice('mailto:'.length);
	return /^(https?|ftp|tel):/i.test(href) ? href : undefined;
}
