import fc from 'fast-check';
import {
	formatAddress,
	parseAddress,
	parseAddressList,
	sameAddress,
	toComparableAddress,
} from '../../../mail/address';
import { isMailError } from '../../../mail/errors';
import type { Address } from '../../../mail/message';

/** Text that is likely to hit the grammar: its delimiters, controls, and characters of several scripts. */
const hostileText = fc
	.array(
		fc.oneof(
			{
				weight: 6,
				arbitrary: fc.constantFrom(...'ab.@<>"\\(),;:[] \t\r\n\0ß田\u200b\u0085\u2028'),
			},
			{
				weight: 2,
				arbitrary: fc.constantFrom(
					'a@b.de',
					'Name <c@d.de>',
					'\r\nBcc: ',
					'[IPv6:',
					'\ud800',
					'xn--',
				),
			},
			{ weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
		),
		{ maxLength: 30 },
	)
	.map((parts) => parts.join(''));

/** Addresses as received mail gives them once their quotes are gone, made to read as several. */
const lostQuotes = fc
	.tuple(
		fc.array(fc.constantFrom('a@b.de', 'x', 'A <a@b.de>', '"', 'y:'), {
			minLength: 1,
			maxLength: 3,
		}),
		fc.constantFrom(', ', ';', ' '),
		fc.constantFrom('z.de', 'z.de, a@b.de', 'z.de>, <a@b.de', 'z.de;'),
	)
	.map(([parts, separator, host]) => `${parts.join(separator)}@${host}`);

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
const domain = fc.oneof(
	fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
	fc.constantFrom('müller.de', 'straße.example', '例え.テスト', '[192.0.2.1]', '[IPv6:::1]'),
);
const local = fc.oneof(
	fc.stringMatching(/^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\.[a-z]{1,10}){0,2}$/),
	fc.constantFrom('jörg', '用户', '"a b"', '"x@y, z"', '"quote \\" and \\\\"', '"<>"'),
);
const name = fc.string({ unit: 'grapheme' }).map((text) =>
	text
		.replace(/[\u0000-\u001f\u007f-\u009f]/g, '')
		.replace(/\s+/g, ' ')
		.trim(),
);
const address: fc.Arbitrary<Address> = fc.record({
	name,
	address: fc.tuple(local, domain).map((parts) => parts.join('@')),
});

/** What a parser gave, or undefined where it refused; any other error is a failure. */
function parse(input: unknown): Address[] | undefined {
	try {
		return parseAddressList(input, 'To');
	} catch (error) {
		if (isMailError(error, 'message.invalid')) return undefined;
		throw error;
	}
}

const BREAKS = /[\r\n\0\u0085\u2028\u2029]/;

describe('For all addresses', () => {
	test('what is formatted is parsed to the same', () => {
		fc.assert(
			fc.property(fc.array(address), fc.constantFrom(', ', ';', ' ;, '), (list, separator) => {
				expect(parseAddressList(list.map(formatAddress).join(separator), 'To')).toEqual(list);
				expect(parseAddressList(list, 'To')).toEqual(list);
			}),
		);
	});

	test('an address is the same in upper case and with its domain as A-labels', () => {
		fc.assert(
			fc.property(address, (value) => {
				const comparable = toComparableAddress(value.address);
				const domain = comparable?.domain ?? '';
				expect(
					sameAddress(value, value.address.replace(/@[^@]*$/, `@${domain.toUpperCase()}`)),
				).toBe(true);
			}),
		);
	});
});

describe('For all texts', () => {
	test('the parser refuses by name or gives addresses that hold no line break', () => {
		fc.assert(
			fc.property(hostileText, (text) => {
				for (const { name, address } of parse(text) ?? []) {
					expect(name).not.toMatch(BREAKS);
					expect(address).not.toMatch(BREAKS);
					expect(address).toMatch(/.@./);
				}
			}),
			{ numRuns: 2000 },
		);
	});

	test('what was parsed is stable: formatted and parsed again it is the same', () => {
		fc.assert(
			fc.property(hostileText, (text) => {
				const list = parse(text);
				if (list === undefined) return;
				expect(parse(list.map(formatAddress).join(', '))).toEqual(list);
				expect(parse(list)).toEqual(list);
			}),
			{ numRuns: 2000 },
		);
	});

	test('an unchecked address is formatted on one line and never reads as two', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.constant(''), hostileText),
				fc.oneof(hostileText, lostQuotes),
				(name, address) => {
					const line = formatAddress({ name, address });
					expect(line).not.toMatch(BREAKS);
					expect((parse(line) ?? []).length).toBeLessThanOrEqual(1);
				},
			),
			{ numRuns: 2000 },
		);
	});

	test('comparing never throws', () => {
		fc.assert(
			fc.property(hostileText, hostileText, (a, b) => {
				expect(sameAddress(a, b)).toBe(sameAddress(b, a));
			}),
		);
	});

	test('a refusal is one printable line', () => {
		fc.assert(
			fc.property(hostileText, (text) => {
				try {
					parseAddress(text, 'From');
				} catch (error) {
					expect(error instanceof Error && error.message).not.toMatch(BREAKS);
				}
			}),
		);
	});
});

describe('A long list does not block', () => {
	/** Generous for a slow machine; quadratic reading would need minutes. */
	const BUDGET_MS = 2_000;

	function elapsedMs(work: () => unknown): number {
		const start = performance.now();
		work();
		return performance.now() - start;
	}

	test('40,000 recipients', () => {
		const list = Array.from(
			{ length: 40_000 },
			(_, index) => `"User, ${index}" <user${index}@example.com>`,
		);
		expect(
			elapsedMs(() => expect(parseAddressList(list.join(', '), 'To')).toHaveLength(40_000)),
		).toBeLessThan(BUDGET_MS);
		expect(elapsedMs(() => expect(parseAddressList(list, 'To')).toHaveLength(40_000))).toBeLessThan(
			BUDGET_MS,
		);
	});

	test.each([
		['open quotes', '"'],
		['open brackets', '<'],
		['open comments', '('],
		['open literals', 'a@['],
		['escapes', '"\\'],
		['at signs', '@'],
		['dots', '.'],
		['spaces', ' '],
		['colons', ':'],
		['separators', ',;'],
		['bare words', 'a '],
		['letters', 'a'],
		['international letters', 'ö'],
		['quoted words', '"a"'],
		['half addresses', 'a@'],
	])('a megabyte of %s', (_title, unit) => {
		const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
		expect(elapsedMs(() => parse(text))).toBeLessThan(BUDGET_MS);
		expect(elapsedMs(() => parse(`${text}@b.de`))).toBeLessThan(BUDGET_MS);
		expect(elapsedMs(() => parse({ address: `${text}@b.de` }))).toBeLessThan(BUDGET_MS);
		expect(elapsedMs(() => toComparableAddress(`${text}@${text}`))).toBeLessThan(BUDGET_MS);
		expect(elapsedMs(() => formatAddress({ name: text, address: `${text}@${text}` }))).toBeLessThan(
			BUDGET_MS,
		);
	});
});
