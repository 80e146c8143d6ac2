import { createHash, randomBytes } from 'node:crypto';
import { simpleParser } from 'mailparser';
import type { Connector } from '../../../../mail/connector';
import { createGraphSender } from '../../../../mail/drivers/graph/sender';
import { createOutbox, type Outbox, SentRegister, type SendOptions } from '../../../../mail/outbox';
import type { OutgoingMessage, SendOutcome } from '../../../../mail/outgoing';
import { graphConnector, type GraphSignIn } from '../../../support/graph-sending';
import type { Application } from '../../../support/microsoft-tenant/directory/application';
import type { User } from '../../../support/microsoft-tenant/directory/user';
import {
	cut,
	type Fault,
	graphFault,
	throttled,
	unavailable,
} from '../../../support/microsoft-tenant/http/fault';
import {
	type MicrosoftTenant,
	startMicrosoftTenant,
} from '../../../support/microsoft-tenant/tenant';
import { attachment, outgoingMessage, recordingLog } from '../../../support/sending';
import type * as BriefPauses from './brief-pauses';

jest.mock('../../../../mail/limits', () =>
	jest
		.requireActual<typeof BriefPauses>('./brief-pauses')
		.withBriefPauses(jest.requireActual('../../../../mail/limits')),
);

const MEGABYTE = 1024 * 1024;

let tenant: MicrosoftTenant;
let application: Application;
let anna: User;
let bert: User;
let sales: User;
let register: SentRegister;
const outboxes: Outbox[] = [];

beforeEach(async () => {
	tenant = await startMicrosoftTenant();
	anna = tenant.addUser('anna@contoso.example');
	bert = tenant.addUser('bert@contoso.example');
	sales = tenant.addUser('sales@contoso.example', { mailbox: 'shared' });
	application = tenant.registerApplication({
		delegatedPermissions: [
			'Mail.ReadWrite',
			'Mail.Send',
			'Mail.ReadWrite.Shared',
			'Mail.Send.Shared',
		],
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
	});
	register = new SentRegister();
});
afterEach(async () => {
	for (const outbox of outboxes.splice(0)) await outbox.close();
	await tenant.close();
});

function open(signIn: Partial<GraphSignIn> = {}, changes?: Partial<Connector>): Outbox {
	const connector = graphConnector(tenant, { application, user: anna, ...signIn }, changes);
	const sender = createGraphSender(connector);
	const outbox = createOutbox({ connector, sender, register, log: recordingLog() });
	outboxes.push(outbox);
	return outbox;
}

const mail = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage =>
	outgoingMessage({
		from: { name: 'Anna', address: anna.address },
		to: [{ name: 'Bert', address: bert.address }],
		...changes,
	});
const send = async (
	changes: Partial<OutgoingMessage> = {},
	options?: SendOptions,
): Promise<SendOutcome> => await open().send(mail(changes), options);
const failure = async (sending: Promise<unknown>): Promise<unknown> =>
	await sending.then(
		() => new Error('It should have failed.'),
		(error: unknown) => error,
	);
const inFolder = (user: User, folder: string) => {
	const mailbox = tenant.mailbox(user.address);
	return mailbox.messagesIn(mailbox.folder(folder));
};
/** The requests as a person would write them down. */
const steps = () =>
	tenant.requests.all.map(({ method, url, status }) => {
		const path = new URL(url, 'https://x').pathname;
		const short = path
			.replace(/^\/v1\.0\/(me|users\/[^/]+)/, '')
			.replace(/\/messages\/[^/]+/, '/messages/id')
			.replace(/^\/api\/.*/, 'upload');
		return `${method} ${short} ${status}`;
	});
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const PDF = { fileName: 'report.pdf', mimeType: 'application/pdf' };

describe('sending by Graph', () => {
	it('writes a draft and sends it: two requests', async () => {
		const outcome = await send({ bcc: [{ name: '', address: 'eve@outside.example' }] });
		expect(steps()).toEqual(['POST /messages 201', 'POST /messages/id/send 202']);
		expect(tenant.transport.sent).toMatchObject([
			{ mailbox: anna.address, recipients: [bert.address, 'eve@outside.example'] },
		]);
		const [copy] = inFolder(anna, 'sentitems');
		expect(outcome).toMatchObject({
			messageId: copy?.content.internetMessageId,
			serverId: copy?.immutableId,
			accepted: [bert.address, 'eve@outside.example'],
			rejected: [],
			sentCopy: { status: 'saved', folder: 'Sent Items' },
		});
		// 202 tells of no recipient: the item does not claim to know more.
		expect(outcome.response).toContain('whom it cannot reach it names to the sender by e-mail');
		expect(inFolder(anna, 'drafts')).toEqual([]);
	});

	it('keeps every header: more than five of one’s own, the thread, the list', async () => {
		await send({
			importance: 'high',
			headers: Array.from({ length: 12 }, (_, n) => ({ name: `X-Own-${n}`, value: `value ${n}` })),
			thread: { messageId: '<b@x.example>', references: ['<a@x.example>'] },
			unsubscribe: { url: 'https://x.example/leave', oneClick: true },
		});
		const parsed = await simpleParser((await tenant.transport.sent[0]?.mime()) ?? '');
		expect(parsed.headers.get('x-own-11')).toBe('value 11');
		expect(parsed.inReplyTo).toBe('<b@x.example>');
		expect(parsed.references).toEqual(['<a@x.example>', '<b@x.example>']);
		expect(parsed.headers.get('list-unsubscribe-post') ?? parsed.headers.get('list')).toBeDefined();
	});

	it('attaches what does not fit into the message: in one request below 3 MB, in slices above', async () => {
		const large = randomBytes(9 * MEGABYTE);
		const middle = randomBytes(2 * MEGABYTE);
		const small = Buffer.from('small');
		const outcome = await send({
			headers: Array.from({ length: 7 }, (_, n) => ({ name: `X-Own-${n}`, value: String(n) })),
			attachments: [
				attachment(large, PDF),
				attachment(middle, { fileName: 'a.bin' }),
				attachment(randomBytes(MEGABYTE), { fileName: 'b.bin' }),
				attachment(small, { fileName: 'c.txt', contentId: 'logo' }),
			],
			html: '<img src="cid:logo">',
		});
		expect(steps()).toEqual([
			'POST /messages 201',
			'POST /messages/id/attachments/createUploadSession 201',
			'PUT upload 200',
			'PUT upload 200',
			'PUT upload 201',
			'POST /messages/id/attachments 201',
			'POST /messages/id/send 202',
		]);
		expect(tenant.requests.leaks).toEqual([]);
		const message = tenant.transport.sent[0]?.message;
		const files = message?.attachments.map((one) => ({
			name: one.name,
			isInline: one.isInline,
			sum: one.kind === 'file' ? one.content.sha256 : '',
		}));
		expect(files).toContainEqual({ name: 'report.pdf', isInline: false, sum: sha256(large) });
		expect(files).toContainEqual({ name: 'a.bin', isInline: false, sum: sha256(middle) });
		expect(files).toContainEqual({ name: 'c.txt', isInline: true, sum: sha256(small) });
		expect(files).toHaveLength(4);
		expect(message?.content.internetMessageHeaders).toContainEqual({ name: 'X-Own-6', value: '6' });
		expect(outcome.sizeBytes).toBeGreaterThan(12 * MEGABYTE);
	});

	it('refuses a text that no request can hold, before anything is sent', async () => {
		const error = await failure(send({ text: 'word '.repeat(700_000) }));
		expect(error).toMatchObject({ code: 'message.tooLarge' });
		expect((error as Error).message).toContain('text and headers');
		expect(tenant.requests.all).toEqual([]);
	});

	it('takes the copy out of Sent Items where none is wanted', async () => {
		const outcome = await send({}, { sentCopy: 'never' });
		expect(outcome.sentCopy).toMatchObject({ status: 'skipped' });
		expect(inFolder(anna, 'sentitems')).toEqual([]);
		expect(inFolder(anna, 'deleteditems')).toEqual([]);
		expect(inFolder(bert, 'inbox')).toHaveLength(1);
	});

	it('says so where the copy cannot be taken out, and has sent the mail all the same', async () => {
		tenant.faults.add({
			method: 'POST',
			url: /permanentDelete/,
			answer: graphFault(403, 'ErrorAccessDenied', 'Access is denied.'),
		});
		const outcome = await send({}, { sentCopy: 'never' });
		expect(outcome.sentCopy).toMatchObject({ status: 'failed' });
		expect(inFolder(bert, 'inbox')).toHaveLength(1);
	});

	it('asks for a delivery report where one is wanted', async () => {
		const outcome = await send({ deliveryReport: { notify: ['success'], returns: 'headers' } });
		expect(outcome.deliveryReport).toBe('requested');
		expect(tenant.transport.sent[0]?.message.content.isDeliveryReceiptRequested).toBe(true);
		const other = await send({ deliveryReport: { notify: ['failure'], returns: 'headers' } });
		expect(other.deliveryReport).toBe('not offered');
	});
});

describe('sending by Graph for somebody else', () => {
	const fromSales = { from: { name: 'Sales', address: 'sales@contoso.example' } };

	it('sends as a shared mailbox, and says in plain words where that is not allowed', async () => {
		const refused = await failure(send(fromSales));
		expect(refused).toMatchObject({ code: 'sender.rejected', retryable: false });
		expect((refused as { remedy: string }).remedy).toContain('Send As');
		// Nothing is left of the mail that was refused.
		expect(inFolder(anna, 'drafts')).toEqual([]);

		sales.sendAs.add(anna.address);
		await send(fromSales);
		expect(tenant.transport.sent[0]?.message.content).toMatchObject({
			from: { emailAddress: { address: sales.address } },
			sender: { emailAddress: { address: sales.address } },
		});
	});

	it('sends on behalf, from the mailbox of the other', async () => {
		sales.fullAccess.add(anna.address);
		sales.sendOnBehalf.add(anna.address);
		await open({ mailbox: sales.address }).send(mail(fromSales));
		expect(tenant.transport.sent[0]).toMatchObject({ mailbox: sales.address });
		expect(tenant.transport.sent[0]?.message.content.sender).toMatchObject({
			emailAddress: { address: anna.address },
		});
		expect(inFolder(sales, 'sentitems')).toHaveLength(1);
	});

	it('explains why a user cannot put a large file into a shared mailbox; an app can', async () => {
		sales.fullAccess.add(anna.address);
		sales.sendAs.add(anna.address);
		const large = { ...fromSales, attachments: [attachment(randomBytes(4 * MEGABYTE), PDF)] };
		const refused = await failure(open({ mailbox: sales.address }).send(mail(large)));
		expect((refused as { remedy: string }).remedy).toContain('signs in as an app');
		expect(inFolder(sales, 'drafts')).toEqual([]);
		await open({ user: undefined, mailbox: sales.address }).send(mail(large));
		expect(tenant.transport.sent).toHaveLength(1);
	});
});

describe('a fault while sending by Graph', () => {
	const large = () => ({ attachments: [attachment(randomBytes(9 * MEGABYTE), PDF)] });
	const small = () => ({ attachments: [attachment(randomBytes(2.5 * MEGABYTE), PDF)] });

	const expectOneMail = (files: number, openSessions = 0) => {
		expect(tenant.transport.sent).toHaveLength(1);
		expect(tenant.transport.sent[0]?.message.attachments).toHaveLength(files);
		expect(inFolder(anna, 'drafts')).toEqual([]);
		expect(inFolder(anna, 'sentitems')).toHaveLength(1);
		expect(tenant.uploads.open).toBe(openSessions);
		expect(tenant.requests.leaks).toEqual([]);
	};

	const faults: Readonly<Record<string, Fault['answer']>> = {
		cut,
		'503': unavailable(503),
		'504': unavailable(504),
		'429': throttled(0),
	};
	const gaps: ReadonlyArray<[string, string, RegExp, () => Partial<OutgoingMessage>, number]> = [
		['the draft', 'POST', /\/messages$/, () => ({}), 0],
		['a file', 'POST', /\/attachments$/, small, 1],
		['the upload session', 'POST', /createUploadSession$/, large, 1],
		['a slice', 'PUT', /AttachmentSessions/, large, 1],
		['the sending', 'POST', /\/send$/, () => ({}), 0],
	];
	const cases = gaps.flatMap(([name, method, url, changes, files]) =>
		Object.entries(faults).flatMap(([fault, answer]) =>
			(['before', 'after'] as const)
				// Who is throttled was not served.
				.filter((when) => when === 'before' || fault !== '429')
				.map((when) => ({ name, fault, when, method, url, changes, files, answer })),
		),
	);

	it.each(cases)('$fault $when $name: one mail, no draft left behind', async (one) => {
		const { method, url, when, answer } = one;
		tenant.faults.add({ method, url, when, answer });
		const outcome = await send(one.changes());
		expect(outcome.accepted).toEqual([bert.address]);
		// Of a session whose address is lost nobody knows: Microsoft forgets it, and attaches nothing.
		expectOneMail(one.files, one.name === 'the upload session' && when === 'after' ? 1 : 0);
	});

	it('a lost answer to the last slice makes no second attachment', async () => {
		tenant.faults.add({ method: 'PUT', url: /./, times: 2, answer: cut, when: 'after' });
		tenant.faults.add({ method: 'PUT', url: /./, when: 'after', answer: unavailable(503) });
		await send(large());
		expectOneMail(1);
	});

	it('an upload session that ends in the middle is followed by another one', async () => {
		const gone = graphFault(404, 'itemNotFound', 'The upload session has expired.');
		tenant.faults.add({ method: 'PUT', when: 'after', answer: gone });
		await send(large());
		expect(tenant.requests.matching(/createUploadSession$/)).toHaveLength(2);
		expectOneMail(1);
	});

	it('where the mailbox cannot tell, it is uncertain, and the next try of the node finds out', async () => {
		tenant.faults.add({ method: 'POST', url: /\/send$/, answer: cut, when: 'after' });
		tenant.faults.add({ method: 'GET', url: /./, times: 100, answer: cut });
		const message = mail({ identityKey: 'execution 1, item 0' });
		expect(await failure(open().send(message))).toMatchObject({ code: 'send.uncertain' });
		tenant.faults.clear();
		expect(await open().send(message)).toMatchObject({ accepted: [bert.address] });
		expectOneMail(0);
	});

	it('where the draft is still one, the next try of the node sends the same', async () => {
		tenant.faults.add({ method: 'POST', url: /\/send$/, answer: cut });
		tenant.faults.add({ method: 'GET', url: /./, times: 100, answer: cut });
		const message = mail({ identityKey: 'execution 2, item 0', ...small() });
		expect(await failure(open().send(message))).toMatchObject({ code: 'send.uncertain' });
		tenant.faults.clear();
		tenant.requests.clear();
		await open().send(message);
		expect(steps()).not.toContain('POST /messages 201');
		expectOneMail(1);
	});

	it('a draft that was never sent is removed when it is given up', async () => {
		tenant.faults.add({ method: 'POST', url: /\/send$/, times: 100, answer: unavailable(503) });
		const error = await failure(send());
		expect(error).toMatchObject({ code: 'server.unavailable' });
		expect(inFolder(anna, 'drafts')).toEqual([]);
		expect(tenant.transport.sent).toEqual([]);
	});

	it('a recipient that is refused is the end of it', async () => {
		tenant.faults.add({
			method: 'POST',
			url: /\/send$/,
			answer: graphFault(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.'),
		});
		expect(await failure(send())).toMatchObject({ code: 'recipient.rejected', retryable: false });
		expect(inFolder(anna, 'drafts')).toEqual([]);
	});

	it('sends nothing once the execution is cancelled, and leaves nothing', async () => {
		const stop = new AbortController();
		tenant.faults.add({ method: 'PUT', url: /./, times: 100, answer: throttled(600) });
		const sending = failure(send(large(), { signal: stop.signal }));
		const until = async () => {
			while (tenant.requests.matching(/^PUT/).length === 0) {
				await new Promise((resolve) => setImmediate(resolve));
			}
		};
		await until();
		stop.abort();
		expect(await sending).toMatchObject({ code: 'send.cancelled' });
		expect(tenant.transport.sent).toEqual([]);
		expect(inFolder(anna, 'drafts')).toEqual([]);
		expect(tenant.uploads.open).toBe(0);
	});
});
