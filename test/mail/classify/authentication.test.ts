import fc from 'fast-check';
import { toAuthenticationVerdicts } from '../../../mail/classify/authentication';

function verdictsOf(trusted: string[], ...fields: string[]) {
	return toAuthenticationVerdicts(new Map([['authentication-results', fields]]), trusted);
}

const nothing = { spf: 'none', dkim: 'none', dmarc: 'none' };

describe('Verdicts of the receiving server', () => {
	test('are read as servers write them', () => {
		const google =
			'mx.google.com; dkim=pass header.i=@a.test header.s=s1 header.b=x; spf=pass (google.com: domain of x@a.test designates 192.0.2.1; as sender) smtp.mailfrom=x@a.test; dmarc=pass (p=NONE; sp=NONE) header.from=a.test';
		expect(verdictsOf(['mx.google.com'], google)).toEqual({
			spf: 'pass',
			dkim: 'pass',
			dmarc: 'pass',
		});
		expect(
			verdictsOf(
				['MX.example.test '],
				'mx.example.test 1; spf=softfail; dkim=permerror; dmarc=fail',
			),
		).toEqual({ spf: 'fail', dkim: 'none', dmarc: 'fail' });
	});

	test('of servers that are not trusted do not count, wherever they stand', () => {
		const forged = 'mx.evil.test; spf=pass; dkim=pass; dmarc=pass';
		expect(verdictsOf(['mx.good.test'], forged)).toEqual(nothing);
		expect(verdictsOf(['mx.good.test'], forged, 'mx.good.test; dmarc=fail')).toEqual({
			...nothing,
			dmarc: 'fail',
		});
		expect(verdictsOf([], forged)).toEqual(nothing);
	});

	test('cannot be smuggled into comments, quotes, or the name of the server', () => {
		for (const field of [
			'mx.good.test; spf=fail (; dmarc=pass; dkim=pass)',
			'mx.good.test; spf=fail reason="; dmarc=pass; dkim=pass"',
			'mx.good.test; spf=fail smtp.mailfrom="x;dmarc=pass"@a.test',
			'mx.good.test; spf=fail reason="\\"; dmarc=pass"',
		]) {
			expect(verdictsOf(['mx.good.test'], field)).toEqual({ ...nothing, spf: 'fail' });
		}
		expect(verdictsOf(['mx.good.test'], 'mx.good.test.evil.test; dmarc=pass')).toEqual(nothing);
		expect(verdictsOf(['mx.good.test'], '"evil;mx.good.test"; dmarc=pass')).toEqual(nothing);
	});

	test('of several signatures: one that passes is enough', () => {
		const field = 'mx.good.test; dkim=fail header.d=a.test; dkim=pass header.d=b.test; dkim=fail';
		expect(verdictsOf(['mx.good.test'], field).dkim).toBe('pass');
	});

	test('are always one of the three words, whatever stands there', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: 'binary' })), (fields) => {
				const found = verdictsOf(['a'], ...fields.map((field) => `a; ${field}`));
				expect(Object.keys(found)).toEqual(['spf', 'dkim', 'dmarc']);
				for (const verdict of Object.values(found)) expect(verdict).toMatch(/^(pass|fail|none)$/);
			}),
		);
	});

	test('take no longer for fields that are made to hurt', () => {
		const from = performance.now();
		verdictsOf(['a'], ...Array.from({ length: 2_000 }, () => `a; ${'(;"\\'.repeat(25_000)}`));
		expect(performance.now() - from).toBeLessThan(1_000);
	});
});
