import { parseAddressHeader } from '../../../../mail/drivers/mime/address-header';

describe('an address field', () => {
	it.each<[string, string[]]>([
		['a@b.test', ['|a@b.test']],
		['Ada <a@b.test>, "Last, First" <c@d.test>', ['Ada|a@b.test', 'Last, First|c@d.test']],
		['=?utf-8?Q?J=C3=BCrgen=2C_M?= <j@b.test>', ['Jürgen, M|j@b.test']],
		['Team: a@b.test, C <c@d.test>;', ['|a@b.test', 'C|c@d.test']],
		['undisclosed-recipients:;', []],
		['nobody', []],
		['', []],
		['old@b.test (Old Name)', ['Old Name|old@b.test']],
	])('%s', (value, expected) => {
		expect(parseAddressHeader(value).map(({ name, address }) => `${name}|${address}`)).toEqual(
			expected,
		);
	});

	it('is read in linear time', () => {
		const start = performance.now();
		for (const text of ['a@b.test, '.repeat(10_000), '<'.repeat(100_000), '('.repeat(100_000)]) {
			parseAddressHeader(text);
		}
		expect(performance.now() - start).toBeLessThan(2_000);
	});
});
