import { createRouter } from '../../../mail/routing/router';
import { addresses, createHead } from './head';
import { route, rule, settings } from './settings';

const invoice = rule('subject', 'invoice');
const important = rule('importance');
const head = createHead({
	subject: 'Invoice',
	to: addresses('billing@example.org'),
	cc: addresses('boss@example.org'),
});

describe('A route', () => {
	const takes = (parts: Parameters<typeof route>[0]) =>
		createRouter(settings([route(parts)])).decide(head).matches[0]?.because;

	test('takes a mail for which all its rules hold, and says why', () => {
		expect(takes({ rules: [invoice, rule('recipient', 'boss@example.org')] })).toEqual([
			'subject contains "invoice"',
			'recipient is "boss@example.org"',
		]);
		expect(takes({ rules: [invoice, important] })).toBeUndefined();
	});

	test('that asks for any rule needs one, and names each that held', () => {
		expect(takes({ match: 'any', rules: [important, invoice] })).toEqual([
			'subject contains "invoice"',
		]);
		expect(
			takes({ match: 'any', rules: [invoice, important, rule('recipient', '*@example.org')] }),
		).toEqual(['subject contains "invoice"', 'recipient matches "*@example.org"']);
		expect(takes({ match: 'any', rules: [important] })).toBeUndefined();
	});

	test('with a recipient address and no rules goes by the recipient alone', () => {
		const recipientAddress = 'sales@example.org; billing@example.org';
		expect(takes({ recipientAddress })).toEqual(['recipient is "billing@example.org"']);
		expect(takes({ recipientAddress, match: 'any' })).toEqual([
			'recipient is "billing@example.org"',
		]);
		expect(takes({ recipientAddress: 'sales@example.org' })).toBeUndefined();
	});

	test('with a recipient address needs it beside its rules, also where any rule is enough', () => {
		expect(takes({ recipientAddress: '*@example.org', rules: [invoice] })).toEqual([
			'recipient matches "*@example.org"',
			'subject contains "invoice"',
		]);
		expect(takes({ recipientAddress: '*@example.org', rules: [important] })).toBeUndefined();
		expect(takes({ recipientAddress: 'x@y.de', match: 'any', rules: [invoice] })).toBeUndefined();
	});

	test('that is off takes nothing', () => {
		expect(takes({ enabled: false, rules: [invoice] })).toBeUndefined();
	});
});

describe('The test mode of routes', () => {
	test.each([
		[false, ['Both', 'Live']],
		[true, ['Both', 'Test']],
	])('decides who takes part; is a test: %s', (isTest, names) => {
		const routes = (['both', 'live', 'test'] as const).map((runsIn) =>
			route({ name: runsIn[0]?.toUpperCase() + runsIn.slice(1), runsIn, rules: [invoice] }),
		);
		const router = createRouter({ ...settings(routes, { mode: 'every' }), isTest });
		expect(router.decide(head).matches.map(({ name }) => name)).toEqual(names);
	});
});

describe('The priority of routes', () => {
	const takers = (...priorities: Array<number | undefined>) => {
		const routes = priorities.map((priority, index) =>
			route({ name: `R${index}`, priority, rules: [invoice] }),
		);
		return createRouter(settings(routes))
			.decide(head)
			.matches.map(({ index }) => index);
	};

	test('decides which is asked first, and leaves the outputs where they are', () => {
		expect(takers(undefined, 99, 100)).toEqual([1]);
		expect(takers(100, 100)).toEqual([0]);
		expect(takers(200, undefined)).toEqual([1]);
		expect(takers(0, -1)).toEqual([1]);
	});
});

describe('Several routes', () => {
	const routes = [
		route({ name: 'Off', enabled: false, rules: [invoice] }),
		route({ name: 'Urgent', rules: [important] }),
		route({ name: 'Invoices', rules: [invoice] }),
		route({ name: 'Boss', recipientAddress: 'boss@example.org' }),
	];
	const taken = (mode: 'first' | 'every', mail = head) =>
		createRouter(settings(routes, { mode }))
			.decide(mail)
			.matches.map(({ index, name }) => [index, name]);

	test('are asked in order, and the first that fits takes the mail', () => {
		expect(taken('first')).toEqual([[2, 'Invoices']]);
	});

	test('each take a copy where every match is asked for', () => {
		expect(taken('every')).toEqual([
			[2, 'Invoices'],
			[3, 'Boss'],
		]);
	});

	test('leave to the fallback what none of them takes', () => {
		expect(taken('first', createHead())).toEqual([]);
		expect(taken('every', createHead())).toEqual([]);
		expect(createRouter(settings([])).decide(head)).toEqual({ matches: [] });
	});
});

describe('The company of the sender', () => {
	const companies = [
		{ name: ' Acme ', domains: 'acme.com', addresses: '' },
		{ name: 'Other', domains: '', addresses: 'x@other.de' },
	];
	const company = (...from: string[]) =>
		createRouter(settings([], { companies })).decide(createHead({ from: addresses(...from) }));

	test('is told wherever the directory knows it, without any rule', () => {
		expect(company('a@acme.com')).toEqual({ matches: [], company: 'Acme' });
		expect(company('stranger@x.de', 'x@other.de', 'a@acme.com')).toEqual({
			matches: [],
			company: 'Other',
		});
	});

	test('is left out for strangers', () => {
		expect(company('a@x.de')).toEqual({ matches: [] });
		expect(company()).toEqual({ matches: [] });
	});
});
