/**
 * Joins the soft line breaks of `format=flowed` (RFC 3676, sections 4.2 to 4.5). Lines end with LF.
 * @param delSp whether the space before a soft break belongs to the break
 */
export function unwrapFlowed(text: string, delSp: boolean): string {
	const out: string[] = [];
	let open: { depth: number; text: string } | undefined;
	const close = () => {
		if (open !== undefined)
			out.push('>'.repeat(open.depth) + (open.depth > 0 ? ' ' : '') + open.text);
		open = undefined;
	};
	for (const line of text.split('\n')) {
		const depth = /^>*/.exec(line)?.[0].length ?? 0;
		// Stuffed space: protects lines that start with a space, `From ` or `>`.
		const content = line.slice(depth).replace(/^ /, '');
		const isSignature = content === '-- ';
		if (open !== undefined && (open.depth !== depth || isSignature)) close();
		const flows = content.endsWith(' ') && !isSignature;
		const piece: string = flows && delSp ? content.slice(0, -1) : content;
		open = { depth, text: (open?.text ?? '') + piece };
		if (!flows) close();
	}
	close();
	return out.join('\n');
}
