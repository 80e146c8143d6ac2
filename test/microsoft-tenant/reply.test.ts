import { startMicrosoftTenant, type MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { createCall, type Call } from './client';

let tenant: MicrosoftTenant;
let call: Call;
let path: string;

beforeEach(async () => {
	tenant = await startMicrosoftTenant();
	const anna = tenant.addUser('anna@contoso.example');
	const application = tenant.registerApplication({
		delegatedPermissions: ['Mail.ReadWrite', 'Mail.Send'],
	});
	call = createCall(tenant, tenant.tokenFor(application, anna));
	const raw = [
		'From: bert@outside.example',
		'To: anna@contoso.example, carl@outside.example',
		'Cc: dora@outside.example',
		'Subject: Plan',
		'Message-ID: <2@x>',
		'References: <1@x>',
		'',
		'What about <Friday>?',
	].join('\r\n');
	const { plainId } = await tenant.mailbox(anna.address).deliver(raw);
	path = `/me/messages/${encodeURIComponent(plainId)}`;
});
afterEach(async () => {
	await tenant.close();
});

const addresses = (list: Array<{ emailAddress: { address: string } }>) =>
	list.map(({ emailAddress }) => emailAddress.address);

describe('replies and forwards', () => {
	it('are drafted in their thread, to those whom it concerns', async () => {
		const { status, body } = await call('POST', `${path}/createReplyAll`);
		expect(status).toBe(201);
		expect(body).toMatchObject({ subject: 'RE: Plan', isDraft: true });
		expect(addresses(body.toRecipients)).toEqual(['bert@outside.example', 'carl@outside.example']);
		expect(addresses(body.ccRecipients)).toEqual(['dora@outside.example']);
		const mime = await call('GET', `/me/messages/${encodeURIComponent(body.id)}/$value`);
		expect(mime.body).toContain('In-Reply-To: <2@x>');
		expect(mime.body).toContain('References: <1@x> <2@x>');
	});

	it('do not take over the comment into a draft, but into a mail that is sent at once', async () => {
		const draft = await call('POST', `${path}/createReply`, { body: { comment: 'Fine!' } });
		expect(draft.body.body.content).not.toContain('Fine!');
		expect((await call('POST', `${path}/reply`, { body: { comment: 'Fine!' } })).status).toBe(202);
		expect(tenant.transport.sent[0]?.message.content.body.content).toContain('Fine!');
	});

	it('refuse a comment beside a body, and a forward without a recipient', async () => {
		tenant.description.isChecked = false;
		const body = { comment: 'A', message: { body: { contentType: 'text', content: 'B' } } };
		expect((await call('POST', `${path}/reply`, { body })).status).toBe(400);
		expect((await call('POST', `${path}/forward`, { body: {} })).body.error.code).toBe(
			'ErrorInvalidRecipients',
		);
	});

	it('come as MIME too, and belong to the thread all the same', async () => {
		const mime =
			'To: bert@outside.example\r\nSubject: Re: Plan\r\nContent-Type: text/plain\r\n\r\nYes';
		const { status } = await call('POST', `${path}/reply`, {
			body: Buffer.from(mime).toString('base64'),
			headers: { 'content-type': 'text/plain' },
		});
		expect(status).toBe(202);
		expect(tenant.transport.sent[0]).toMatchObject({
			recipients: ['bert@outside.example'],
			message: {
				content: {
					internetMessageHeaders: expect.arrayContaining([{ name: 'In-Reply-To', value: '<2@x>' }]),
				},
			},
		});
	});
});
