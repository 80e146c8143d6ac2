import fc from 'fast-check';
import { BOUNCED_RECIPIENTS } from '../../../mail/limits';
import type { Bounce } from '../../../mail/facts/bounce';
import { readBounceText } from '../../../mail/facts/bounce-text';
import { readDeliveryStatus } from '../../../mail/facts/delivery-status';
import { parseMail, readCorpus, readFacts } from '../../support/parsed-mail';

const bounceOf = (source: string | Buffer): Bounce => {
	const { bounce } = readFacts(source);
	if (bounce === undefined) throw new Error('no bounce');
	return bounce;
};
const bounceIn = (name: string): Bounce => bounceOf(readCorpus(`bounce/${name}`));

/** Work that grows with the square of the length takes half a minute. */
const BUDGET_MS = 3_000;

const permanent = { action: 'failed', outcome: 'permanent' } as const;

describe('A bounce after the standard (RFC 3464)', () => {
	test('of Postfix tells recipient, status, words and server, and which mail came back', () => {
		expect(bounceIn('postfix')).toEqual({
			format: 'rfc3464',
			reportingMta: 'mx.sender.test',
			originalMessageId: '<order-4711@sender.test>',
			recipients: [
				{
					...permanent,
					address: 'nobody@customer.test',
					originalAddress: 'sales@customer.test',
					status: '5.1.1',
					diagnostic:
						'550 5.1.1 <nobody@customer.test>: Recipient address rejected: User unknown in virtual mailbox table',
					remoteMta: 'mx.customer.test',
				},
			],
			truncated: false,
		});
	});

	test('that only warns of a delay is temporary', () => {
		expect(bounceIn('postfix-delayed')).toMatchObject({
			originalMessageId: '<slow-1@sender.test>',
			recipients: [
				{ address: 'ann@slow.test', action: 'delayed', status: '4.4.1', outcome: 'temporary' },
			],
		});
	});

	test.each([
		['exim-report', '5.0.0', '', '<exim-2@sender.test>'],
		['gmail', '5.1.1', 'mx.customer.test', '<CAF-gmail-1@mail.gmail.test>'],
		['sendmail', '5.1.1', 'mx.customer.test', '<sendmail-1@sender.test>'],
	])('of %s is read the same way', (name, status, remoteMta, originalMessageId) => {
		expect(bounceIn(name)).toMatchObject({
			format: 'rfc3464',
			originalMessageId,
			recipients: [{ ...permanent, address: 'nobody@customer.test', status, remoteMta }],
		});
	});

	test('of Exchange Online has its own words, and the mail below a long header', () => {
		expect(bounceIn('exchange-online')).toMatchObject({
			format: 'rfc3464',
			originalMessageId: '<AM0PR01MB0001ABCDEF@AM0PR01MB0001.eurprd01.prod.exchangelabs.test>',
			recipients: [
				{
					...permanent,
					address: 'jane@contoso.test',
					status: '5.1.10',
					diagnostic:
						'550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient jane@contoso.test not found by SMTP address lookup',
				},
			],
		});
	});

	test('tells each of several recipients by itself, also those that got the mail', () => {
		const { recipients, originalMessageId } = bounceIn('several-recipients');
		expect(
			recipients.map(({ address, action, status, outcome }) => [address, action, status, outcome]),
		).toEqual([
			['ONE@inner.customer.test', 'failed', '5.2.2', 'permanent'],
			['two@customer.test', 'relayed', '2.0.0', 'success'],
			['three@slow.test', 'failed', '4.4.7', 'temporary'],
		]);
		expect(recipients[0]?.originalAddress).toBe('one@customer.test');
		expect(originalMessageId).toBe('<several-1@sender.test>');
	});

	test('may be a report of success', () => {
		expect(bounceIn('success').recipients).toMatchObject([
			{
				action: 'delivered',
				status: '2.1.5',
				outcome: 'success',
				diagnostic: 'delivered to mailbox',
			},
		]);
	});

	test('may have addresses beyond ASCII (RFC 6533)', () => {
		expect(bounceIn('international')).toMatchObject({
			originalMessageId: '<international-1@sender.test>',
			recipients: [
				{ address: 'jürgen@müller.test', originalAddress: 'jürgen@müller.test', status: '5.1.1' },
			],
		});
	});

	test('that is made to hurt is cut down: lengths, numbers, names', () => {
		const bounce = bounceIn('hostile');
		expect(bounce.recipients).toHaveLength(BOUNCED_RECIPIENTS);
		expect(bounce.truncated).toBe(true);
		expect(bounce.originalMessageId).toBe('');
		for (const { address, diagnostic, action, status } of bounce.recipients) {
			expect(address.length).toBeLessThanOrEqual(320);
			expect(diagnostic.length).toBeLessThanOrEqual(1_000);
			expect([action, /^(?:5\.1\.1)?$/.test(status)]).toEqual(['failed', true]);
		}
		expect(bounce.recipients[1]?.address).toBe('two@evil.test Bcc: victim@sender.test');
	});
});

describe('A bounce that follows no standard', () => {
	test('of Exim is known by its header, and says the rest in words', () => {
		expect(bounceIn('exim')).toMatchObject({
			format: 'exim',
			originalMessageId: '<exim-1@sender.test>',
			recipients: [
				{
					...permanent,
					address: 'nobody@customer.test',
					status: '5.1.1',
					remoteMta: 'mx.customer.test',
				},
				{
					address: 'full@other.test',
					status: '4.2.2',
					outcome: 'temporary',
					diagnostic: expect.stringContaining('452 4.2.2 Mailbox full') as string,
				},
			],
		});
		expect(bounceIn('exim').recipients).toHaveLength(2);
	});

	test('of qmail is read from its paragraphs, up to the mail that came back', () => {
		const { format, reportingMta, originalMessageId, recipients } = bounceIn('qmail');
		expect([format, reportingMta, originalMessageId]).toEqual([
			'qmail',
			'mx.sender.test',
			'<qmail-1@sender.test>',
		]);
		expect(recipients.map(({ address, status, outcome }) => [address, status, outcome])).toEqual([
			['nobody@customer.test', '', 'permanent'],
			['gone@sender.test', '5.1.1', 'permanent'],
			['slow@other.test', '4.4.3', 'temporary'],
		]);
	});

	test('of Exchange, whose report a gateway has removed, is read from its words for administrators', () => {
		expect(bounceIn('exchange-text')).toMatchObject({
			format: 'exchange',
			reportingMta: 'EX01.contoso.test',
			originalMessageId: '<order-4712@sender.test>',
			recipients: [{ ...permanent, address: 'jane@contoso.test', status: '5.2.2' }],
		});
	});

	test('and that nobody knows has no recipients rather than wrong ones', () => {
		const report =
			'Return-Path: <>\r\nSubject: Undeliverable: x\r\nFrom: x@a.test\r\n\r\nSorry.\r\nann@b.test\r\nAsk her.\r\n';
		expect(bounceOf(report)).toMatchObject({ format: 'unknown', recipients: [] });
	});
});

test('ordinary mail is no bounce, and nothing of it is asked for', () => {
	expect(readFacts(readCorpus('signed'))).toEqual({});
});

test('a person who quotes a bounce has not bounced', () => {
	const { head } = parseMail(
		'Subject: Fwd: Undelivered Mail\r\nFrom: ann@a.test\r\n\r\n<bob@b.test>: 550 5.1.1 unknown\r\n',
	);
	expect(head.from).toMatchObject([{ address: 'ann@a.test' }]);
	expect(readFacts('Subject: Fwd: Undelivered Mail\r\nFrom: ann@a.test\r\n\r\nx\r\n')).toEqual({});
});

describe('For all reports', () => {
	const word = fc.constantFrom(
		...['Final-Recipient', 'Action', 'Status', 'Diagnostic-Code', ':', ';', 'rfc822', 'failed'],
		...['5.1.1', 'a@b.test', '<', '>', '(', ')', '\n', '\r\n', '\n\n', ' ', '\\x{110000}', 'utf-8'],
		...['--- Below this line is a copy', '550 ', '\u2028', '\0', '\ud800'],
	);
	const report = fc.oneof(
		fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
		fc.string({ unit: 'binary' }),
	);

	test('what is read is of one line and bounded, and nothing is thrown', () => {
		fc.assert(
			fc.property(report, fc.array(report, { maxLength: 3 }), (text, failed) => {
				for (const { recipients } of [readDeliveryStatus(text), readBounceText(text, failed)]) {
					expect(recipients.length).toBeLessThanOrEqual(BOUNCED_RECIPIENTS);
					for (const { status, diagnostic, remoteMta } of recipients) {
						expect(status).toMatch(/^(?:[245]\.\d{1,3}\.\d{1,3})?$/);
						expect(diagnostic + remoteMta).not.toMatch(/[\r\n\u2028\0]/);
					}
				}
			}),
			{ numRuns: 2_000 },
		);
	});

	test.each([
		['lines', '\n'.repeat(500_000)],
		['brackets', '<'.repeat(500_000)],
		['half addresses', 'a@'.repeat(250_000)],
		['comments', `Final-Recipient: rfc822; ${'('.repeat(500_000)}`],
		['continuations', `Final-Recipient: rfc822; a@b\n${' x\n'.repeat(150_000)}`],
		['digits and dots', `a@b.test\n${'5.1.'.repeat(100_000)}`],
		['addresses', 'a@b.test\n550 5.1.1 x\n\n'.repeat(25_000)],
		['dashes', `${'-'.repeat(500_000)}\n`.repeat(2)],
	])('half a megabyte of %s takes no time', (_title, text) => {
		const start = performance.now();
		readDeliveryStatus(text);
		readBounceText(text, []);
		expect(performance.now() - start).toBeLessThan(BUDGET_MS);
	});

	test('ten reports of lines of dashes take no time', () => {
		const text = `${'-'.repeat(1_999)}\n`.repeat(32);
		const start = performance.now();
		for (let times = 0; times < 10; times++) readBounceText(text, []);
		expect(performance.now() - start).toBeLessThan(BUDGET_MS);
	});
});
