import { sameAddress, toComparableAddress } from '../../../mail/address';

describe('Addresses are compared', () => {
	test.each([
		['without regard to case', 'Ann.Bell@Example.COM', 'ann.bell@example.com'],
		['by the A-labels of the domain', 'a@müller.de', 'A@xn--mller-kva.DE'],
		['with the case of international domains folded', 'a@MÜLLER.de', 'a@müller.de'],
		['with Unicode dots', 'a@例え。テスト', 'a@例え.テスト'],
		['by composed characters', 'jo\u0308rg@b.de', 'j\u00f6rg@b.de'],
		['without regard to case in other scripts', 'ПОЧТА@b.de', 'почта@b.de'],
		['without quotes that mean nothing', '"ann"@b.de', 'ann@b.de'],
		['with quotes that received mail has lost', 'a b@c.de', '"a b"@c.de'],
		['without the root dot', 'a@b.de.', 'a@b.de'],
		['without spaces around them', ' a@b.de ', 'a@b.de'],
		['as literals', 'a@[IPv6:2001:DB8::1]', 'a@[ipv6:2001:db8::1]'],
	])('%s', (_title, a, b) => {
		expect(toComparableAddress(a)).toBeDefined();
		expect(toComparableAddress(a)).toEqual(toComparableAddress(b));
		expect(sameAddress(a, b)).toBe(true);
	});

	test.each([
		['another user', 'a@b.de', 'b@b.de'],
		['another domain', 'a@b.de', 'a@c.de'],
		['a sub-domain', 'a@b.de', 'a@x.b.de'],
		['a user with a tag', 'a@b.de', 'a+x@b.de'],
		['an international look-alike', 'a@muller.de', 'a@müller.de'],
	])('and differ for %s', (_title, a, b) => {
		expect(sameAddress(a, b)).toBe(false);
	});

	test('whatever their display names', () => {
		const address = 'a@b.de';
		expect(sameAddress({ name: 'A', address }, { name: 'B', address: 'A@B.de' })).toBe(true);
		expect(sameAddress({ name: address, address: 'x@y.de' }, { name: address, address })).toBe(
			false,
		);
	});

	test.each([
		[''],
		['foo'],
		['@b.de'],
		['""@b.de'],
		['a@'],
		['a@.'],
		['a@b..de'],
		['a@b c.de'],
		['a@b.de>, <c'],
		['a\r\nb@c.de'],
		[`a@${'b'.repeat(1_000_000)}`],
	])('never where there is no address: %.20j', (text) => {
		expect(toComparableAddress(text)).toBeUndefined();
		expect(sameAddress(text, 'a@b.de')).toBe(false);
		expect(sameAddress(text, text)).toBe(true);
	});

	test('the domain is what stands behind the last @', () => {
		expect(toComparableAddress('victim@good.de@evil.de')).toEqual({
			local: 'victim@good.de',
			domain: 'evil.de',
		});
	});
});
