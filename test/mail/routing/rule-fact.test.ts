import type { MessageHead } from '../../../mail/message';
import type { Rule } from '../../../mail/routing/route';
import { createRouter } from '../../../mail/routing/router';
import { addresses, createHead } from './head';
import { route, settings } from './settings';

function reason(rule: Rule, head: Partial<MessageHead>, trustedServers: string[] = []) {
	const router = createRouter({ ...settings([route({ rules: [rule] })]), trustedServers });
	return router.decide(createHead(head)).matches[0]?.because.join();
}

describe('A rule on the kind of a mail', () => {
	test('holds for one of the kinds', () => {
		const rule = { field: 'kind', value: 'bounce;outOfOffice' } as const;
		const headers = new Map([['auto-submitted', ['auto-replied (vacation)']]]);
		expect(reason(rule, { headers })).toBe('it is an out-of-office note');
		expect(reason(rule, {})).toBeUndefined();
	});
});

describe('A rule on the size', () => {
	test.each([
		['larger', '2', 2049, 'it is larger than 2 kB'],
		['larger', '2', 2048, undefined],
		['smaller', '0,5', 511, 'it is smaller than 0.5 kB'],
		['smaller', '0.5', 512, undefined],
	] as const)('%s than %s kB, of a mail of %s bytes: %s', (operator, value, sizeBytes, because) => {
		expect(reason({ field: 'size', operator, value }, { sizeBytes })).toBe(because);
	});

	test.each(['', 'large', '-1', '1 MB'])('refuses "%s"', (value) => {
		expect(() => reason({ field: 'size', value }, {})).toThrow('is not a size in kilobytes');
	});
});

describe('A rule on marks', () => {
	test.each([
		['unread', [], 'it is marked "unread"'],
		['read; flagged', ['\\Flagged'], 'it is marked "flagged"'],
		['$Important', ['$important', '\\Seen'], 'it is marked "$Important"'],
		['unread', ['\\Seen'], undefined],
	])('%s, of a mail with the flags %j: %s', (value, flags, because) => {
		expect(reason({ field: 'mark', value }, { flags })).toBe(because);
	});

	it('knows the halves of the Focused Inbox where the source does', () => {
		const rule = { field: 'mark', value: 'focused' } as const;
		expect(reason(rule, { inbox: 'focused' })).toBe('it is marked "focused"');
		expect(reason(rule, { inbox: 'other' })).toBeUndefined();
		expect(reason(rule, {})).toBeUndefined();
	});
});

describe('A rule on the recipient', () => {
	const head = {
		to: addresses('list@a.test'),
		cc: addresses('cc@a.test'),
		headers: new Map([
			['delivered-to', ['me@a.test']],
			['x-original-to', ['<blind@a.test>']],
		]),
	};

	test.each([
		['visible', 'me@a.test; cc@a.test', 'recipient is "cc@a.test"'],
		['to', 'cc@a.test; *@a.test', 'recipient in To matches "*@a.test"'],
		['to', 'cc@a.test', undefined],
		['cc', 'cc@a.test', 'recipient in Cc is "cc@a.test"'],
		['delivered', 'blind@a.test', 'delivery address is "blind@a.test"'],
		['delivered', 'list@a.test', undefined],
	] as const)('looks where it is told: %s has %s', (operator, value, because) => {
		expect(reason({ field: 'recipient', operator, value }, head)).toBe(because);
	});
});

describe('A rule on the authentication', () => {
	const headers = new Map([['authentication-results', ['mx.a.test; dmarc=fail; spf=pass']]]);
	const rule = { field: 'authentication', value: 'dkim=fail;dmarc=fail' } as const;

	test('holds by the word of a trusted server', () => {
		expect(reason(rule, { headers }, ['mx.a.test'])).toBe('DMARC is fail');
		expect(reason(rule, { headers }, ['mx.other.test'])).toBeUndefined();
	});

	test('is told with every mail, also where no rule asks for it', () => {
		const subject = { field: 'subject', operator: 'contains', value: 'x' } as const;
		const decide = (trustedServers: string[]) =>
			createRouter({ ...settings([route({ rules: [subject] })]), trustedServers }).decide(
				createHead({ headers }),
			);
		expect(decide(['mx.a.test']).authentication).toEqual({
			spf: 'pass',
			dkim: 'none',
			dmarc: 'fail',
		});
		expect(decide(['mx.other.test']).authentication).toEqual({
			spf: 'none',
			dkim: 'none',
			dmarc: 'none',
		});
		expect(decide([]).authentication).toBeUndefined();
	});

	test('cannot be asked for where no server is trusted', () => {
		expect(() => reason(rule, { headers })).toThrow('Trusted Authentication Servers');
	});
});
