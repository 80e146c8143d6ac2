import fc from 'fast-check';
import { isMailError } from '../../../mail/errors';
import { createRefusal } from '../../../mail/routing/refusal';
import { splitFilledList, splitList } from '../../../mail/routing/value-list';

const refuse = createRefusal('here');

describe('A list of values', () => {
	test.each([
		['one value', 'invoice', ['invoice']],
		['semicolons', 'a;b;c', ['a', 'b', 'c']],
		['spaces around values', '  a b ;\tc  ', ['a b', 'c']],
		['empty entries', ';; a ; ;b;', ['a', 'b']],
		['a quoted semicolon', '"a;b"; c', ['a;b', 'c']],
		['doubled quotes', '"say ""hi; you"""', ['say "hi; you"']],
		['quotes around a part', '"Re; Fwd" news; x', ['"Re; Fwd" news', 'x']],
		['a quote inside a value', '5" disk; 3" disk', ['5" disk', '3" disk']],
		['empty quotes', '""; " "; a', ['a']],
		['nothing', ' ', []],
		['commas', 'a, b', ['a, b']],
	])('is split with %s', (_title, text, expected) => {
		expect(splitList(text, refuse)).toEqual(expected);
	});

	test('refuses an open quote', () => {
		expect(() => splitList('a; "b; c', refuse)).toThrow('here: a double quote is not closed');
	});

	test.each([[''], [' '], [';;'], ['""']])('without entries is empty: %j', (text) => {
		expect(() => splitFilledList(text, 'key words', refuse)).toThrow(
			'here: the list of key words is empty',
		);
	});

	test('gives back whatever was quoted', () => {
		const entry = fc.string().map((text) => text.trim());
		fc.assert(
			fc.property(fc.array(entry), (entries) => {
				const text = entries.map((value) => `"${value.replaceAll('"', '""')}"`).join(';');
				expect(splitList(text, refuse)).toEqual(entries.filter((value) => value !== ''));
			}),
		);
	});

	test('is split or refused, whatever the text', () => {
		const piece = fc.constantFrom('"', ';', ' ', 'a', '""', '\n');
		fc.assert(
			fc.property(fc.array(piece), (pieces) => {
				try {
					for (const entry of splitList(pieces.join(''), refuse)) {
						expect(entry).toBe(entry.trim());
						expect(entry).not.toBe('');
					}
				} catch (error) {
					expect(isMailError(error, 'settings.invalid')).toBe(true);
				}
			}),
		);
	});
});
