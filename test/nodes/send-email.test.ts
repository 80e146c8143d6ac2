import { randomBytes } from 'node:crypto';
import { simpleParser } from 'mailparser';
import { inlineBinary, storedBinary } from '../support/execute-context';
import {
	failureOf,
	numberedItems,
	receivedMail,
	type SendEmailRun,
	sendToAnn,
	sinkUsers,
	subjectByNumber,
} from '../support/send-email';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';

let sink: SmtpSink;

beforeEach(async () => {
	sink = await startSmtpSink({ users: sinkUsers });
});

afterEach(async () => await sink.close());

const send = async (changes: SendEmailRun = {}) => await sendToAnn(sink, changes);

describe('Send', () => {
	it('sends an e-mail with the identity of the connector and tells what became of it', async () => {
		const [item] = await send({ credential: { signatureText: 'Your support' } });
		const mail = await receivedMail(sink);
		expect(mail.from?.value).toEqual([{ name: 'Support Desk', address: 'support@example.test' }]);
		expect(mail.replyTo?.value).toMatchObject([{ address: 'desk@example.test' }]);
		expect(mail.text).toBe('Hello Ann\n\n-- \nYour support\n');
		expect(item).toEqual({
			json: {
				messageId: mail.messageId,
				accepted: ['ann@example.test'],
				rejected: [],
				response: expect.stringMatching(/^250 /) as string,
				connector: { asked: 'Support mailbox', used: 'Support mailbox' },
				savedToSent: { status: 'skipped', reason: expect.stringContaining('no') as string },
				sizeBytes: sink.mails[0]?.raw.length,
			},
			pairedItem: { item: 0 },
		});
	});

	it('takes addresses as text, arrays and objects, as expressions give them', async () => {
		await send({
			parameters: {
				to: ['ann@example.test', { name: 'Bob', address: 'bob@example.test' }],
				cc: 'Carol <carol@example.test>, dave@example.test',
				bcc: { address: 'eve@example.test' },
				fromAddress: 'alias@example.test',
				fromName: 'Alias',
				replyTo: 'other@example.test',
				options: { appendSignature: false },
			},
			credential: { signatureText: 'Your support' },
		});
		const mail = await receivedMail(sink);
		expect(sink.mails[0]?.to).toEqual([
			...['ann@example.test', 'bob@example.test', 'carol@example.test'],
			...['dave@example.test', 'eve@example.test'],
		]);
		expect(sink.mails[0]?.raw.toString()).not.toContain('eve@example.test');
		expect(mail.from?.value).toEqual([{ name: 'Alias', address: 'alias@example.test' }]);
		expect(mail.replyTo?.value).toMatchObject([{ address: 'other@example.test' }]);
		expect(mail.text).not.toContain('Your support');
	});

	it('sends HTML with a text for readers that show none', async () => {
		await send({
			parameters: { messageFormat: 'html', html: '<p>Dear <b>Ann</b></p>', text: undefined },
		});
		const mail = await receivedMail(sink);
		expect(mail.html).toContain('<b>Ann</b>');
		expect(mail.text?.trim()).toBe('Dear Ann');
	});

	it('sets importance and custom headers', async () => {
		await send({
			parameters: {
				options: {
					importance: 'high',
					customHeaders: {
						header: [
							{ name: 'X-Ticket', value: 4711 },
							{ name: '', value: '' },
						],
					},
				},
			},
		});
		const mail = await receivedMail(sink);
		expect(sink.mails[0]?.raw.toString()).toContain('Importance: high\r\n');
		expect(mail.headers.get('x-ticket')).toBe('4711');
	});

	it('attaches binary data from the item and from the store, and shows images inside the HTML', async () => {
		const store = new Map<string, Buffer>();
		const pdf = randomBytes(100_000);
		await send({
			store,
			items: [
				{
					json: {},
					binary: {
						note: inlineBinary('a note', 'note.txt'),
						invoice: storedBinary(store, pdf, 'invoice.pdf'),
						logo: inlineBinary('picture', 'logo.png', 'image/png'),
					},
				},
			],
			parameters: {
				messageFormat: 'html',
				html: '<img src="cid:logo">',
				options: {
					attachments: '*',
					inlineImages: { image: [{ property: 'logo', contentId: 'cid:logo' }] },
				},
			},
		});
		const mail = await receivedMail(sink);
		expect(mail.attachments.map(({ filename, cid }) => [filename, cid])).toEqual([
			['logo.png', 'logo'],
			['note.txt', undefined],
			['invoice.pdf', undefined],
		]);
		expect(mail.attachments[2]?.content.equals(pdf)).toBe(true);
	});

	it('sends many items over one pool, and gives their results in the order of the items', async () => {
		const output = await send({ items: numberedItems(60), parameters: subjectByNumber });
		expect(sink.mails).toHaveLength(60);
		expect(sink.connections).toBeLessThanOrEqual(3);
		const ids = new Map<string, string>();
		for (const { raw } of sink.mails) {
			const mail = await simpleParser(raw);
			ids.set(mail.subject ?? '', mail.messageId ?? '');
		}
		output.forEach(({ json, pairedItem }, index) => {
			expect(pairedItem).toEqual({ item: index });
			expect(json.messageId).toBe(ids.get(`Mail ${index}`));
		});
	});

	it('does nothing without items', async () => {
		expect(await send({ items: [] })).toEqual([]);
		expect(sink.connections).toBe(0);
	});
});

describe('Reply', () => {
	const answered = {
		messageId: '<2@customer.test>',
		references: ['<1@customer.test>'],
		subject: 'RE: Order 7',
		from: { name: 'Ann', address: 'ann@customer.test' },
		replyTo: [],
		to: [{ name: '', address: 'support@example.test' }],
		cc: [],
	};
	const reply = { operation: 'reply', to: '', subject: '', answeredEmail: answered };

	it('answers the sender of the e-mail in its thread', async () => {
		await send({ parameters: reply });
		const mail = await receivedMail(sink);
		expect(sink.mails[0]?.to).toEqual(['ann@customer.test']);
		expect(mail.subject).toBe('Re: Order 7');
		expect(mail.inReplyTo).toBe('<2@customer.test>');
		expect(mail.references).toEqual(['<1@customer.test>', '<2@customer.test>']);
	});

	it('answers where the e-mail asks for it, and takes its JSON as text', async () => {
		const replyTo = [{ name: '', address: 'orders@customer.test' }];
		const answeredEmail = JSON.stringify({ ...answered, replyTo });
		await send({ parameters: { ...reply, answeredEmail } });
		expect(sink.mails[0]?.to).toEqual(['orders@customer.test']);
	});

	it('takes another recipient and subject where they are given', async () => {
		await send({ parameters: { ...reply, to: 'boss@example.test', subject: 'Please look' } });
		expect(sink.mails[0]?.to).toEqual(['boss@example.test']);
		expect((await receivedMail(sink)).subject).toBe('Please look');
	});

	it('does not answer itself', async () => {
		const from = { name: '', address: 'Support@Example.test' };
		const error = await failureOf(
			send({ parameters: { ...reply, answeredEmail: { ...answered, from } } }),
		);
		expect(error.message).toContain('no sender but this connector itself');
		expect(sink.mails).toHaveLength(0);
	});

	it.each([
		[{ subject: 'x' }, 'messageId'],
		['no JSON', 'it is no item'],
		[{ ...answered, replyTo: [{ name: 'x' }] }, 'replyTo'],
	])('names what is missing in %j', async (answeredEmail, missing) => {
		const error = await failureOf(send({ parameters: { ...reply, answeredEmail } }));
		expect(error.message).toContain(`Email to Answer: `);
		expect(error.message).toContain(missing);
	});
});

describe('connections', () => {
	it('are kept for the next execution', async () => {
		for (let execution = 0; execution < 5; execution++) await send();
		expect(sink.connections).toBe(1);
	});

	it('are no more than the connector allows, however many executions run at once', async () => {
		await Promise.all(Array.from({ length: 6 }, () => send({ items: numberedItems(5) })));
		expect(sink.mails).toHaveLength(30);
		expect(sink.connections).toBeLessThanOrEqual(3);
	});

	it('are others for other secrets', async () => {
		await send();
		await failureOf(send({ credential: { password: 'wrong' } }));
		expect(sink.connections).toBe(2);
	});
});
