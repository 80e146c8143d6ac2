import { PFX_BYTES, PFX_CHARACTERS } from '../limits';
import { certificateError } from './fault';

/**
 * The bytes of a .pfx that a user has pasted: base64 with or without line breaks, as `data:` URL, or between lines such
 * as `-----BEGIN PKCS12-----`. Throws `auth.certificate`.
 */
export function decodePfxText(text: string): Buffer {
	if (text.length > PFX_CHARACTERS) throw certificateError('tooLarge');
	const base64 = toBase64(text);
	if (base64 === '') throw certificateError('missing');
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw certificateError('notBase64');
	const bytes = Buffer.from(base64, 'base64');
	if (bytes.length > PFX_BYTES) throw certificateError('tooLarge');
	requireWholeSequence(bytes);
	return bytes;
}

/** The base64 alone, without line breaks, frame and the head of a `data:` URL. */
export function toBase64(text: string): string {
	const framed =
		/-----BEGIN ([A-Z0-9 #]{1,64})-----([^-]*)(?:-----END [A-Z0-9 #]{1,64}-----)?/.exec(text);
	const [, label = '', body = text] = framed ?? [];
	if (/CERTIFICATE|PRIVATE KEY/.test(label)) throw certificateError('certificateAlone');
	// `openssl pkcs12 -info` and old mail programs put "Bag Attributes" before the text.
	return body.replace(/^\s*data:[^,]{0,128},/i, '').replace(/\s/g, '');
}

/** A PKCS#12 file is one ASN.1 SEQUENCE (RFC 7292, section 4). */
function requireWholeSequence(bytes: Buffer): void {
	const [tag, length = 0] = bytes;
	if (tag !== 0x30 || bytes.length < 2) throw certificateError('notPfx');
	// 0x80: indefinite length, ended by a mark instead.
	if (length === 0x80) return;
	const lengthBytes = length < 0x80 ? 0 : length & 0x7f;
	if (lengthBytes > 4) throw certificateError('notPfx');
	if (bytes.length < 2 + lengthBytes) throw certificateError('incomplete');
	const content = lengthBytes === 0 ? length : bytes.readUIntBE(2, lengthBytes);
	if (bytes.length < 2 + lengthBytes + content) throw certificateError('incomplete');
	if (bytes.length > 2 + lengthBytes + content) throw certificateError('notPfx');
}
