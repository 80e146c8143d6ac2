/** Names that mailers use and the WHATWG Encoding Standard does not list. */
const aliases: ReadonlyMap<string, string> = new Map([
	['ansi_x3_110_1983', 'windows-1252'],
	['cp1250', 'windows-1250'],
	['cp874', 'windows-874'],
	['cp932', 'shift_jis'],
	['cp936', 'gbk'],
	['cp949', 'euc-kr'],
	['cp950', 'big5'],
	['cp50220', 'iso-2022-jp'],
	['cp50221', 'iso-2022-jp'],
	['cp51932', 'euc-jp'],
	['eucjpms', 'euc-jp'],
	['iso-2022-jp-1', 'iso-2022-jp'],
	['iso-2022-jp-2', 'iso-2022-jp'],
	['iso-2022-jp-ms', 'iso-2022-jp'],
	['iso-8859-8-logical', 'iso-8859-8-i'],
	['ms936', 'gbk'],
	['ms949', 'euc-kr'],
	['uhc', 'euc-kr'],
	['utf-8-mac', 'utf-8'],
	['utf8mb4', 'utf-8'],
	['windows-936', 'gbk'],
	['windows-950', 'big5'],
	['x-gbk', 'gbk'],
]);

/** Charsets that say nothing: mailers write them also above 8-bit text. */
const unspecific: ReadonlySet<string> = new Set([
	'',
	'us-ascii',
	'ascii',
	'ansi_x3.4-1968',
	'7bit',
	'8bit',
	'utf-8',
	'utf8',
	'default',
	'unknown',
	'unknown-8bit',
	'x-unknown',
]);

export interface DecodedText {
	readonly text: string;
	/** The charset of the mail, where it was unknown and had to be guessed. */
	readonly unknownCharset?: string;
}

/**
 * Bytes of a text in the charset that its mail names (RFC 2045, section 5). Never throws: what is not valid
 * becomes U+FFFD, an unknown charset is guessed.
 */
export function decodeText(bytes: Uint8Array, charset: string): DecodedText {
	const name = charset
		.trim()
		.toLowerCase()
		.replace(/^["']|["']$/g, '');
	if (unspecific.has(name)) return { text: guess(bytes) };
	const decoder = createDecoder(aliases.get(name) ?? name);
	if (decoder === undefined) return { text: guess(bytes), unknownCharset: charset };
	return { text: decoder.decode(bytes) };
}

/** UTF-8 where the bytes are; otherwise the most common 8-bit charset, in which every byte is something. */
function guess(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		const latin = new TextDecoder('windows-1252').decode(bytes);
		const utf8 = new TextDecoder('utf-8').decode(bytes);
		// One broken character in a long UTF-8 text does not make it another charset.
		return isMostlyUtf8(utf8) ? utf8 : latin;
	}
}

function isMostlyUtf8(text: string): boolean {
	let broken = 0;
	let multibyte = 0;
	for (let index = 0; index < text.length; index++) {
		const unit = text.charCodeAt(index);
		if (unit === 0xfffd) broken++;
		else if (unit > 0x7f) multibyte++;
	}
	return multibyte > broken * 4;
}

function createDecoder(label: string): InstanceType<typeof TextDecoder> | undefined {
	try {
		return new TextDecoder(label);
	} catch {
		return undefined;
	}
}
