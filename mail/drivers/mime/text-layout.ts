/** Quotes and lists beyond this depth are not indented further: a sender could make lines of any length. */
const DEPTH = 8;

/** Single blanks, most of all white space, are what they should be already. */
const SPACES = /[\t\n\r\f\u200b][ \t\n\r\f\u200b]*| [ \t\n\r\f\u200b]+/g;

interface List {
	/** Of the next item; undefined where the items have no numbers. */
	number: number | undefined;
}

/**
 * Puts text together as a reader sees it: white space is one blank, blocks stand apart, quotes and lists are marked.
 * Each call costs what its text costs.
 */
export class TextLayout {
	readonly #pieces: string[] = [];
	/** Line ends that come before the next word. */
	#breaks = 0;
	#needsSpace = false;
	#isEmpty = true;
	#quotes = 0;
	/** Around the last word that was written. */
	#quotesBefore = 0;
	readonly #lists: List[] = [];
	#bullet = '';

	/** Text as HTML has it: runs of white space are one blank. */
	addText(text: string): void {
		const collapsed = text.replace(SPACES, ' ');
		const start = collapsed.startsWith(' ') ? 1 : 0;
		const end = collapsed.endsWith(' ') ? collapsed.length - 1 : collapsed.length;
		if (start === 1) this.#needsSpace = true;
		if (start >= end) return;
		this.#write(collapsed.slice(start, end));
		this.#needsSpace = end < collapsed.length;
	}

	/** Text that keeps its lines and blanks. */
	addPreformatted(text: string): void {
		for (const [index, line] of text.replace(/\r\n?/g, '\n').split('\n').entries()) {
			if (index > 0) this.breakLine();
			if (line !== '') this.#write(line);
		}
	}

	addSpace(): void {
		this.#needsSpace = true;
	}

	/** One more line end than there are. */
	breakLine(): void {
		this.#breaks++;
		this.#needsSpace = false;
	}

	/** At least so many line ends between what was and what comes: 1 begins a line, 2 leave one empty. */
	separate(lineEnds: number): void {
		if (lineEnds === 0) return;
		this.#breaks = Math.max(this.#breaks, lineEnds);
		this.#needsSpace = false;
	}

	beginQuote(): void {
		this.#quotes++;
	}

	endQuote(): void {
		this.#quotes = Math.max(0, this.#quotes - 1);
	}

	get listDepth(): number {
		return this.#lists.length;
	}

	beginList(isNumbered: boolean): void {
		this.#lists.push({ number: isNumbered ? 1 : undefined });
	}

	endList(): void {
		this.#lists.pop();
		this.#bullet = '';
	}

	beginItem(): void {
		const list = this.#lists.at(-1);
		this.#bullet = list?.number === undefined ? ' * ' : ` ${list.number++}. `;
	}

	toString(): string {
		return this.#pieces.join('').trim();
	}

	#write(text: string): void {
		if (this.#isEmpty || this.#breaks > 0) {
			// An empty line between two quoted ones belongs to the quote.
			const between = toMarks(Math.min(this.#quotesBefore, this.#quotes)).trim();
			const ends = this.#isEmpty ? 0 : this.#breaks;
			for (let end = 1; end <= ends; end++) this.#pieces.push('\n', end < ends ? between : '');
			this.#pieces.push(toMarks(this.#quotes), this.#toIndent());
			this.#quotesBefore = this.#quotes;
		} else if (this.#needsSpace) this.#pieces.push(' ');
		this.#pieces.push(text);
		this.#breaks = 0;
		this.#needsSpace = false;
		this.#isEmpty = false;
	}

	/** The bullet before an item's first line, blanks of its width before the others. */
	#toIndent(): string {
		const depth = Math.min(this.#lists.length, DEPTH);
		if (this.#bullet === '') return '   '.repeat(depth);
		const indent = '   '.repeat(Math.max(0, depth - 1)) + this.#bullet;
		this.#bullet = '';
		return indent;
	}
}

function toMarks(quotes: number): string {
	return '> '.repeat(Math.min(quotes, DEPTH));
}
