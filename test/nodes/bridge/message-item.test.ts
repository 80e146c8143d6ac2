import type { IncomingMessage } from '../../../mail/inbox/delivery';
import { MailError } from '../../../mail/errors';
import type { AttachmentInfo } from '../../../mail/message';
import { toItem, toOutputs } from '../../../nodes/bridge/message-item';
import { readCorpus, readFacts } from '../../support/parsed-mail';
import { toHead } from '../../support/memory-mailbox';

const invoice: AttachmentInfo = {
	part: '2',
	fileName: 'Invoice.PDF',
	mimeType: 'application/pdf',
	encodedSizeBytes: 8,
	contentId: '',
	inline: false,
};
const film: AttachmentInfo = { ...invoice, part: '3', fileName: 'film.mp4', encodedSizeBytes: 9e9 };

const head = {
	...toHead({
		uid: 7,
		subject: 'Your invoice',
		receivedAt: new Date('2026-03-01T10:00:00Z'),
		flags: new Set(['\\Flagged']),
		messageId: '<7@example.com>',
	}),
	attachments: [invoice, film],
	headers: new Map([
		['x-one', ['1']],
		['received', ['a', 'b']],
		['__proto__', ['harmless']],
	]),
};

const message: IncomingMessage = {
	deliveryId: 'id',
	attempt: 1,
	uid: 7,
	reference: { folder: 'INBOX', uidValidity: '3', uid: 7, messageId: '<7@example.com>' },
	head,
	body: {
		text: 'Hello',
		html: '',
		attachments: [{ ...invoice, content: Buffer.from('%PDF-') }],
		warnings: [],
	},
	decision: {
		matches: [
			{ index: 1, name: 'Invoices', because: ['subject contains "invoice"'], captured: {} },
		],
	},
};

const place = { account: 'imap://support@example.com', folder: 'INBOX' };

describe('the item of a mail', () => {
	it('tells what the receiving server found about the sender, where one is believed', () => {
		const verdicts = { spf: 'pass', dkim: 'none', dmarc: 'fail' } as const;
		const place = { account: 'a', folder: 'INBOX' };
		const believed = { ...message, decision: { matches: [], authentication: verdicts } };
		expect(toItem(believed, place).json.authentication).toEqual(verdicts);
		expect(toItem(message, place).json.authentication).toBeNull();
	});

	it('leads to what n8n has stored as to what it holds itself', () => {
		const place = { data: 'filesystem-v2', id: 'filesystem-v2:1', mimeType: 'video/mp4', bytes: 7 };
		const { json, binary } = toItem(
			{ ...message, stored: [{ attachment: film, place }] },
			{ account: 'a', folder: 'INBOX' },
		);
		expect(binary?.['attachment_1']).toEqual(place);
		expect(json['attachments']).toMatchObject([
			{ fileName: invoice.fileName, binaryProperty: 'attachment_0' },
			{ fileName: 'film.mp4', sizeBytes: 7, binaryProperty: 'attachment_1' },
		]);
	});

	it('names its fields as the mail world does', () => {
		const { json } = toItem(message, { ...place, match: message.decision.matches[0] });
		expect(json).toMatchObject({
			subject: 'Your invoice',
			from: { name: 'Customer', address: 'customer@example.net' },
			to: [{ name: '', address: 'support@example.com' }],
			cc: [],
			date: '2026-03-01T10:00:00.000Z',
			messageId: '<7@example.com>',
			text: 'Hello',
			route: 'Invoices',
			routeReasons: ['subject contains "invoice"'],
			deliveryId: 'id',
			attempt: 1,
			folder: 'INBOX',
			uid: 7,
			reference: { folder: 'INBOX', uidValidity: '3', uid: 7, messageId: '<7@example.com>' },
			flags: ['\\Flagged'],
		});
	});

	it('says what a bounce reports, and that ordinary mail is none', () => {
		const source = readCorpus('bounce/postfix');
		const { json } = toItem({ ...message, facts: readFacts(source) }, place);
		expect(json.bounce).toMatchObject({
			format: 'rfc3464',
			originalMessageId: '<order-4711@sender.test>',
			recipients: [{ address: 'nobody@customer.test', status: '5.1.1', outcome: 'permanent' }],
		});
		expect(JSON.parse(JSON.stringify(json.bounce))).toEqual(json.bounce);
		expect(toItem(message, place).json).toMatchObject({ bounce: null, calendar: null });
	});

	it('says what a calendar invites to', () => {
		const facts = readFacts(readCorpus('invitation/outlook'));
		const { json } = toItem({ ...message, facts }, place);
		expect(json.calendar).toMatchObject({
			method: 'REQUEST',
			start: '2026-12-01T10:00:00+01:00',
			attendees: [{ address: 'support@example.test' }, { address: 'bill@example.test' }],
		});
		expect(JSON.parse(JSON.stringify(json.calendar))).toEqual(json.calendar);
	});

	it('carries a wanted attachment as base64 inside the item, without an id in the binary store', () => {
		const { binary, json } = toItem(message, place);
		expect(binary).toEqual({
			attachment_0: {
				data: Buffer.from('%PDF-').toString('base64'),
				mimeType: 'application/pdf',
				fileName: 'Invoice.PDF',
				fileExtension: 'pdf',
				fileSize: '5 B',
				bytes: 5,
			},
		});
		expect(json.attachments).toMatchObject([
			{ fileName: 'Invoice.PDF', sizeBytes: 5, binaryProperty: 'attachment_0' },
			{ fileName: 'film.mp4', sizeBytes: null, binaryProperty: null },
		]);
	});

	it('has a header as text, a repeated one as a list, and no header reaches the prototype', () => {
		const headers = toItem(message, place).json.headers as object;
		expect(Object.entries(headers)).toEqual([
			['x-one', '1'],
			['received', ['a', 'b']],
			['__proto__', 'harmless'],
		]);
		expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
	});

	it('of an unreadable mail holds the reason, the remedy and the raw source', () => {
		const { json, binary } = toItem(
			{
				deliveryId: 'id',
				attempt: 1,
				uid: 8,
				reference: { folder: 'INBOX', uidValidity: '3', uid: 8, messageId: '' },
				decision: { matches: [] },
				problem: new MailError('message.unreadable'),
				source: { content: Buffer.from('From: x'), truncated: false },
			},
			place,
		);
		expect(json.error).toEqual({
			message: 'The e-mail could not be read',
			remedy: expect.stringContaining('raw source'),
		});
		expect(json.route).toBe('Error');
		expect(Buffer.from(binary?.raw?.data ?? '', 'base64').toString()).toBe('From: x');
	});
});

describe('the outputs', () => {
	it('are the routes in their order, then the fallback, then the error output', () => {
		const lost = { ...message, uid: 9, decision: { matches: [] } };
		const outputs = toOutputs([message, lost], 3, place);
		expect(outputs.map((items) => items.map(({ json }) => json.uid))).toEqual([
			[],
			[7],
			[],
			[9],
			[],
		]);
	});

	it('lead a mail that no item can be made of to the error output, and its neighbour on its way', () => {
		const odd = { ...message, head: { ...head, receivedAt: new Date(NaN) } };
		const outputs = toOutputs([odd, message], 2, place);
		expect(outputs.map((items) => items.length)).toEqual([0, 1, 0, 1]);
		expect(outputs[3]?.[0]?.json.error).toMatchObject({
			message: expect.stringContaining('could not be read'),
		});
	});

	it('lead a mail with a problem to the error output alone, whatever route it has', () => {
		const problem = new MailError('message.givenUp', { subject: 'no such order' });
		const outputs = toOutputs([{ ...message, problem }, message], 2, place);
		expect(outputs.map((items) => items.length)).toEqual([0, 1, 0, 1]);
		expect(outputs[3]?.[0]?.json).toMatchObject({
			route: 'Error',
			subject: 'Your invoice',
			error: { message: expect.stringContaining('no such order') },
		});
	});

	it('get a copy each when several routes take the mail', () => {
		const both = {
			...message,
			decision: {
				matches: [
					{ index: 0, name: 'A', because: [], captured: {} },
					{ index: 1, name: 'B', because: [], captured: {} },
				],
			},
		};
		const outputs = toOutputs([both], 2, place);
		expect(outputs.map((items) => items.map(({ json }) => json.route))).toEqual([
			['A'],
			['B'],
			[],
			[],
		]);
	});
});
