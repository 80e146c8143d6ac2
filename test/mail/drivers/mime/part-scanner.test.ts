import { PartScanner, type ScannedMessage } from '../../../../mail/drivers/mime/part-scanner';
import { toContent, type PartNode } from '../../../../mail/drivers/mime/structure';
import { HEADER_BYTES, PARTS } from '../../../../mail/limits';
import { hostileMails } from './hostile-mail';

function scan(...pieces: ReadonlyArray<string | Buffer>): ScannedMessage {
	const scanner = new PartScanner();
	for (const piece of pieces) {
		scanner.push(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
	}
	return scanner.end();
}

/** Body of each part, by its number. */
function partsOf(source: string): Record<string, string> {
	const { ranges } = scan(source);
	return Object.fromEntries(
		[...ranges].map(([part, { start, end }]) => [part, source.slice(start, end)]),
	);
}

const outline = ({ type, childNodes }: PartNode): unknown =>
	childNodes === undefined ? type : [type, ...childNodes.map(outline)];

const lines = (...texts: string[]) => `${texts.join('\r\n')}\r\n`;

describe('the parts of a message', () => {
	it('are found with their places', () => {
		const source = lines(
			'Content-Type: multipart/mixed; boundary="a"',
			'',
			'preamble',
			'--a',
			'Content-Type: multipart/alternative; boundary="b"',
			'',
			'--b',
			'',
			'plain',
			'',
			'--b',
			'Content-Type: text/html',
			'',
			'<p>',
			'--b--',
			'epilogue of b',
			'--a',
			'Content-Type: image/png',
			'',
			'picture',
			'--a--',
			'epilogue of a',
		);
		expect(partsOf(source)).toEqual({ '1.1': 'plain\r\n', '1.2': '<p>', '2': 'picture' });
		expect(outline(scan(source).root)).toEqual([
			'multipart/mixed',
			['multipart/alternative', 'text/plain', 'text/html'],
			'image/png',
		]);
	});

	it('of a simple message are its text', () => {
		expect(partsOf('Subject: a\r\n\r\nHello\r\n')).toEqual({ TEXT: 'Hello\r\n' });
		expect(partsOf('Subject: a\r\n')).toEqual({ TEXT: '' });
		expect(partsOf('')).toEqual({ TEXT: '' });
	});

	it('end with those around them, and with line ends of any kind', () => {
		const source =
			'Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nopen\n--a\n\nnext\n--a--\n';
		expect(partsOf(source)).toEqual({ '1.1': 'open', '2': 'next' });
	});

	it.each(hostileMails.filter(({ source }) => source.length < 2_000))(
		'are the same wherever the stream is cut: $title',
		({ source }) => {
			const bytes = Buffer.from(source, 'latin1');
			const whole = scan(bytes);
			for (let cut = 0; cut <= bytes.length; cut++) {
				expect(scan(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
			}
			expect(scan(...[...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole);
		},
	);

	it('are not begun by a boundary in the middle of a long line that comes in pieces', () => {
		const head = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n';
		const scanned = scan(head, 'x'.repeat(3_000), '--b', '\r\nrest\r\n--b--\r\n');
		expect(scanned.ranges.size).toBe(1);
		const { start, end } = scanned.ranges.get('1') ?? { start: 0, end: 0 };
		expect(end - start).toBe(3_000 + '--b\r\nrest'.length);
	});

	it('beyond the limit are left out, with a warning', () => {
		const many = Array.from({ length: 5_000 }, () => '--b\r\n\r\ntext\r\n').join('');
		const { root, omitted } = scan(
			`Content-Type: multipart/mixed; boundary=b\r\n\r\n${many}--b--\r\n`,
		);
		expect(root.childNodes?.length).toBeLessThan(2 * PARTS + 2);
		const content = toContent(root, omitted);
		expect(content.blocks).toHaveLength(PARTS);
		expect(content.warnings).toHaveLength(1);
	});

	it('nested too deeply are left out, with a warning', () => {
		const layers = Array.from(
			{ length: 500 },
			(_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`,
		);
		const { root, omitted } = scan(`${layers.join('')}\r\ntext\r\n`);
		expect(toContent(root, omitted).warnings).toHaveLength(1);
	});

	it('keep no more of a header than is read', () => {
		const field = `X-A: ${'a'.repeat(90)}\r\n`;
		const { header, ranges } = scan(field.repeat(50_000), 'Subject: late\r\n\r\nbody');
		expect(header).toHaveLength(HEADER_BYTES);
		expect(ranges.get('TEXT')).toEqual({ start: 4_850_017, end: 4_850_021 });
		const line = scan('X-A: ', 'a'.repeat(5_000_000), '\r\nSubject: late\r\n\r\nbody');
		expect(line.header).toHaveLength(HEADER_BYTES);
	});

	it('are found in linear time, whatever looks like a boundary', () => {
		const layers = Array.from(
			{ length: 100 },
			(_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`,
		).join('');
		const piece = Buffer.from('--\r\n--b\r\n--b1x\r\n'.repeat(5_000));
		const scanner = new PartScanner();
		scanner.push(Buffer.from(`${layers}\r\n`));
		const start = performance.now();
		for (let count = 0; count < 50; count++) scanner.push(piece);
		scanner.end();
		expect(performance.now() - start).toBeLessThan(5_000);
	});
});
