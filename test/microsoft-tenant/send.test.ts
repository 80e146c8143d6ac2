import type { Application } from '../support/microsoft-tenant/directory/application';
import type { User } from '../support/microsoft-tenant/directory/user';
import { cut, redirect, throttled } from '../support/microsoft-tenant/http/fault';
import { startMicrosoftTenant, type MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { createCall, immutable, toRaw, type Call } from './client';

let tenant: MicrosoftTenant;
let application: Application;
let anna: User;
let bert: User;
let call: Call;

beforeEach(async () => {
	tenant = await startMicrosoftTenant();
	anna = tenant.addUser('anna@contoso.example');
	bert = tenant.addUser('bert@contoso.example');
	application = tenant.registerApplication({
		delegatedPermissions: [
			'Mail.ReadWrite',
			'Mail.Send',
			'Mail.ReadWrite.Shared',
			'Mail.Send.Shared',
		],
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
	});
	call = createCall(tenant, tenant.tokenFor(application, anna));
});
afterEach(async () => {
	await tenant.close();
});

const id = (text: string) => encodeURIComponent(text);
const to = (address: string) => [{ emailAddress: { address } }];
const mail = (address: string, more: Record<string, unknown> = {}) => ({
	subject: 'Hello',
	body: { contentType: 'Text', content: 'Hi' },
	toRecipients: to(address),
	...more,
});
const inFolder = (user: User, folder: string) => {
	const mailbox = tenant.mailbox(user.address);
	return mailbox.messagesIn(mailbox.folder(folder));
};

describe('sending in the tenant', () => {
	it('delivers inside, records what goes outside, and keeps a copy unless told not to', async () => {
		const answer = await call('POST', '/me/sendMail', { body: { message: mail(bert.address) } });
		expect(answer).toMatchObject({ status: 202, body: undefined });
		expect(answer.headers.get('content-type')).toBeNull();
		expect(inFolder(bert, 'inbox')).toHaveLength(1);
		expect(inFolder(anna, 'sentitems')).toHaveLength(1);
		await call('POST', '/me/sendMail', {
			body: { message: mail('c@outside.example'), saveToSentItems: false },
		});
		expect(inFolder(anna, 'sentitems')).toHaveLength(1);
		expect(tenant.transport.sent[1]).toMatchObject({
			mailbox: anna.address,
			outside: ['c@outside.example'],
			savedToSentItems: false,
		});
		expect(String(await tenant.transport.sent[1]?.mime())).toContain('Subject: Hello');
	});

	it('sends a draft, which keeps its immutable id in Sent Items', async () => {
		const draft = await call('POST', '/me/messages', {
			body: mail(bert.address),
			prefer: immutable,
		});
		expect(draft).toMatchObject({ status: 201, body: { isDraft: true } });
		expect((await call('POST', `/me/messages/${id(draft.body.id)}/send`)).status).toBe(202);
		const sent = await call('GET', `/me/messages/${id(draft.body.id)}`, { prefer: immutable });
		expect(sent.body).toMatchObject({ id: draft.body.id, isDraft: false });
		expect(inFolder(anna, 'sentitems')).toHaveLength(1);
		expect(inFolder(anna, 'drafts')).toHaveLength(0);
	});

	it('keeps all headers of a MIME draft when files are added, shows Bcc to nobody, and files late', async () => {
		tenant.submission.keepsInOutbox = true;
		const raw = [
			'From: anna@contoso.example',
			`To: ${bert.address}`,
			'Bcc: carl@contoso.example',
			'Subject: List',
			'Message-ID: <own@contoso.example>',
			'References: <0@x>',
			'List-Unsubscribe: <mailto:x@contoso.example>',
			'',
			'Text',
		].join('\r\n');
		const draft = await call('POST', '/me/messages', {
			body: Buffer.from(raw).toString('base64'),
			headers: { 'content-type': 'text/plain' },
			prefer: immutable,
		});
		const path = `/me/messages/${id(draft.body.id)}`;
		await call('POST', `${path}/attachments`, {
			body: {
				'@odata.type': '#microsoft.graph.fileAttachment',
				name: 'a.txt',
				contentBytes: 'QQ==',
			},
		});
		expect((await call('POST', `${path}/send`)).status).toBe(202);
		expect((await call('POST', `${path}/send`)).status).toBe(400);
		expect(inFolder(anna, 'outbox')).toHaveLength(1);
		tenant.submission.emptyOutbox();
		expect(inFolder(anna, 'sentitems')).toHaveLength(1);
		const [sent] = tenant.transport.sent;
		expect(sent?.recipients).toEqual([bert.address, 'carl@contoso.example']);
		const mime = String(await sent?.mime());
		expect(mime).toContain('List-Unsubscribe: <mailto:x@contoso.example>');
		expect(mime).toContain('Message-ID: <own@contoso.example>');
		expect(mime).toContain('References: <0@x>');
		expect(mime).toContain('filename=a.txt');
		expect(inFolder(bert, 'inbox')[0]?.content).toMatchObject({ bccRecipients: [] });
	});

	it('takes MIME as base64, and nothing else as MIME', async () => {
		tenant.description.isChecked = false;
		const raw = toRaw('As MIME')
			.replace('To: anna@', 'To: bert@')
			.replace('bert@outside', 'anna@contoso');
		const headers = { 'content-type': 'text/plain' };
		const send = async (body: string) => await call('POST', '/me/sendMail', { body, headers });
		expect((await send(raw)).body.error.code).toBe('ErrorMimeContentInvalidBase64String');
		tenant.transport.sent.length = 0;
		await send(
			Buffer.from(raw.replace(/^From: .*$/m, 'From: anna@contoso.example')).toString('base64'),
		);
		expect(inFolder(bert, 'inbox')[0]?.content.subject).toBe('As MIME');
	});

	it('refuses other senders without a right, and says who sent on behalf of whom', async () => {
		const sales = tenant.addUser('sales@contoso.example', { mailbox: 'shared' });
		const send = async (path: string) =>
			await call('POST', path, {
				body: {
					message: mail(bert.address, { from: { emailAddress: { address: sales.address } } }),
				},
			});
		expect((await send('/me/sendMail')).body.error.code).toBe('ErrorSendAsDenied');
		expect((await send(`/users/${sales.address}/sendMail`)).body.error.code).toBe(
			'ErrorAccessDenied',
		);
		sales.sendOnBehalf.add(anna.address);
		expect((await send('/me/sendMail')).status).toBe(202);
		expect(inFolder(bert, 'inbox')[0]?.content).toMatchObject({
			from: { emailAddress: { address: sales.address } },
			sender: { emailAddress: { address: anna.address } },
		});
		sales.fullAccess.add(anna.address);
		expect((await send(`/users/${sales.address}/sendMail`)).status).toBe(202);
		expect(inFolder(sales, 'sentitems')).toHaveLength(1);
	});

	it('takes large files in slices, in order and without a token', async () => {
		const draft = await call('POST', '/me/messages', { body: mail(bert.address) });
		const base = `/me/messages/${id(draft.body.id)}/attachments`;
		const size = 5_000_000;
		const { status, body } = await call('POST', `${base}/createUploadSession`, {
			body: { AttachmentItem: { attachmentType: 'file', name: 'big.bin', size } },
		});
		expect(status).toBe(201);
		const put = async (first: number, last: number, headers: Record<string, string> = {}) =>
			await tenant.fetch(body.uploadUrl, {
				method: 'PUT',
				headers: {
					'content-type': 'application/octet-stream',
					'content-range': `bytes ${first}-${last}/${size}`,
					...headers,
				},
				body: Buffer.alloc(last - first + 1, 7),
			});
		expect((await put(2_000_000, 3_999_999)).status).toBe(416);
		const first = await put(0, 1_999_999);
		expect(await first.json()).toMatchObject({ nextExpectedRanges: ['2000000'] });
		expect((await put(2_000_000, 4_999_999, { authorization: 'Bearer x' })).status).toBe(401);
		const last = await put(2_000_000, 4_999_999);
		expect(last.status).toBe(201);
		expect(last.headers.get('location')).toContain('/Attachments(');
		expect(await last.text()).toBe('');
		expect(tenant.requests.leaks).toHaveLength(1);
		const list = await call('GET', `${base}?$select=name,size`);
		expect(list.body.value).toMatchObject([{ name: 'big.bin', size }]);
	});

	it('refuses more than 4 MB in one request, more than five headers, and names without x-', async () => {
		tenant.description.isChecked = false;
		const send = async (more: Record<string, unknown>) =>
			await call('POST', '/me/sendMail', { body: { message: mail(bert.address, more) } });
		const tooLarge = { body: { contentType: 'text', content: 'x'.repeat(4 * 1024 * 1024) } };
		expect((await send(tooLarge)).status).toBe(413);
		const headers = (names: string[]) => ({
			internetMessageHeaders: names.map((name) => ({ name, value: '1' })),
		});
		expect((await send(headers(['References']))).body.error.code).toBe(
			'InvalidInternetMessageHeader',
		);
		expect((await send(headers(['x-1', 'x-2', 'x-3', 'x-4', 'x-5', 'x-6']))).body.error.code).toBe(
			'InvalidInternetMessageHeaderCollection',
		);
		expect((await send({ toRecipients: [] })).body.error.code).toBe('ErrorInvalidRecipients');
	});
});

describe('who may do what', () => {
	it('depends on the token, its audience and its rights', async () => {
		const as = (token: string) => createCall(tenant, token);
		const app = as(tenant.tokenFor(application));
		expect((await app('GET', '/me/messages')).body.error.message).toContain(
			'only valid with delegated',
		);
		expect((await app('GET', `/users/${bert.address}/messages`)).status).toBe(200);
		application.mailboxScope = [anna.address];
		expect((await app('GET', `/users/${bert.address}/messages`)).body.error.code).toBe(
			'ErrorAccessDenied',
		);
		expect((await app('GET', '/users/nobody@contoso.example/messages')).body.error.code).toBe(
			'ErrorInvalidUser',
		);
		expect((await call('GET', `/users/${bert.address}/messages`)).status).toBe(403);
		bert.fullAccess.add(anna.address);
		expect((await call('GET', `/users/${bert.address}/messages`)).status).toBe(200);
		const outlook = as(tenant.tokenFor(application, anna, 'outlook'));
		expect((await outlook('GET', '/me/messages')).status).toBe(401);
		tenant.tokens.expireAccessTokens();
		expect((await call('GET', '/me/messages')).body.error.code).toBe('InvalidAuthenticationToken');
	});
});

describe('what goes wrong on command', () => {
	it('happens before or after the request is carried out', async () => {
		const send = async () =>
			await call('POST', '/me/sendMail', { body: { message: mail(bert.address) } });
		tenant.faults.add({ method: 'POST', url: /sendMail/, answer: throttled(2) });
		const refused = await send();
		expect(refused.status).toBe(429);
		expect(refused.headers.get('retry-after')).toBe('2');
		expect(tenant.transport.sent).toHaveLength(0);
		tenant.faults.add({ when: 'after', answer: cut });
		await expect(send()).rejects.toThrow();
		expect(tenant.transport.sent).toHaveLength(1);
		tenant.faults.add({ answer: redirect(`${tenant.strangerUrl}/x`) });
		expect((await send()).headers.get('location')).toBe(`${tenant.strangerUrl}/x`);
	});

	it('includes a fifth request at once for one mailbox', async () => {
		const release = tenant.concurrency.hold();
		const all = [1, 2, 3, 4, 5].map(async () => (await call('GET', '/me/messages')).status);
		expect(await Promise.race(all)).toBe(429);
		release();
		expect((await Promise.all(all)).sort()).toEqual([200, 200, 200, 200, 429]);
		expect(tenant.concurrency.peak).toBe(5);
	});
});
