import type { MessageHead } from '../../../mail/message';
import { createRouter } from '../../../mail/routing/router';
import { toCpuMs } from '../../support/cpu-time';
import { addresses, attachment, createHead } from './head';
import { route, rule, settings } from './settings';

/** Generous for a slow machine; work that grows with routes times recipients would need minutes. */
const BUDGET_MS = 3_000;

const routes = Array.from({ length: 1000 }, (_, index) =>
	route({
		name: `Route ${index}`,
		recipientAddress: `r${index}@example.org; *@*.r${index}.example.org`,
		match: 'any',
		rules: [
			rule('subject', `order ${index}; invoice ${index}`),
			rule('sender', `*@sender${index}.example; a${index}@x.example; *@*.z${index}.example`),
			rule('attachmentType', `.x${index}; image/x${index}`),
		],
	}),
);
const ruleRoutes = routes.map((each) => ({ ...each, recipientAddress: '' }));

function costMs(parts: Partial<MessageHead>): number {
	const router = createRouter(
		settings([...ruleRoutes, ...routes.map((each) => ({ ...each, name: `B ${each.name}` }))]),
	);
	const head = createHead(parts);
	return toCpuMs(() => expect(router.decide(head).matches).toEqual([]));
}

describe('Routing by 2,000 routes does not block', () => {
	test.each<[string, Partial<MessageHead>]>([
		[
			'40,000 recipients',
			{
				to: addresses(
					...Array.from({ length: 40_000 }, (_, index) => `u${index}@d${index}.example.net`),
				),
			},
		],
		[
			'40,000 authors',
			{ from: addresses(...Array.from({ length: 40_000 }, (_, index) => `u${index}@example.net`)) },
		],
		[
			'deep domains',
			{
				to: addresses(
					...Array.from({ length: 4_000 }, (_, index) => `u@${'a.'.repeat(124)}a${index}`),
				),
			},
		],
		['a subject of one megabyte', { subject: 'invoice '.repeat(125_000) }],
		['an international subject of one megabyte', { subject: 'ßİ \u0301'.repeat(200_000) }],
		[
			'a thousand attachments',
			{ attachments: Array.from({ length: 1000 }, () => attachment({ fileName: 'a.b.c.d' })) },
		],
		['a file name of dots', { attachments: [attachment({ fileName: '.'.repeat(1_000_000) })] }],
		[
			'an address of one megabyte',
			{ from: addresses(`${'@'.repeat(1_000_000)}b.de`), to: addresses('"'.repeat(1_000_000)) },
		],
	])('for %s', (_title, parts) => {
		expect(costMs(parts)).toBeLessThan(BUDGET_MS);
	});
});
