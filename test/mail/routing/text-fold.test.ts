import fc from 'fast-check';
import { foldText } from '../../../mail/routing/text-fold';

describe('Texts are the same', () => {
	test.each([
		['in any case', 'INVOICE', 'invoice'],
		['with ß, ẞ and SS', 'STRASSE', 'straße'],
		['with a capital sharp s', 'STRAẞE', 'Strasse'],
		['with a Greek final sigma', 'ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
		['with Turkish dotted capitals', 'İSTANBUL', 'istanbul'],
		['with Turkish dotless letters', 'KIRMIZI', 'kırmızı'],
		['in Cyrillic', 'СЧЁТ', 'счёт'],
		['with ligatures', 'Oﬀer ﬁle', 'OFFER FILE'],
		['with wide letters', 'ＩＮＶＯＩＣＥ', 'invoice'],
		['with half-width kana', 'ﾃｽﾄ', 'テスト'],
		['composed or not', 'caf\u0065\u0301', 'CAFÉ'],
		['with letters whose capital is two characters', 'ǰ', 'J\u030c'],
		['with any white space', ' a\t\r\n  b\u00a0c ', 'a b c'],
	])('%s', (_title, a, b) => {
		expect(foldText(a)).toBe(foldText(b));
	});

	test.each([
		['a', 'ä'],
		['o', 'ö'],
		['е', 'e'],
		['1', 'l'],
	])('but not %s and %s', (a, b) => {
		expect(foldText(a)).not.toBe(foldText(b));
	});

	test('folding twice changes nothing, and only white space folds to nothing', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				expect(foldText(foldText(text))).toBe(foldText(text));
				expect(foldText(text) === '').toBe(text.trim() === '');
			}),
			{ numRuns: 5000 },
		);
	});
});
