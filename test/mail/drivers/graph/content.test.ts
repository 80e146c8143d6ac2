import { createGraphDriver } from '../../../../mail/drivers/graph';
import type { MessageHead } from '../../../../mail/message';
import type { MailboxDriver, MailboxSession } from '../../../../mail/ports';
import { mail } from '../../../contract/mailbox-driver';
import { graphConnector, startGraphTenant } from '../../../support/graph-mailbox';
import { throttled } from '../../../support/microsoft-tenant/http/fault';
import type { MicrosoftTenant } from '../../../support/microsoft-tenant/tenant';
import { silentLog } from '../imap/imap-connector';

const NEVER = new AbortController().signal;

let tenant: MicrosoftTenant;
let driver: MailboxDriver;
let mailbox: ReturnType<MicrosoftTenant['mailbox']>;
let next = 0;

beforeAll(async () => {
	tenant = await startGraphTenant();
});
afterAll(async () => await tenant.close());
beforeEach(() => {
	const { address } = tenant.addUser(`reader${next++}@contoso.example`);
	mailbox = tenant.mailbox(address);
	driver = createGraphDriver(graphConnector(tenant, address), silentLog, { pollMs: 20 });
});

async function readOnly(): Promise<{ session: MailboxSession; head: MessageHead }> {
	const session = await driver.openFolder('INBOX', NEVER);
	const [entry] = await session.fetchHeads(await session.search({}));
	if (entry === undefined || 'error' in entry) throw new Error('no mail');
	return { session, head: entry.head };
}

const bodyOf = async (session: MailboxSession, head: MessageHead) => {
	const [body] = await session.fetchBodies([{ head, want: { attachments: head.attachments } }]);
	if (body === undefined || 'error' in body) throw new Error('no body');
	return body.body;
};

function multipart(...parts: string[]): string {
	const head = ['From: ada@example.test', 'Subject: parts', 'MIME-Version: 1.0'];
	const type = 'Content-Type: multipart/related; boundary="=-b"';
	return [...head, type, '', ...parts.flatMap((part) => ['--=-b', part]), '--=-b--', ''].join(
		'\r\n',
	);
}

const html = (text: string) => `Content-Type: text/html\r\n\r\n${text}`;
const picture = (cid: string) =>
	`Content-Type: image/png; name="${cid}.png"\r\nContent-Disposition: inline\r\nContent-ID: <${cid}>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA`;

describe('the head of a mail', () => {
	it('has what rules and automatic answers look at', async () => {
		await mailbox.deliver(
			[
				'From: Ada <ada@example.test>',
				'To: support@example.test, "Other" <other@example.test>',
				'Reply-To: desk@example.test',
				'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
				'Message-ID: <m1@example.test>',
				'In-Reply-To: <m0@example.test>',
				'References: <m9@example.test> <m0@example.test>',
				'Auto-Submitted: auto-replied',
				'List-Id: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= <list.example.test>',
				'Importance: high',
				'',
				'Text',
			].join('\r\n'),
		);
		const [message] = mailbox.messages;
		if (message === undefined) throw new Error('no message');
		mailbox.update(message, {
			categories: ['Red category'],
			flag: { flagStatus: 'flagged' },
			inferenceClassification: 'other',
		});
		const { head } = await readOnly();
		expect(head).toMatchObject({
			subject: 'Grüße',
			messageId: '<m1@example.test>',
			inReplyTo: '<m0@example.test>',
			references: ['<m9@example.test>', '<m0@example.test>'],
			from: [{ name: 'Ada', address: 'ada@example.test' }],
			sender: [],
			replyTo: [{ name: '', address: 'desk@example.test' }],
			to: [
				{ name: '', address: 'support@example.test' },
				{ name: 'Other', address: 'other@example.test' },
			],
			importance: 'high',
			flags: ['\\Flagged', 'Red category'],
			inbox: 'other',
		});
		expect(head.headers.get('auto-submitted')).toEqual(['auto-replied']);
		expect(head.headers.get('list-id')).toEqual(['Grüße <list.example.test>']);
		expect(head.sizeBytes).toBeGreaterThan(0);
	});

	it('costs one request, and its body none more', async () => {
		await mailbox.deliver(mail('plain'));
		const before = tenant.requests.all.length;
		const { session, head } = await readOnly();
		const perMail = tenant.requests.matching(/messages\/[^?]*\?/).length;
		await bodyOf(session, head);
		expect(tenant.requests.matching(/messages\/[^?]*\?/).length).toBe(perMail);
		// Folder, what is there already, the list, and the mail.
		expect(tenant.requests.all.length - before).toBe(4);
	});
});

describe('attachments', () => {
	it('inline alone are found although Graph says that there are none, and shown ones are told from files', async () => {
		const shown = html('<p>Look: <img src="cid:shown@x"></p>');
		await mailbox.deliver(multipart(shown, picture('shown@x'), picture('hidden@x')));
		expect(mailbox.messages[0]?.hasAttachments).toBe(false);
		const { session, head } = await readOnly();
		expect(head.attachments).toMatchObject([
			{ contentId: 'shown@x', inline: true, mimeType: 'image/png', part: '2' },
			{ contentId: 'hidden@x', inline: false, part: '3' },
		]);
		const body = await bodyOf(session, head);
		expect(body.attachments.map(({ content }) => content.length)).toEqual([3, 3]);
		expect(body.text).toContain('Look:');
		expect(body.html).toContain('cid:shown@x');
	});

	it('that are messages come as .eml', async () => {
		const inner = mail('inner');
		await mailbox.deliver(
			multipart(html('See below'), `Content-Type: message/rfc822\r\n\r\n${inner}`),
		);
		const { session, head } = await readOnly();
		expect(head.attachments).toMatchObject([{ fileName: 'inner.eml', mimeType: 'message/rfc822' }]);
		const [eml] = (await bodyOf(session, head)).attachments;
		expect(eml?.content.toString()).toContain('Subject: inner');
	});

	it('that are links to the cloud are named, and not fetched', async () => {
		const message = await mailbox.deliver(multipart(html('See https://cloud.example.test/x')));
		mailbox.attach(message, {
			kind: 'reference',
			name: 'Plan.docx',
			contentType: 'application/octet-stream',
			isInline: false,
			lastModifiedMs: 0,
			sourceUrl: tenant.strangerUrl,
		});
		const { session, head } = await readOnly();
		expect(head.attachments).toEqual([]);
		expect((await bodyOf(session, head)).warnings).toEqual([
			'"Plan.docx" is a link to a file in the cloud: it is not fetched.',
		]);
		expect(tenant.requests.all.filter(({ host }) => host === 'stranger')).toEqual([]);
	});
});

describe('folders', () => {
	it('are listed and found with their sub-folders, whatever they are called', async () => {
		const inbox = mailbox.folder('inbox');
		const projects = mailbox.addFolder("Bob's 100% / A&B", inbox);
		const deep = mailbox.addFolder('Ärger', projects);
		for (let index = 0; index < 15; index++) mailbox.addFolder(`Folder ${index}`);
		await mailbox.deliver(mail('deep'), { folder: deep.id });
		const folders = await driver.listFolders(NEVER);
		const paths = folders.map(({ path }) => path);
		expect(paths).toEqual(expect.arrayContaining(['INBOX', 'Folder 14']));
		expect(folders.find(({ path }) => path === 'INBOX')?.specialUse).toBe('\\Inbox');
		expect(folders.filter(({ specialUse }) => specialUse === '\\Sent')).toHaveLength(1);
		const deepest = paths.find((path) => path.endsWith('/Ärger')) ?? '';
		expect(deepest).toBe("INBOX/Bob's 100%25 %2F A&B/Ärger");
		const session = await driver.openFolder(deepest, NEVER);
		expect(session.folder).toMatchObject({ path: deepest, messages: 1 });
		for (const path of ['sentitems', 'SentItems', 'inbox']) {
			await expect(driver.openFolder(path, NEVER)).resolves.toBeDefined();
		}
	});
});

describe('what is not done', () => {
	it('received mail is never changed in its subject, text or recipients', async () => {
		await mailbox.deliver(mail('kept'));
		const { session, head } = await readOnly();
		await session.addFlags([head.uid], ['\\Seen', '\\Flagged', '\\Answered', 'Red']);
		await session.removeFlags([head.uid], ['\\Flagged']);
		expect(mailbox.messages[0]?.content).toMatchObject({
			isRead: true,
			flag: { flagStatus: 'notFlagged' },
			categories: ['Red'],
			subject: 'kept',
		});
		const changes = tenant.requests.matching(/^PATCH /);
		expect(changes.length).toBeGreaterThan(0);
	});

	it('no token goes to another host, and no more than three requests are under way', async () => {
		for (let index = 0; index < 10; index++) await mailbox.deliver(mail(`mail ${index}`));
		const session = await driver.openFolder('INBOX', NEVER);
		tenant.faults.add({ url: /messages\//, answer: throttled(0) });
		const heads = await session.fetchHeads(await session.search({}));
		expect(heads.every((entry) => 'head' in entry)).toBe(true);
		expect(tenant.concurrency.peak).toBeLessThanOrEqual(3);
		expect(tenant.requests.leaks).toEqual([]);
	});
});
