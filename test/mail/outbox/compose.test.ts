import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { composeMessage } from '../../../mail/outbox';
import type { OutgoingMessage } from '../../../mail/outgoing';
import type { ComposedMessage } from '../../../mail/ports';
import { attachment, outgoingMessage } from '../../support/sending';

const composed: ComposedMessage[] = [];

afterEach(async () => {
	for (const message of composed.splice(0)) await message.dispose();
});

async function compose(changes?: Partial<OutgoingMessage>): Promise<ComposedMessage> {
	const message = await composeMessage(outgoingMessage(changes));
	composed.push(message);
	return message;
}

async function sentBytes(message: ComposedMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of message.open()) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

async function parse(message: ComposedMessage): Promise<ParsedMail> {
	return await simpleParser(await sentBytes(message));
}

const ann = { name: 'Ann', address: 'ann@example.test' };
const bob = { name: '', address: 'bob@example.test' };
const eve = { name: 'Eve', address: 'eve@example.test' };

describe('a composed message', () => {
	it('holds what was asked for, and its envelope holds everybody', async () => {
		const message = await compose({
			to: [ann],
			cc: [bob],
			bcc: [eve],
			replyTo: [{ name: 'Desk', address: 'desk@example.test' }],
			subject: 'Grüße aus Köln',
			text: 'Hallo\nAnn',
		});
		const mail = await parse(message);
		expect(mail.from?.value).toEqual([{ name: 'Support', address: 'support@example.test' }]);
		expect(mail.subject).toBe('Grüße aus Köln');
		expect(mail.text).toBe('Hallo\nAnn\n');
		expect(mail.headers.get('cc')).toMatchObject({ value: [bob] });
		expect(mail.replyTo?.value).toEqual([{ name: 'Desk', address: 'desk@example.test' }]);
		expect(mail.date?.getTime()).toBeGreaterThan(Date.now() - 60_000);
		expect(message.envelope).toEqual({
			from: 'support@example.test',
			to: ['ann@example.test', 'bob@example.test', 'eve@example.test'],
		});
	});

	it('has an identity of its own, in the domain of the sender', async () => {
		const [one, other] = [await compose(), await compose()];
		expect((await parse(one)).messageId).toBe(one.messageId);
		expect(one.messageId).toMatch(/^<[0-9a-f-]{36}@example\.test>$/);
		expect(other.messageId).not.toBe(one.messageId);
		const international = await compose({ from: { name: '', address: 'a@bücher.example' } });
		expect(international.messageId).toMatch(/@xn--bcher-kva\.example>$/);
	});

	it('names blind recipients in the copy for the sender only', async () => {
		const message = await compose({ bcc: [eve, { name: 'Ünal', address: 'u@example.test' }] });
		const sent = await sentBytes(message);
		expect(sent.toString()).not.toMatch(/bcc|eve@|u@example/i);
		expect(sent).toHaveLength(message.sizeBytes);

		const copy = await buffer(message.copy.open());
		expect(copy).toHaveLength(message.copy.sizeBytes);
		expect(copy.subarray(copy.length - sent.length).equals(sent)).toBe(true);
		const kept = await simpleParser(copy);
		expect(kept.bcc).toMatchObject({ value: [eve, { name: 'Ünal', address: 'u@example.test' }] });
		expect(kept.messageId).toBe(message.messageId);
	});

	it('writes international domains in ASCII, and says where a server must know SMTPUTF8', async () => {
		const user = { name: 'Jürgen', address: 'jurgen@bücher.example' };
		const plain = await compose({ to: [user], replyTo: [user] });
		expect(plain.needsSmtpUtf8).toBe(false);
		expect(plain.envelope.to).toEqual(['jurgen@xn--bcher-kva.example']);
		expect((await sentBytes(plain)).toString('latin1')).not.toMatch(/[^\t\r\n -~]/);

		const international = await compose({
			to: [user],
			cc: [{ name: '', address: '例え@例え.jp' }],
		});
		expect(international.needsSmtpUtf8).toBe(true);
		expect(international.envelope.to).toEqual(['jurgen@xn--bcher-kva.example', '例え@例え.jp']);
		expect((await sentBytes(international)).toString()).toContain('Cc: 例え@例え.jp\r\n');

		for (const field of ['bcc', 'replyTo'] as const) {
			const message = await compose({ [field]: [{ name: '', address: 'ä@example.com' }] });
			expect(message.needsSmtpUtf8).toBe(true);
		}
	});

	it('gets a text made from the HTML where there is none', async () => {
		const mail = await parse(await compose({ text: undefined, html: '<p>Good <b>news</b></p>' }));
		expect(mail.text?.trim()).toBe('Good news');
		expect(mail.html).toContain('<b>news</b>');
	});

	it('has only CRLF line ends, in every part', async () => {
		const sent = await sentBytes(
			await compose({
				text: 'one\ntwo\rthree\r\nfour',
				html: '<p>\n</p>',
				attachments: [attachment('a\nb')],
			}),
		);
		expect(sent.toString('latin1')).not.toMatch(/[^\r]\n|\r[^\n]/);
	});

	it.each([
		['high', ['high', '1', 'High']],
		['normal', [undefined, undefined, undefined]],
		['low', ['low', '5', 'Low']],
	] as const)('of %s importance says so to every kind of reader', async (importance, expected) => {
		const { headers } = await parse(await compose({ importance }));
		const names = ['importance', 'x-priority', 'x-msmail-priority'];
		const lines = (await sentBytes(await compose({ importance }))).toString();
		expect(headers.has('subject')).toBe(true);
		names.forEach((name, index) => {
			const value = new RegExp(`^${name}: (.*)\\r$`, 'im').exec(lines)?.[1];
			expect(value).toBe(expected[index]);
		});
	});

	it('carries custom headers as they were spelled', async () => {
		const sent = await sentBytes(
			await compose({
				headers: [
					{ name: 'X-TicketID', value: '4711' },
					{ name: 'X-Note', value: 'Grüße' },
					{ name: 'X-Note', value: 'twice' },
				],
			}),
		);
		expect(sent.toString()).toContain('X-TicketID: 4711\r\n');
		const mail = await simpleParser(sent);
		expect(mail.headerLines.filter(({ key }) => key === 'x-note')).toHaveLength(2);
		expect(sent.toString()).toContain('X-Note: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n');
	});

	it('answers in its thread', async () => {
		const mail = await parse(
			await compose({
				thread: { messageId: '<3@x.test>', references: ['<1@x.test>', '<2@x.test>'] },
			}),
		);
		expect(mail.inReplyTo).toBe('<3@x.test>');
		expect(mail.references).toEqual(['<1@x.test>', '<2@x.test>', '<3@x.test>']);
	});
});

describe('attachments', () => {
	it('arrive byte for byte, with name and type', async () => {
		const content = randomBytes(5_000);
		const mail = await parse(
			await compose({
				attachments: [
					attachment(content, { fileName: 'Bericht für Köln.pdf', mimeType: 'application/pdf' }),
				],
			}),
		);
		expect(mail.attachments).toMatchObject([
			{
				filename: 'Bericht für Köln.pdf',
				contentType: 'application/pdf',
				contentDisposition: 'attachment',
			},
		]);
		expect(mail.attachments[0]?.content.equals(content)).toBe(true);
		expect(mail.attachments[0]?.cid).toBeUndefined();
	});

	it('may be images inside the HTML', async () => {
		const mail = await parse(
			await compose({
				html: '<img src="cid:logo">',
				attachments: [
					attachment('picture', { fileName: 'logo.png', mimeType: 'image/png', contentId: 'logo' }),
					attachment('file', { fileName: 'a.txt', mimeType: 'text/plain' }),
				],
			}),
		);
		const [logo, file] = mail.attachments;
		expect(logo).toMatchObject({ cid: 'logo', contentDisposition: 'inline', related: true });
		expect(file).toMatchObject({ filename: 'a.txt', contentDisposition: 'attachment' });
		expect(mail.html).toContain('data:image/png;base64,');
	});

	it('lose folders and characters that lie from their names', async () => {
		const names = [
			'../../etc/passwd',
			'C:\\Users\\ann\\list.csv',
			'invoice\u202Efdp.exe',
			'a\r\nX-Evil: yes',
			'..',
			`${'n'.repeat(300)}.pdf`,
		];
		const mail = await parse(
			await compose({ attachments: names.map((fileName) => attachment('x', { fileName })) }),
		);
		expect(mail.attachments.map(({ filename }) => filename)).toEqual([
			'passwd',
			'list.csv',
			'invoicefdp.exe',
			'aX-Evil: yes',
			'attachment',
			`${'n'.repeat(196)}.pdf`,
		]);
	});

	it('are files whatever type they claim', async () => {
		for (const mimeType of ['multipart/mixed', 'message/external-body', 'no type\r\nX: y', '']) {
			const mail = await parse(await compose({ attachments: [attachment('x', { mimeType })] }));
			expect(mail.attachments).toMatchObject([{ contentType: 'application/octet-stream' }]);
			expect(mail.attachments[0]?.content.toString()).toBe('x');
		}
	});

	it('that cannot be read stop the message, by name', async () => {
		const broken = {
			...attachment('x', { fileName: 'gone.pdf' }),
			open: async () => await Promise.reject<Readable>(new Error('no such file')),
		};
		await expect(compose({ attachments: [broken] })).rejects.toMatchObject({
			code: 'message.invalid',
			message: expect.stringContaining('gone.pdf') as string,
		});
		const half = { ...broken, open: async () => Readable.from(halfRead()) };
		await expect(compose({ attachments: [half] })).rejects.toMatchObject({
			code: 'message.invalid',
		});
	});

	it('of 20 MB flow through: memory does not grow with them, and no file stays behind', async () => {
		const before = await spoolFolders();
		const sizeBytes = 20 * 1024 * 1024;
		const digest = createHash('sha1');
		const chunk = Buffer.alloc(64 * 1024, 'mail');
		const big = attachment('', {
			fileName: 'big.bin',
			open: async () =>
				Readable.from(
					(function* () {
						for (let sent = 0; sent < sizeBytes; sent += chunk.length) {
							digest.update(chunk);
							peakBytes = Math.max(peakBytes, process.memoryUsage().arrayBuffers);
							yield chunk;
						}
					})(),
				),
		});
		const startBytes = process.memoryUsage().arrayBuffers;
		let peakBytes = 0;
		const message = await compose({ attachments: [big] });
		expect(peakBytes - startBytes).toBeLessThan(12 * 1024 * 1024);
		expect(message.sizeBytes).toBeGreaterThan((sizeBytes * 4) / 3);
		expect((await spoolFolders()).length).toBe(before.length + 1);

		const mail = await parse(message);
		const received = createHash('sha1').update(mail.attachments[0]?.content ?? '');
		expect(received.digest('hex')).toBe(digest.digest('hex'));
		await message.dispose();
		expect(await spoolFolders()).toEqual(before);
	});

	it('that fail late leave no file behind', async () => {
		const before = await spoolFolders();
		const failing = attachment('', {
			open: async () =>
				Readable.from(
					(function* () {
						for (let sent = 0; sent < 60; sent++) yield Buffer.alloc(64 * 1024);
						throw new Error('the disk is gone');
					})(),
				),
		});
		await expect(compose({ attachments: [failing] })).rejects.toMatchObject({
			code: 'message.invalid',
		});
		expect(await spoolFolders()).toEqual(before);
	});
});

describe('what cannot be sent is refused before anything is written', () => {
	it.each<[string, Partial<OutgoingMessage>, string, string]>([
		['no recipient', { to: [] }, 'message.invalid', 'no recipient'],
		['an empty sender', { from: { name: '', address: '' } }, 'message.invalid', 'From'],
		['a broken address', { cc: [{ name: '', address: 'nobody' }] }, 'message.invalid', 'Cc'],
		[
			'a line break in the subject',
			{ subject: 'a\r\nBcc: e@x.test' },
			'message.invalid',
			'Subject',
		],
		[
			'a header that the node writes',
			{ headers: [{ name: 'bCC', value: 'eve@example.test' }] },
			'message.invalid',
			'Header bCC',
		],
		[
			'a header name that is none',
			{ headers: [{ name: 'X-A: b\r\nBcc', value: 'x' }] },
			'message.invalid',
			'Header name',
		],
		[
			'a line break in a header',
			{ headers: [{ name: 'X-A', value: 'x\nBcc: eve@example.test' }] },
			'message.invalid',
			'X-A',
		],
		[
			'a Content-ID used twice',
			{
				attachments: [attachment('a', { contentId: 'x' }), attachment('b', { contentId: 'x' })],
			},
			'message.invalid',
			'"x" is used twice',
		],
		[
			'more recipients than one mail is meant for',
			{
				to: Array.from({ length: 1001 }, (_, index) => ({
					name: '',
					address: `r${index}@example.test`,
				})),
			},
			'limit.exceeded',
			'1001',
		],
	])('%s', async (_title, changes, code, named) => {
		await expect(compose(changes)).rejects.toMatchObject({
			code,
			message: expect.stringContaining(named) as string,
		});
	});
});

function* halfRead(): Generator<Buffer> {
	yield Buffer.from('half');
	throw new Error('the connection to the store was lost');
}

async function spoolFolders(): Promise<string[]> {
	return (await readdir(tmpdir())).filter((name) => name.startsWith('n8n-email-'));
}
