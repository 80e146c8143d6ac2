import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { isMailError } from '../../../mail/errors';
import { composeMessage } from '../../../mail/outbox';
import type { OutgoingMessage } from '../../../mail/outgoing';
import type { ComposedMessage } from '../../../mail/ports';
import { attachment, outgoingMessage } from '../../support/sending';

/** Pieces from which attacks on headers and envelopes are made. */
const piece = fc.constantFrom(
	'\r\n',
	'\n',
	'\r',
	'\0',
	' ',
	'\t',
	'"',
	'\\',
	'<',
	'>',
	',',
	';',
	':',
	'@',
	'(',
	')',
	'=?utf-8?Q?',
	'?=',
	'=0D=0A',
	'Bcc: evil@evil.test',
	'evil@evil.test',
	'RCPT TO:<evil@evil.test>',
	'--',
	'\u2028',
	'\u0085',
	'\ud800',
	'ü',
	'漢字',
	'a',
	'b'.repeat(80),
	'\r\n.\r\n',
	'__proto__',
);
const hostile = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const address = fc.record({
	name: hostile,
	address: fc.oneof(
		fc.constant('ann@example.test'),
		hostile,
		hostile.map((x) => `${x}@example.test`),
	),
});

const message: fc.Arbitrary<OutgoingMessage> = fc.record({
	from: address,
	to: fc.array(address, { minLength: 1, maxLength: 3 }),
	cc: fc.array(address, { maxLength: 2 }),
	bcc: fc.array(address, { maxLength: 2 }),
	replyTo: fc.array(address, { maxLength: 2 }),
	subject: hostile,
	text: fc.option(hostile, { nil: undefined }),
	html: fc.option(hostile, { nil: undefined }),
	attachments: fc.array(
		fc
			.record({
				fileName: hostile,
				mimeType: hostile,
				contentId: fc.option(hostile, { nil: undefined }),
			})
			.map((changes) => attachment('content', changes)),
		{ maxLength: 2 },
	),
	importance: fc.constantFrom('high', 'normal', 'low'),
	headers: fc.array(fc.record({ name: hostile, value: hostile }), { maxLength: 2 }),
	readReceiptTo: fc.option(address, { nil: undefined }),
	unsubscribe: fc.option(
		fc.record({
			url: fc.option(
				fc.oneof(
					hostile,
					hostile.map((x) => `https://x.test/${x}`),
				),
				{ nil: undefined },
			),
			address: fc.option(
				hostile.map((x) => `${x}@x.test`),
				{ nil: undefined },
			),
			oneClick: fc.boolean(),
		}),
		{ nil: undefined },
	),
	calendar: fc.option(
		fc
			.oneof(hostile, hostile.map(toCalendarText))
			.map((content) => ({ method: 'REQUEST', content })),
		{ nil: undefined },
	),
	thread: fc.option(
		fc.record({ messageId: hostile, references: fc.array(hostile, { maxLength: 3 }) }),
		{
			nil: undefined,
		},
	),
});

const fields = [
	...Object.keys(outgoingMessage()),
	...['readReceiptTo', 'unsubscribe', 'calendar', 'thread'],
] as Array<keyof OutgoingMessage>;

/** One field at a time is hostile: otherwise nearly every message is refused for several reasons. */
const partlyHostile = fc
	.tuple(
		message,
		fc.subarray(fields, {
			minLength: 1,
			maxLength: 2,
		}),
	)
	.map(([all, fields]) =>
		outgoingMessage(Object.fromEntries(fields.map((field) => [field, all[field]]))),
	);

const OWN_HEADERS = new Set([
	...['from', 'to', 'cc', 'reply-to', 'subject', 'message-id', 'date', 'mime-version'],
	...['in-reply-to', 'references', 'importance', 'x-priority', 'x-msmail-priority'],
	...['disposition-notification-to', 'list-unsubscribe', 'list-unsubscribe-post'],
	...['content-type', 'content-transfer-encoding', 'content-disposition', 'content-id'],
]);

describe('for all messages', () => {
	it('no field adds a header or a recipient', async () => {
		let sent = 0;
		await fc.assert(
			fc.asyncProperty(partlyHostile, async (input) => {
				const composed = await composeOrRefuse(input);
				if (composed === undefined) return;
				sent++;
				const bytes = await buffer(composed.copy.open());
				// RFC 5322, section 2.3: a CR or LF of its own would be another message to some server.
				expect(bytes.toString('latin1')).not.toMatch(/(^|[^\r])\n|\r(?!\n)/);
				const mail = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true });

				const asked = [...input.to, ...input.cc, ...input.bcc].map((one) => toKey(one.address));
				expect(new Set(composed.envelope.to.map(toKey))).toEqual(new Set(asked));
				expect(toKey(composed.envelope.from)).toBe(toKey(input.from.address));

				const custom = input.headers.map(({ name }) => name.toLowerCase());
				for (const { key } of mail.headerLines) {
					const known = key === 'bcc' ? input.bcc.length > 0 : OWN_HEADERS.has(key);
					expect(known || custom.includes(key) ? '' : key).toBe('');
				}
				for (const field of ['from', 'to', 'cc', 'reply-to', 'bcc', 'subject', 'message-id']) {
					const count = mail.headerLines.filter(({ key }) => key === field).length;
					expect(count).toBeLessThanOrEqual(1);
				}
				expect(mail.headers.get('to')).toMatchObject({ value: { length: input.to.length } });
				const calendars = input.calendar === undefined ? 0 : 2;
				expect(mail.attachments).toHaveLength(input.attachments.length + calendars);
				const head = bytes.toString('latin1').split('\r\n\r\n')[0] ?? '';
				for (const line of head.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
			}),
			{ numRuns: 800 },
		);
		expect(sent).toBeGreaterThan(100);
	}, 60_000);

	it('what is sent never names a blind recipient', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 3 }), async (names) => {
				const composed = await composeOrRefuse(
					outgoingMessage({
						bcc: names.map((name) => ({ name, address: 'hidden.recipient@secret.test' })),
					}),
				);
				if (composed === undefined) return;
				let sent = '';
				for await (const chunk of composed.open()) sent += String(chunk);
				expect(sent).not.toMatch(/bcc:|hidden\.recipient/i);
			}),
			{ numRuns: 200 },
		);
	});
});

async function composeOrRefuse(input: OutgoingMessage): Promise<ComposedMessage | undefined> {
	try {
		return await composeMessage(input);
	} catch (error) {
		if (isMailError(error, 'message.invalid')) return undefined;
		throw error;
	}
}

function toKey(address: string): string {
	return address.trim().toLowerCase();
}

function toCalendarText(text: string): string {
	return `BEGIN:VCALENDAR\nMETHOD:REQUEST\nSUMMARY:${text}\nEND:VCALENDAR`;
}
