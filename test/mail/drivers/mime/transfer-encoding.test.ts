import * as fc from 'fast-check';
import {
	decodeTransfer,
	isKnownTransferEncoding,
} from '../../../../mail/drivers/mime/transfer-encoding';

const decode = (text: string, encoding: string) =>
	decodeTransfer(Buffer.from(text, 'latin1'), encoding).toString('latin1');

describe('decodeTransfer', () => {
	it('gives back what was encoded as base64, however its lines are cut', () => {
		fc.assert(
			fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 80 }), (bytes, width) => {
				const lines = Buffer.from(bytes)
					.toString('base64')
					.match(new RegExp(`.{1,${width}}`, 'g'));
				const encoded = (lines ?? []).join('\r\n');
				expect(decodeTransfer(Buffer.from(encoded), 'Base64')).toEqual(Buffer.from(bytes));
			}),
		);
	});

	it('reads base64 that was cut off, has foreign characters or is several pieces', () => {
		expect(decode('SGVsbG', 'base64')).toBe('Hell');
		expect(decode('SGVsbG8', 'base64')).toBe('Hello');
		expect(decode('SGVs*bG8=\r\n', 'base64')).toBe('Hello');
		expect(decode('SGVsbG8=\r\nIHdvcmxk', 'base64')).toBe('Hello world');
		expect(decode('', 'base64')).toBe('');
	});

	it('reads quoted-printable with its soft breaks', () => {
		expect(decode('a=3Db=\r\nc', 'quoted-printable')).toBe('a=bc');
		expect(decode('soft=  \r\nbreak', 'quoted-printable')).toBe('softbreak');
		expect(decode('lower=3d', 'quoted-printable')).toBe('lower=');
	});

	it('drops white space at line ends, but none that was encoded', () => {
		expect(decode('a \t\r\nb', 'quoted-printable')).toBe('a\r\nb');
		expect(decode('a=20\r\nb', 'quoted-printable')).toBe('a \r\nb');
		expect(decode('a=20 \r\nb', 'quoted-printable')).toBe('a \r\nb');
	});

	it('leaves broken quoted-printable as it is', () => {
		expect(decode('100=% =zz =4', 'quoted-printable')).toBe('100=% =zz =4');
		expect(decode('end=', 'quoted-printable')).toBe('end');
	});

	it('passes every byte on where nothing is encoded, or nobody knows how', () => {
		const all = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
		for (const encoding of ['7bit', '8bit', 'binary', '', 'x-uuencode']) {
			expect(decodeTransfer(all, encoding)).toEqual(all);
		}
		expect(isKnownTransferEncoding('8BIT')).toBe(true);
		expect(isKnownTransferEncoding('x-uuencode')).toBe(false);
		expect(isKnownTransferEncoding('constructor')).toBe(false);
	});

	it('needs time in proportion to the length only', () => {
		const blanks = Buffer.from(`${' '.repeat(500_000)}x`.repeat(2));
		const from = performance.now();
		decodeTransfer(blanks, 'quoted-printable');
		decodeTransfer(Buffer.from('='.repeat(1_000_000)), 'quoted-printable');
		decodeTransfer(Buffer.from('=  '.repeat(300_000)), 'quoted-printable');
		decodeTransfer(Buffer.from('=A'.repeat(500_000)), 'base64');
		expect(performance.now() - from).toBeLessThan(10_000);
	});
});
