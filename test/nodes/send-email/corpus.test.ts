import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeExecutionData } from 'n8n-workflow';
import { createPop3Driver } from '../../../mail/drivers/pop3';
import { toItem } from '../../../nodes/bridge/message-item';
import { hostileMails } from '../../mail/drivers/mime/hostile-mail';
import { silentLog } from '../../mail/drivers/imap/imap-connector';
import { pop3Connector } from '../../support/pop3-connector';
import { startPop3Server } from '../../support/pop3-server';
import { receivedMail, runSendEmail } from '../../support/send-email';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink';

const folder = join(__dirname, '../../corpus');
const mails = [
	...readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.eml'))
		.map((name) => ({ name, source: readFileSync(join(folder, name)) })),
	...hostileMails.map(({ title, source }) => ({ name: title, source: Buffer.from(source) })),
];

let sink: SmtpSink;
let items: INodeExecutionData[];
beforeAll(async () => {
	sink = await startSmtpSink();
	items = await readItems();
});
afterAll(async () => await sink.close());

/** The mails as Email Trigger gives them, with everything that it can give. */
async function readItems(): Promise<INodeExecutionData[]> {
	const server = await startPop3Server({
		mails: mails.map(({ source }) => source.toString('latin1').replace(/\r?\n/g, '\r\n')),
	});
	const connector = pop3Connector({ port: server.port, user: 'ada', password: 'x' });
	const session = await createPop3Driver(connector, silentLog).openFolder(
		'INBOX',
		new AbortController().signal,
	);
	const found: INodeExecutionData[] = [];
	try {
		for (const entry of await session.fetchHeads(await session.search({}))) {
			if ('error' in entry) throw entry.error;
			const { uid, head } = entry;
			const [fetched] = await session.fetchBodies([
				{ head, want: { attachments: head.attachments } },
			]);
			if (fetched === undefined || 'error' in fetched) throw new Error(`UID ${uid} has no body`);
			const source = await session.fetchSource(uid, 1e6);
			const reference = { folder: 'INBOX', uidValidity: '1', uid, messageId: head.messageId };
			found.push(
				toItem(
					{
						...{ deliveryId: String(uid), attempt: 1, uid, reference, head, body: fetched.body },
						decision: { matches: [] },
						source: { content: source.source, truncated: false },
					},
					{ account: 'a', folder: 'INBOX' },
				),
			);
		}
	} finally {
		await session.close();
		await server.close();
	}
	return found;
}

/** What every valid mail has, and no mail twice (RFC 5322, section 3.6). */
async function expectValid(index: number, name: string): Promise<void> {
	const raw = sink.mails[index]?.raw ?? Buffer.alloc(0);
	const text = raw.toString('latin1');
	const [head = ''] = text.split('\r\n\r\n');
	// The escapes of ISO-2022-JP are 7 bits as well.
	expect([name, /[^\r]\n|\r[^\n]|[^\t\r\n\x1b -~]/.exec(text)?.[0]]).toEqual([name, undefined]);
	for (const line of text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
	const names = [...head.matchAll(/^([\w-]+):/gm)].map(([, header = '']) => header.toLowerCase());
	expect([name, new Set(names).size]).toEqual([name, names.length]);
	const mail = await receivedMail(sink, index);
	expect([name, mail.from?.value.length, mail.date instanceof Date]).toEqual([name, 1, true]);
	expect(mail.html === false ? '' : mail.html).not.toMatch(/<(script|style|iframe|img|link|form)/i);
}

describe('every mail of the corpus', () => {
	it('was read', () => {
		expect(items).toHaveLength(mails.length);
		expect(mails.length).toBeGreaterThan(30);
	});

	it.each(['text', 'html'])(
		'is answered to all by a valid mail, in %s',
		async (messageFormat) => {
			for (const [index, item] of items.entries()) {
				const before = sink.mails.length;
				await runSendEmail(sink, {
					items: [item],
					parameters: {
						operation: 'replyAll',
						answeredEmail: item.json,
						// Some of them have no sender that could be answered.
						cc: 'archive@example.test',
						messageFormat,
						html: '<p>Thank you.</p>',
					},
					continueOnFail: true,
				});
				const name = mails[index]?.name ?? '';
				if (sink.mails.length > before) await expectValid(before, name);
				else expect([name, item.json.from]).toEqual([name, null]);
			}
			expect(sink.mails.length).toBeGreaterThan(20);
		},
		30_000,
	);

	it.each(['quote', 'file'])(
		'is forwarded by a valid mail, as %s',
		async (forwardAs) => {
			for (const [index, item] of items.entries()) {
				const before = sink.mails.length;
				await runSendEmail(sink, {
					items: [item],
					parameters: {
						operation: 'forward',
						forwardedEmail: item.json,
						to: 'boss@example.test',
						forwardAs,
					},
				});
				expect(sink.mails).toHaveLength(before + 1);
				await expectValid(before, mails[index]?.name ?? '');
			}
		},
		30_000,
	);
});
