import {
	reasonAgainstAutoReply,
	toAutoReplyCopies,
	toAutoReplyRecipients,
} from '../../../mail/auto-reply/permission';
import type { MessageHead } from '../../../mail/message';
import { addresses, createHead } from '../routing/head';

const own = ['support@example.org'];

const reason = (fields: Record<string, string>, parts: Partial<MessageHead> = {}) =>
	reasonAgainstAutoReply(
		createHead({
			headers: new Map(
				Object.entries({ date: 'Tue, 03 Nov 2026 10:15:30 +0100', ...fields }).map(
					([name, value]) => [name, [value]],
				),
			),
			...parts,
		}),
		own,
	);

describe('A program answers', () => {
	test('a person who has written', () => {
		expect(reason({})).toBeUndefined();
		expect(reason({ 'return-path': '<ann@example.com>', 'auto-submitted': 'no' })).toBeUndefined();
		expect(reason({ 'x-auto-response-suppress': 'OOF, DR' })).toBeUndefined();
	});

	test.each([
		[{ 'auto-submitted': 'auto-replied' }, 'it was made by a program'],
		[{ precedence: 'auto_reply' }, 'it was made by a program'],
		[{ 'content-type': 'multipart/report; report-type=delivery-status' }, 'it is a report of'],
		[{ 'list-id': '<l.test>' }, 'it comes from a mailing list'],
		[{ precedence: 'junk' }, 'it was sent to many'],
		[{ 'list-unsubscribe': '<https://l.test>' }, 'it was sent to many'],
		[{ 'return-path': '<>' }, 'its sender takes no answers'],
		[{ 'x-auto-response-suppress': 'DR, AutoReply' }, 'its sender asks for no automatic answers'],
	])('no mail with %j', (fields, because) => {
		expect(reason(fields)).toContain(because);
	});

	test.each([
		'noreply@shop.test',
		'No-Reply@shop.test',
		'do_not_reply@shop.test',
		'MAILER-DAEMON@mx.test',
		'bounce+a=b.test@list.test',
		'owner-news@list.test',
		'news-request@list.test',
	])('no robot: %s', (address) => {
		expect(reason({}, { from: addresses(address) })).toBe('its sender is no person');
		expect(reason({}, { replyTo: addresses(address) })).toBe('its sender is no person');
	});

	test('nobody whose name only looks like one', () => {
		for (const address of ['nora.reply@a.test', 'rebounce@a.test', 'requester@a.test']) {
			expect(reason({}, { from: addresses(address) })).toBeUndefined();
		}
	});

	test('nothing of which only the envelope is known: its headers could say that a program made it', () => {
		expect(reason({}, { headers: new Map() })).toBe('its headers could not be read');
	});

	test('not itself, and nobody at all where nobody is named', () => {
		expect(reason({}, { from: addresses('SUPPORT@example.org') })).toBe(
			'it comes from this mailbox',
		);
		expect(reason({}, { replyTo: addresses('support@example.org') })).toBe(
			'it comes from this mailbox',
		);
		expect(reason({}, { from: [] })).toBe('it names no sender');
	});
});

describe('The answer goes', () => {
	test('to one address, the one that answers were asked to', () => {
		const head = createHead({ replyTo: addresses('a@x.test', 'b@x.test') });
		expect(toAutoReplyRecipients(head)).toEqual(addresses('a@x.test'));
	});

	test('in copy to the other people of the mail, each once, and to twenty at most', () => {
		const head = createHead({
			to: addresses('support@example.org', 'bob@x.test', 'ann@example.com'),
			cc: addresses('BOB@x.test', 'no-reply@x.test', 'carol@x.test'),
		});
		expect(toAutoReplyCopies(head, head.from, own)).toEqual(
			addresses('bob@x.test', 'carol@x.test'),
		);
		const many = Array.from({ length: 40_000 }, (_, index) => `u${index}@x.test`);
		expect(toAutoReplyCopies(createHead({ cc: addresses(...many) }), [], own)).toHaveLength(20);
	});
});
