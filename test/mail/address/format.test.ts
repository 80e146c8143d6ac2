import { formatAddress } from '../../../mail/address';

describe('A formatted address', () => {
	test.each([
		['', 'a@b.de', 'a@b.de'],
		['Ann Bell', 'a@b.de', 'Ann Bell <a@b.de>'],
		['Jörg 田中', 'jörg@müller.de', 'Jörg 田中 <jörg@müller.de>'],
		['Last, First', 'a@b.de', '"Last, First" <a@b.de>'],
		['Dr. A "B" \\', 'a@b.de', '"Dr. A \\"B\\" \\\\" <a@b.de>'],
		['a@b.de', 'a@b.de', '"a@b.de" <a@b.de>'],
		['=?utf-8?Q?x?=', 'a@b.de', '"=?utf-8?Q?x?=" <a@b.de>'],
		['', '"a b"@c.de', '"a b"@c.de'],
		['Ann', '', 'Ann'],
		['', '', ''],
	])('shows %j %j as %s', (name, address, expected) => {
		expect(formatAddress({ name, address })).toBe(expected);
	});

	test.each([
		['A\r\nBcc: x@y.de', 'a@b.de', '"A Bcc: x@y.de" <a@b.de>'],
		['', 'a@b.de\r\nBcc: x@y.de', '"a@b.de  Bcc: x"@y.de'],
		['', 'victim@y.de, b@z.de', '"victim@y.de, b"@z.de'],
		['', 'a@b.de> <c@d.de', '"a@b.de> <c"@d.de'],
		['', 'a@b.de>,c:;(', 'a@b.dec'],
		['A', 'no address', 'A <"no address">'],
	])('of received mail cannot become two or a header: %j %j', (name, address, expected) => {
		expect(formatAddress({ name, address })).toBe(expected);
	});
});
