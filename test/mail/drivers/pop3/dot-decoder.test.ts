import { DotDecoder, type LineEnd } from '../../../../mail/drivers/pop3/dot-decoder';

/** Content and what is left behind it, for a stream that comes in the given pieces. */
function decode(pieces: readonly Buffer[], lineEnd: LineEnd = 'crlf') {
	const decoder = new DotDecoder(lineEnd);
	const content: Buffer[] = [];
	let rest: Buffer | undefined;
	for (const piece of pieces) {
		if (rest === undefined) {
			const decoded = decoder.push(piece);
			content.push(...decoded.content);
			rest = decoded.rest;
		} else rest = Buffer.concat([rest, piece]);
	}
	return { content: Buffer.concat(content).toString('latin1'), rest: rest?.toString('latin1') };
}

const whole = (text: string, lineEnd?: LineEnd) => decode([Buffer.from(text, 'latin1')], lineEnd);

const streams: ReadonlyArray<readonly [string, string, LineEnd, string, string | undefined]> = [
	['an empty answer', '.\r\n+OK', 'crlf', '', '+OK'],
	['lines', 'a\r\nb\r\n.\r\n', 'crlf', 'a\r\nb\r\n', ''],
	['stuffed dots', '..\r\n...a\r\n..\r\n.\r\nx', 'crlf', '.\r\n..a\r\n.\r\n', 'x'],
	['dots inside lines', 'a.\r\n.\r\n', 'crlf', 'a.\r\n', ''],
	['8-bit bytes and NUL', '\xff\x00\x80\r\n.\r\n', 'crlf', '\xff\x00\x80\r\n', ''],
	['lonely CR and LF', 'a\rb\nc\r\n.\r\n', 'crlf', 'a\rb\nc\r\n', ''],
	['a dot before a lonely CR', '.\ra\r\n.\r\n', 'crlf', '\ra\r\n', ''],
	['a sender who forges an end with bare LF', 'a\n.\n+OK\r\n.\r\n', 'crlf', 'a\n.\n+OK\r\n', ''],
	['a forged end with mixed line ends', 'a\n.\r\nb\r\n.\r\n', 'crlf', 'a\n.\r\nb\r\n', ''],
	['a server that ends lines with LF', 'a\n..b\n.\n+OK', 'lf', 'a\n.b\n', '+OK'],
	['a missing terminator', 'a\r\n..\r\n', 'crlf', 'a\r\n.\r\n', undefined],
];

describe('the end of a multi-line answer', () => {
	it.each(streams)(
		'is found in %s, wherever the stream is cut',
		(_title, text, lineEnd, content, rest) => {
			const bytes = Buffer.from(text, 'latin1');
			expect(whole(text, lineEnd)).toEqual({ content, rest });
			for (let first = 0; first <= bytes.length; first++) {
				for (let second = first; second <= bytes.length; second++) {
					const pieces = [
						bytes.subarray(0, first),
						bytes.subarray(first, second),
						bytes.subarray(second),
					];
					expect(decode(pieces, lineEnd)).toEqual({ content, rest });
				}
			}
			expect(
				decode(
					[...bytes].map((byte) => Buffer.of(byte)),
					lineEnd,
				),
			).toEqual({ content, rest });
		},
	);
});
