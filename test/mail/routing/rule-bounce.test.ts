import type { Rule } from '../../../mail/routing/route';
import { createRouter } from '../../../mail/routing/router';
import { parseMail, readCorpus, readFacts } from '../../support/parsed-mail';
import { createHead } from './head';
import { route, settings } from './settings';

function reason(rule: Omit<Rule, 'field'>, name: string) {
	const router = createRouter(settings([route({ rules: [{ field: 'bounce', ...rule }] })]));
	const source = readCorpus(name);
	const { head } = parseMail(source);
	const { matches } = router.decide(head, { text: '', facts: readFacts(source) });
	return matches[0]?.because.join();
}

describe('A rule on bounced recipients', () => {
	test.each([
		['permanent', 'bounce/postfix', 'it bounced: permanent'],
		['permanent', 'bounce/postfix-delayed', undefined],
		['Temporary', 'bounce/postfix-delayed', 'it bounced: temporary'],
		['temporary; 5.7', 'bounce/postfix', undefined],
		['5.1.*', 'bounce/postfix', 'it bounced with status 5.1'],
		['5', 'bounce/exchange-online', 'it bounced with status 5'],
		['5.1.1', 'bounce/exchange-online', undefined],
		['permanent', 'bounce/success', undefined],
		['success', 'bounce/success', 'it bounced: success'],
		['permanent', 'bounce/qmail', 'it bounced: permanent'],
		['permanent', 'signed', undefined],
	])('status %s, of %s: %s', (value, name, because) => {
		expect(reason({ value }, name)).toBe(because);
	});

	test.each([
		['nobody@customer.test', 'bounced recipient is "nobody@customer.test"'],
		['sales@customer.test', 'bounced recipient is "sales@customer.test"'],
		['*@customer.test', 'bounced recipient matches "*@customer.test"'],
		['support@sender.test', undefined],
	])('address %s: %s', (value, because) => {
		expect(reason({ operator: 'address', value }, 'bounce/postfix')).toBe(because);
	});

	test('negated, holds also for mail that is no bounce', () => {
		expect(reason({ value: 'permanent', negate: true }, 'signed')).toBe(
			'not Bounced Recipient status "permanent"',
		);
	});

	test.each(['', 'hard', '5.1.1.1', '3', '9.9.9'])('refuses the status "%s"', (value) => {
		expect(() =>
			createRouter(settings([route({ rules: [{ field: 'bounce', value }] })])).decide(createHead()),
		).toThrow(/rule 1: /);
	});
});
