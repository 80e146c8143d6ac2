import * as fc from 'fast-check';
import { decodeTransfer } from '../../../../mail/drivers/mime/transfer-encoding';
import { createTransferDecoder } from '../../../../mail/drivers/mime/transfer-stream';

/** Decoded in pieces of the given lengths, the rest at once. */
function decodeInPieces(bytes: Buffer, encoding: string, lengths: readonly number[]): Buffer {
	const decoder = createTransferDecoder(encoding);
	const out: Buffer[] = [];
	let at = 0;
	for (const length of lengths) {
		out.push(decoder.write(bytes.subarray(at, at + length)));
		at += length;
	}
	out.push(decoder.write(bytes.subarray(at)), decoder.end());
	return Buffer.concat(out);
}

const eachByte = (bytes: Buffer) => Array.from(bytes, () => 1);

describe('decoding a transfer encoding piece by piece', () => {
	it.each([
		['base64', 'QUJD\r\nREVG\r\nRw==\r\n', 'ABCDEFG'],
		['base64', 'QQ==QUI=QUJD', 'AABABC'],
		['base64', 'QUJDR', 'ABC'],
		['quoted-printable', 'soft=\r\nline=  \r\nbreaks', 'softlinebreaks'],
		['quoted-printable', 'gr=C3=BC=C3=9Fe  \r\nend \t', 'grüße\r\nend \t'],
		['quoted-printable', 'no escape: =XY =4', 'no escape: =XY =4'],
		['quoted-printable', 'ends in =', 'ends in '],
		['7bit', 'as it = is', 'as it = is'],
	])('%s: %j, split at every byte', (encoding, encoded, expected) => {
		const bytes = Buffer.from(encoded);
		expect(decodeInPieces(bytes, encoding, eachByte(bytes)).toString()).toBe(expected);
	});

	it.each(['base64', 'quoted-printable', 'binary'])(
		'gives what decoding as a whole gives, wherever %s is split and however broken it is',
		(encoding) => {
			const pieces = fc.constantFrom(
				'=',
				'\r',
				'\n',
				' ',
				'\t',
				'A',
				'4',
				'q',
				'=3D',
				'=\r\n',
				'+',
				'-',
			);
			fc.assert(
				fc.property(
					fc.array(pieces, { maxLength: 60 }),
					fc.array(fc.nat({ max: 7 }), { maxLength: 30 }),
					(parts, lengths) => {
						const bytes = Buffer.from(parts.join(''));
						const whole = decodeTransfer(bytes, encoding).toString('latin1');
						expect(decodeInPieces(bytes, encoding, lengths).toString('latin1')).toBe(whole);
					},
				),
				{ numRuns: 2_000 },
			);
		},
	);

	it('holds no more than a little of what never ends', () => {
		const decoder = createTransferDecoder('quoted-printable');
		const blanks = Buffer.alloc(1024 * 1024, ' ');
		expect(decoder.write(blanks).length).toBe(blanks.length);
	});
});
