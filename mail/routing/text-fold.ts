/**
 * The form in which texts are compared without regard to case, width or white space: Unicode's NFKC and, as near as
 * JavaScript comes to it, full case folding (Unicode Standard, section 3.13): ß equals SS, ς equals Σ. The letters i, ı, I
 * and İ are one, so that a key word is found whichever keyboard wrote the mail.
 */
export function foldText(text: string): string {
	return text
		.normalize('NFKC')
		.toLowerCase()
		.toUpperCase()
		.toLowerCase()
		.replace(/i\u0307/g, 'i')
		.replace(/ς/g, 'σ')
		.normalize('NFKC')
		.replace(/\s+/g, ' ')
		.trim();
}
