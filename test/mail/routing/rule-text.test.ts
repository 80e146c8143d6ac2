import type { MessageHead } from '../../../mail/message';
import type { Rule } from '../../../mail/routing/route';
import { createRouter } from '../../../mail/routing/router';
import { attachment, createHead } from './head';
import { route, settings } from './settings';

function matchOf(rule: Rule, head: Partial<MessageHead>, text = '') {
	return createRouter(settings([route({ rules: [rule] })])).decide(createHead(head), { text })
		.matches[0];
}

const reason = (rule: Rule, head: Partial<MessageHead>, text?: string) =>
	matchOf(rule, head, text)?.because.join();

describe('A rule on a text', () => {
	test.each([
		['contains', 'voice', 'subject contains "voice"'],
		['is', 'invoice 7', 'subject is "invoice 7"'],
		['beginsWith', 'x; INV', 'subject begins with "INV"'],
		['endsWith', '7', 'subject ends with "7"'],
	] as const)('holds where the text %s one of the key words', (operator, value, because) => {
		expect(reason({ field: 'subject', operator, value }, { subject: 'Invoice 7' })).toBe(because);
		expect(reason({ field: 'subject', operator, value }, { subject: 'Order 8' })).toBeUndefined();
	});

	test('looks at every field of a header, whose name is written in any case', () => {
		const headers = new Map([['x-ticket', ['a', 'urgent one']]]);
		const rule = { field: 'header', header: 'X-Ticket:', value: 'urgent' } as const;
		expect(reason(rule, { headers })).toBe('header x-ticket contains "urgent"');
		expect(reason(rule, {})).toBeUndefined();
	});

	test('looks at the names of attachments, not of images inside the text', () => {
		const rule = { field: 'attachmentName', value: 'order' } as const;
		const file = { fileName: 'Order-7.pdf' };
		expect(reason(rule, { attachments: [attachment(file)] })).toBe(
			'attachment name contains "order"',
		);
		expect(reason(rule, { attachments: [attachment({ ...file, inline: true })] })).toBeUndefined();
	});

	test('looks at the text of the mail', () => {
		const rule = { field: 'body', value: 'cancel my order' } as const;
		expect(reason(rule, {}, 'Please\n  CANCEL my order.')).toBe('text contains "cancel my order"');
		expect(reason(rule, { subject: 'cancel my order' }, 'No.')).toBeUndefined();
	});

	test('that is negated holds where it would not, and says so', () => {
		const rule = { field: 'subject', value: 'invoice', negate: true } as const;
		expect(reason(rule, { subject: 'Order' })).toBe('not Subject contains "invoice"');
		expect(reason(rule, { subject: 'Invoice' })).toBeUndefined();
	});
});

describe('A pattern', () => {
	const pattern = (value: string): Rule => ({ field: 'subject', operator: 'matches', value });

	test('gives what its named groups found to the workflow', () => {
		const match = matchOf(pattern('order #(?P<order>[0-9]+)(?: of (?P<customer>\\w+))?'), {
			subject: 'Your ORDER #4711',
		});
		expect(match).toMatchObject({
			because: ['subject matches the pattern, at "ORDER #4711"'],
			captured: { order: '4711' },
		});
	});

	test('of a later rule gives its groups too; of two with one name the first counts', () => {
		const rules = [pattern('(?P<a>x)'), pattern('(?P<a>y)(?P<b>z)')];
		const router = createRouter(settings([route({ rules })]));
		const [match] = router.decide(createHead({ subject: 'x yz' })).matches;
		expect(match?.captured).toEqual({ a: 'x', b: 'z' });
	});

	test('says what is wrong with it before the workflow starts', () => {
		const refused = (value: string) => () => matchOf(pattern(value), {});
		expect(refused('(a')).toThrow('route "A", rule 1: "(a" is no pattern that can be used');
		expect(refused('(?=a)')).toThrow('invalid or unsupported Perl syntax');
		expect(refused(' ')).toThrow('the pattern is empty');
	});

	test.each([
		['(a+)+$', `${'a'.repeat(19_000)}!`],
		['(.*)*x', 'y'.repeat(19_000)],
		['([a-z]+)*[0-9]', 'a '.repeat(9_000)],
	])('that would hang other engines does not hang this one: %s', (value, subject) => {
		const from = performance.now();
		expect(matchOf(pattern(value), { subject })).toBeUndefined();
		expect(performance.now() - from).toBeLessThan(3_000);
	});
});
