import { decodeText } from '../../../../mail/drivers/mime/charset';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('decodeText', () => {
	it.each([
		['utf-8', 'c3bc', 'ü'],
		['ISO-8859-1', 'fc', 'ü'],
		['"iso-8859-15"', 'a4', '€'],
		['windows-1251', 'cff0e8', 'При'],
		['koi8-r', 'ebc1cb', 'Как'],
		['GB2312', 'd6d0b9fa', '中国'],
		['gb18030', '95328236', '𠀀'],
		['big5', 'a4a4a4e5', '中文'],
		['cp950', 'a4a4a4e5', '中文'],
		['iso-2022-jp', '1b2442327135441b2842', '会議'],
		['cp932', '83658358', 'テス'],
		['ks_c_5601-1987', 'c7d1b1db', '한글'],
		['cp949', 'c7d1b1db', '한글'],
		['utf-16le', '41004200', 'AB'],
	])('reads %s', (charset, hex, text) => {
		expect(decodeText(bytes(hex), charset)).toEqual({ text });
	});

	it('drops a byte order mark', () => {
		expect(decodeText(bytes('efbbbf41'), 'utf-8').text).toBe('A');
	});

	it.each(['', 'us-ascii', 'x-unknown', '8bit'])(
		'takes 8-bit text that is called "%s" for UTF-8 where it is, and for windows-1252 otherwise',
		(charset) => {
			expect(decodeText(bytes('47c3bc'), charset)).toEqual({ text: 'Gü' });
			expect(decodeText(bytes('47fc'), charset)).toEqual({ text: 'Gü' });
		},
	);

	it('keeps a long UTF-8 text with one broken character', () => {
		const text = Buffer.concat([Buffer.from('äöü'.repeat(20)), bytes('ff')]);
		expect(decodeText(text, 'utf-8').text).toBe(`${'äöü'.repeat(20)}\ufffd`);
	});

	it('guesses an unknown charset and says so', () => {
		expect(decodeText(bytes('41fc'), 'x-klingon')).toEqual({
			text: 'Aü',
			unknownCharset: 'x-klingon',
		});
	});
});
