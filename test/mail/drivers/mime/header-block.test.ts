import { parseHeaderBlock } from '../../../../mail/drivers/mime/header-block';
import { decodeWords } from '../../../../mail/drivers/mime/encoded-word';

const parse = (text: string) => parseHeaderBlock(Buffer.from(text, 'latin1'));

describe('decodeWords', () => {
	it.each([
		['=?utf-8?Q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
		['=?UTF-8?b?R3LDvMOfZQ==?= ok', 'Grüße ok'],
		['a =?utf-8?Q?b?= c', 'a b c'],
		['=?utf-8?Q?one?= \t =?utf-8?Q?_two?=', 'one two'],
		// One character, cut in half between two words.
		['=?utf-8?B?w7w=?= =?utf-8?B?w7w=?=', 'üü'],
		['=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=', 'ü'],
		['=?iso-8859-1*de?Q?=FC?=', 'ü'],
		['=?iso-8859-1?Q?=FC?==?utf-8?Q?=C3=BC?=', 'üü'],
		['=?x-nothing?Q?plain?=', 'plain'],
		['=?utf-8?X?what?=', '=?utf-8?X?what?='],
		['=?utf-8?Q?unfinished', '=?utf-8?Q?unfinished'],
		['2 =? 3', '2 =? 3'],
	])('reads %s', (value, text) => {
		expect(decodeWords(value)).toBe(text);
	});
});

describe('parseHeaderBlock', () => {
	it('unfolds values, lowers names and keeps every repetition in order', () => {
		const headers = parse(
			'Received: one\r\nSubject: a\r\n\tb\r\n  c\r\nReceived: two\r\n\r\nBody: no\r\n',
		);
		expect([...headers]).toEqual([
			['received', ['one', 'two']],
			['subject', ['a\tb  c'.replace('\t', ' ')]],
		]);
	});

	it('joins encoded words over a fold', () => {
		const headers = parse('Subject: =?utf-8?Q?one?=\r\n =?utf-8?Q?_two?=\r\n');
		expect(headers.get('subject')).toEqual(['one two']);
	});

	it('skips what is no field, and takes a last line that was cut', () => {
		const headers = parse('not a field\r\nTo : x@example.test\r\n: empty\r\nCc: y@exam');
		expect([...headers]).toEqual([
			['to', ['x@example.test']],
			['cc', ['y@exam']],
		]);
	});

	it('reads values in 8 bits without a charset', () => {
		expect(parse('Subject: Gr\xfc\xdfe').get('subject')).toEqual(['Grüße']);
		expect(parseHeaderBlock(Buffer.from('Subject: Grüße')).get('subject')).toEqual(['Grüße']);
	});

	it('lets no control character through, not even an encoded one', () => {
		expect(parse('Subject: =?utf-8?Q?a=0D=0ABcc:_x=00?=').get('subject')).toEqual(['a Bcc: x']);
	});

	it('reads five megabytes of header in a moment', () => {
		const block = Buffer.from(
			`X-Long: ${'=?utf-8?Q?a?= '.repeat(100_000)}\r\n` + 'X-Many: v\r\n'.repeat(300_000),
		);
		const from = performance.now();
		const headers = parseHeaderBlock(block);
		expect(performance.now() - from).toBeLessThan(2_000);
		expect(headers.get('x-many')?.length).toBeLessThan(2_001);
	});
});
