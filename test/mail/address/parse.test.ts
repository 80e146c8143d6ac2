import { parseAddress, parseAddressList } from '../../../mail/address';
import { isMailError } from '../../../mail/errors';

const one = (name: string, address: string) => [{ name, address }];

function refusal(read: () => unknown): { subject?: string; remedy: string } {
	try {
		read();
	} catch (error) {
		if (isMailError(error, 'message.invalid')) return error;
		throw error;
	}
	throw new Error('nothing was refused');
}

describe('A list of addresses', () => {
	test.each([
		['a bare address', 'a@b.de', one('', 'a@b.de')],
		['an address with a name', 'Ann Bell <a@b.de>', one('Ann Bell', 'a@b.de')],
		['a quoted name with a comma', '"Last, First" <a@b.de>', one('Last, First', 'a@b.de')],
		['escapes in a quoted name', '"A \\"B\\" \\\\ C" <a@b.de>', one('A "B" \\ C', 'a@b.de')],
		['a name of mixed words', '[Shop] Dr. "X, Y" Z <a@b.de>', one('[Shop] Dr. X, Y Z', 'a@b.de')],
		['brackets without a name', '<a@b.de>', one('', 'a@b.de')],
		['spaces inside brackets', 'A < a@b.de >', one('A', 'a@b.de')],
		['comments around an address', '(x) a@b.de (Ann (Bell))', one('x', 'a@b.de')],
		['the old form of a name', 'a@b.de (Ann Bell)', one('Ann Bell', 'a@b.de')],
		['a comment beside a name', 'Ann (sales) <a@b.de> (new)', one('Ann', 'a@b.de')],
		['tabs and double spaces in a name', 'Ann \t  Bell <a@b.de>', one('Ann Bell', 'a@b.de')],
		['a quoted local part', '"a b"@b.de', one('', '"a b"@b.de')],
		['an @ and a > in quotes', 'A <"x@y>z"@b.de>', one('A', '"x@y>z"@b.de')],
		['quotes that are not needed', '"a.b"@b.de', one('', 'a.b@b.de')],
		['an IPv4 literal', 'a@[192.0.2.1]', one('', 'a@[192.0.2.1]')],
		['an IPv6 literal', 'a@[IPv6:2001:db8::1]', one('', 'a@[IPv6:2001:db8::1]')],
		['a host without dots', 'root@localhost', one('', 'root@localhost')],
		[
			'every special character of a local part',
			"!#$%&'*+-/=?^_`{|}~@b.de",
			one('', "!#$%&'*+-/=?^_`{|}~@b.de"),
		],
		['an international address', 'Jörg 田中 <jörg@müller.de>', one('Jörg 田中', 'jörg@müller.de')],
		['an international domain as written elsewhere', 'a@MÜLLER。de', one('', 'a@müller.de')],
	])('takes %s', (_title, text, expected) => {
		expect(parseAddressList(text, 'To')).toEqual(expected);
	});

	test.each([
		['commas', 'a@b.de, C <c@d.de>'],
		['semicolons', 'a@b.de; C <c@d.de>'],
		['both, with empty entries', ' , a@b.de;; ,C <c@d.de>,;'],
		['a group', 'Team: a@b.de, C <c@d.de>;'],
		['a group and an address', '"My, team": a@b.de; C <c@d.de>'],
		['an empty group between', 'a@b.de, nobody:; C <c@d.de>'],
	])('is separated by %s', (_title, text) => {
		expect(parseAddressList(text, 'To')).toEqual([
			{ name: '', address: 'a@b.de' },
			{ name: 'C', address: 'c@d.de' },
		]);
	});

	test('may be an array of texts, lists and objects', () => {
		const input = [
			'a@b.de, C <c@d.de>',
			'',
			{ name: 'E\tF', address: ' e@f.de ' },
			{ address: 'g@h.de' },
			{ name: null, address: 'i@j.de' },
		];
		expect(parseAddressList(input, 'To')).toEqual([
			{ name: '', address: 'a@b.de' },
			{ name: 'C', address: 'c@d.de' },
			{ name: 'E F', address: 'e@f.de' },
			{ name: '', address: 'g@h.de' },
			{ name: '', address: 'i@j.de' },
		]);
	});

	test.each([[undefined], [null], [''], [' \t '], [' ,; '], [[]], [['', ' ']]])(
		'is empty for %j',
		(input) => {
			expect(parseAddressList(input, 'Cc')).toEqual([]);
		},
	);

	test('may be a single object', () => {
		expect(parseAddressList({ name: 'A, B', address: 'a@b.de' }, 'To')).toEqual(
			one('A, B', 'a@b.de'),
		);
	});
});

describe('What is no address is refused with field and entry', () => {
	test.each([
		['a word', 'foo', '"foo"', 'domain'],
		['the first bad entry of a list', 'a@b.de, foo bar; c@d.de', '"foo bar"', 'domain'],
		['an unquoted comma in a name', 'Last, First <a@b.de>', '"Last"', 'domain'],
		['a missing domain', 'a@', '"a@"', 'domain'],
		['a missing local part', '@b.de', '"@b.de"', 'before the @'],
		['empty quotes before the @', '""@b.de', '"""@b.de"', 'before the @'],
		['empty brackets', 'Ann <>', '"Ann <>"', 'Write an address'],
		['a comment alone', '(Ann)', '"(Ann)"', 'Write an address'],
		['two @', 'a@b@c.de', '"a@b@c.de"', 'one @'],
		['two addresses without separator', 'a@b.de c@d.de', '"a@b.de c@d.de"', 'no spaces'],
		['a space in the address', 'A <a b@c.de>', '"A <a b@c.de>"', 'no spaces'],
		['a space around the @', 'a @ b.de', '"a @ b.de"', 'no spaces'],
		['a comment inside the address', 'a(x)@b.de', '"a(x)@b.de"', 'no spaces'],
		['a pasted zero-width space', 'a@b.de\u200b', '"a@b.de\u200b"', 'invisible'],
		['a no-break space in a local part', 'a\u00a0b@c.de', '"a\u00a0b@c.de"', 'no spaces'],
		['a tab in quotes', '"a\tb"@c.de', '""a\\tb"@c.de"', 'no spaces'],
		['a dot at the start', '.a@b.de', '".a@b.de"', 'dots'],
		['two dots in a row', 'a..b@c.de', '"a..b@c.de"', 'dots'],
		['quotes in the middle of a local part', 'a"b"@c.de', '"a"b"@c.de"', 'characters'],
		['a domain with empty labels', 'a@b..de', '"a@b..de"', 'not a domain'],
		['a domain with a trailing dot', 'a@b.de.', '"a@b.de."', 'not a domain'],
		['a domain with a path', 'a@b.de/c', '"a@b.de/c"', 'not a domain'],
		['a domain of punctuation', 'a@b!c.de', '"a@b!c.de"', 'not a domain'],
		['an international domain with a path', 'a@bö/c.de', '"a@bö/c.de"', 'not a domain'],
		['a hyphen at the edge of a label', 'a@-b.de', '"a@-b.de"', 'not a domain'],
		['a wrong address literal', 'a@[300.0.0.1]', '"a@[300.0.0.1]"', 'not a domain'],
		['a wide @', 'a＠b.de', '"a＠b.de"', 'domain'],
		['an open bracket', 'A <a@b.de', '"A <a@b.de"', 'not closed'],
		['an open quote', 'c@d.de, "A <a@b.de>', '""A <a@b.de>"', 'not closed'],
		['an open comment', 'a@b.de (x', '"a@b.de (x"', 'not closed'],
		['two brackets', '<a@b.de> <c@d.de>', '"<a@b.de> <c@d.de>"', 'in <>'],
		['text behind brackets', '<a@b.de> Ann', '"<a@b.de> Ann"', 'in <>'],
		['an address as an unquoted name', 'x@y.de <a@b.de>', '"x@y.de <a@b.de>"', 'double quotes'],
		['a stray bracket in a name', 'A> <a@b.de>', '"A> <a@b.de>"', 'double quotes'],
		['an open group', 'Team: a@b.de', '"Team:"', 'group'],
		['a group in a group', 'A: B: a@b.de;;', '"B:"', 'group'],
		['a group without a name', ':a@b.de;', '":"', 'group'],
		['a port', 'a@b.de:25', '"a@b.de:"', 'group'],
		['a source route', '<@x.de,@y.de:a@b.de>', '"<@x.de,@y.de:a@b.de>"', 'before the @'],
	])('%s', (_title, text, entry, remedy) => {
		const error = refusal(() => parseAddressList(text, 'To'));
		expect(error.subject).toBe(`To: ${entry}`);
		expect(error.remedy).toContain(remedy);
	});

	test.each([
		[
			'a line break in front of a header',
			'x@y.de, a@b.de\r\nBcc: e@f.de; z@z.de',
			'a@b.de\\r\\nBcc: e@f.de',
		],
		['a trailing line feed', 'a@b.de\n', 'a@b.de\\n'],
		['a folded line', 'Ann\r\n <a@b.de>', 'Ann\\r\\n <a@b.de>'],
		['a line break in a quoted name', '"A\nB" <a@b.de>', '"A\\nB" <a@b.de>'],
		['a line break in a quoted local part', '"a\r\nb"@c.de', '"a\\r\\nb"@c.de'],
		['a line break in a comment', 'a@b.de (\r)', 'a@b.de (\\r)'],
		['NUL', 'a\0@b.de', 'a\\u0000@b.de'],
		['a next-line character', 'a\u0085b@c.de', 'a\\u0085b@c.de'],
		['half of a surrogate pair', 'A\ud800 <a@b.de>', 'A\\ud800 <a@b.de>'],
	])('%s can start no header', (_title, text, entry) => {
		expect(refusal(() => parseAddressList(text, 'Cc')).subject).toBe(`Cc: "${entry}"`);
		expect(refusal(() => parseAddressList([text], 'Cc')).subject).toBe(`Cc: "${entry}"`);
	});

	test.each([
		['a list as address', { name: '', address: 'a@b.de, c@d.de' }, '"a@b.de, c@d.de"'],
		['a name as address', { name: '', address: 'A <a@b.de>' }, '"A <a@b.de>"'],
		[
			'a line break in the name',
			{ name: 'A\r\nBcc: x@y.de', address: 'a@b.de' },
			'"A\\r\\nBcc: x@y.de"',
		],
		['a line break behind the address', { name: '', address: 'a@b.de\r\n' }, '"a@b.de\\r\\n"'],
		['an empty address', { name: 'A', address: '' }, '""'],
		['no address', { name: 'A' }, '"object without address"'],
		['a name that is no text', { name: 1, address: 'a@b.de' }, '"object without address"'],
	])('an object with %s', (_title, input, entry) => {
		expect(refusal(() => parseAddressList(input, 'To')).subject).toBe(`To: ${entry}`);
	});

	test.each([[42], [true], [[null]], [[['a@b.de']]]])('%j', (input) => {
		expect(refusal(() => parseAddressList(input, 'To')).subject).toMatch(/^To: "/);
	});

	test('a local part above 64 bytes and a domain above 255', () => {
		const label = 'a'.repeat(63);
		const domain255 = [label, label, label, label].join('.');
		const domain256 = [label, label, label, 'a'.repeat(61), 'de'].join('.');
		expect(parseAddressList(`${'a'.repeat(64)}@b.de`, 'To')).toHaveLength(1);
		expect(refusal(() => parseAddressList(`${'a'.repeat(65)}@b.de`, 'To')).remedy).toContain(
			'64 bytes',
		);
		expect(refusal(() => parseAddressList(`${'ö'.repeat(33)}@b.de`, 'To')).remedy).toContain(
			'64 bytes',
		);
		expect(parseAddressList(`a@${domain255}`, 'To')).toHaveLength(1);
		expect(refusal(() => parseAddressList(`a@${domain256}`, 'To')).remedy).toContain('255 bytes');
		expect(refusal(() => parseAddressList(`a@${'a'.repeat(64)}.de`, 'To')).remedy).toContain(
			'domain',
		);
	});

	test('a long entry is cut in the message', () => {
		const { subject } = refusal(() => parseAddressList('x'.repeat(100_000), 'To'));
		expect(subject).toBe(`To: "${'x'.repeat(80)}…"`);
	});
});

describe('A field for one address', () => {
	test('takes one', () => {
		expect(parseAddress('Ann <a@b.de>', 'From')).toEqual({ name: 'Ann', address: 'a@b.de' });
		expect(parseAddress([{ address: 'a@b.de' }], 'From')).toEqual({ name: '', address: 'a@b.de' });
	});

	test.each([
		['', 'From: ""'],
		[undefined, 'From: ""'],
		['Team:;', 'From: "Team:;"'],
		['a@b.de, c@d.de', 'From: "a@b.de, c@d.de"'],
		[['a@b.de', 'c@d.de'], 'From: "a@b.de, c@d.de"'],
	])('refuses %j', (input, subject) => {
		expect(refusal(() => parseAddress(input, 'From')).subject).toBe(subject);
	});
});
