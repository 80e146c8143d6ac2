import { findUnreachable } from '../../../mail/routing/reach';
import type { Route } from '../../../mail/routing/route';
import { route, rule, settings } from './settings';

const invoice = rule('subject', 'invoice');
const important = rule('importance');
const pdf = rule('attachmentType', '.pdf');

const found = (...parts: Array<Partial<Route>>) =>
	findUnreachable(settings(parts.map((each, index) => route({ name: `R${index}`, ...each }))));

describe('A route that an earlier one leaves nothing for', () => {
	test.each<[string, Partial<Route>, Partial<Route>]>([
		['the same rules', { rules: [invoice] }, { rules: [invoice] }],
		['a rule more', { rules: [invoice] }, { rules: [pdf, invoice] }],
		['any of what is enough', { match: 'any', rules: [invoice, pdf] }, { rules: [pdf] }],
		[
			'any of fewer',
			{ match: 'any', rules: [invoice, pdf, important] },
			{ match: 'any', rules: [pdf, invoice] },
		],
		[
			'one of its recipients',
			{ recipientAddress: 'a@b.test; C@b.test' },
			{ recipientAddress: 'c@b.test', rules: [invoice] },
		],
	])('is named: %s', (_title, earlier, later) => {
		expect(found(earlier, later)).toEqual([{ index: 1, takenBy: 0 }]);
	});

	test.each<[string, Partial<Route>, Partial<Route>]>([
		['a rule fewer', { rules: [invoice, pdf] }, { rules: [invoice] }],
		['any of more', { match: 'any', rules: [pdf] }, { match: 'any', rules: [pdf, invoice] }],
		['any where all are asked', { rules: [pdf, invoice] }, { match: 'any', rules: [pdf, invoice] }],
		['another recipient', { recipientAddress: 'a@b.test' }, { recipientAddress: 'c@b.test' }],
		['any recipient', { recipientAddress: 'a@b.test', rules: [pdf] }, { rules: [pdf] }],
		['its negation', { rules: [invoice] }, { rules: [{ ...invoice, negate: true }] }],
		['an earlier one that is off', { enabled: false, rules: [invoice] }, { rules: [invoice] }],
		['a smaller priority', { rules: [invoice] }, { priority: 1, rules: [invoice, pdf] }],
	])('is not named for what may come: %s', (_title, earlier, later) => {
		expect(found(earlier, later)).toEqual([]);
	});

	test('is asked for where each fitting route gets a copy, and so always reached', () => {
		const routes = [route({ name: 'A', rules: [pdf] }), route({ name: 'B', rules: [pdf] })];
		expect(findUnreachable(settings(routes, { mode: 'every' }))).toEqual([]);
	});
});
