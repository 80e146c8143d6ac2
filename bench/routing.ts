import type { MessageHead } from '../mail/message';
import type { Route, Rule } from '../mail/routing/route';
import { createRouter } from '../mail/routing/router';
import { percentile, round } from './statistics';

const ENVELOPES = 100_000;
const FEW_ROUTES = 20;
const MANY_ROUTES = 1000;
const ROUNDS = 5;

export interface RoutingResult {
	/** One envelope against 1,000 routes none of which fits, ms; the median of many. */
	readonly msPer1000Routes: number;
	/** 100,000 envelopes through 20 routes, s; the median of five. */
	readonly sPer100000Envelopes: number;
}

/** Pure computation: no server, no n8n. */
export function measureRouting(say: (line: string) => void): RoutingResult {
	const heads = Array.from({ length: 1000 }, (_, index) => toHead(index));
	const many = createRouter({ routes: toRoutes(MANY_ROUTES), companies: [], mode: 'first' });
	const single = heads.map((head) => timeMs(() => many.decide({ ...head, subject: 'nothing' })));
	const few = createRouter({ routes: toRoutes(FEW_ROUTES), companies: [], mode: 'first' });
	const all = Array.from({ length: ROUNDS }, () =>
		timeMs(() => {
			for (let index = 0; index < ENVELOPES; index++) {
				const head = heads[index % heads.length];
				if (head !== undefined) few.decide(head);
			}
		}),
	);
	const result = {
		msPer1000Routes: round(percentile(single, 0.5), 3),
		sPer100000Envelopes: round(percentile(all, 0.5) / 1000, 3),
	};
	say(
		`routing: ${result.msPer1000Routes} ms per 1,000 routes, ${result.sPer100000Envelopes} s per 100,000 envelopes`,
	);
	return result;
}

function timeMs(work: () => unknown): number {
	const start = performance.now();
	work();
	return performance.now() - start;
}

/** Of every kind that an envelope decides. */
function toRoutes(count: number): Route[] {
	return Array.from({ length: count }, (_, index) => {
		const rules: Rule[] = [
			{ field: 'subject', value: `order ${index}; invoice ${index}` },
			{ field: 'sender', value: `*@sender${index}.example; a${index}@x.example` },
			{ field: 'attachmentType', value: `.x${index}; image/x${index}` },
			{ field: 'header', header: 'X-Ticket', operator: 'is', value: `ticket ${index}` },
		];
		return {
			name: `Route ${index}`,
			enabled: true,
			recipientAddress: '',
			rules,
			match: 'any',
		};
	});
}

function toHead(index: number): MessageHead {
	return {
		uid: index,
		messageId: `<${index}@example.com>`,
		inReplyTo: '',
		references: [],
		// One in two goes to the fallback, after all routes.
		subject: index % 2 === 0 ? `Your invoice ${index % FEW_ROUTES}, and more words` : 'A question',
		from: [{ name: 'Ann', address: `ann${index}@example.com` }],
		sender: [],
		replyTo: [],
		to: [{ name: '', address: 'support@example.org' }],
		cc: [],
		bcc: [],
		receivedAt: new Date(0),
		importance: 'normal',
		flags: [],
		sizeBytes: 1000,
		attachments: [
			{
				part: '2',
				fileName: 'a.pdf',
				mimeType: 'application/pdf',
				encodedSizeBytes: 100,
				contentId: '',
				inline: false,
			},
		],
		headers: new Map([['received', ['by mx.example.org']]]),
	};
}
