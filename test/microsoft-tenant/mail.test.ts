import type { User } from '../support/microsoft-tenant/directory/user';
import { startMicrosoftTenant, type MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { createCall, immutable, toRaw, type Call } from './client';

let tenant: MicrosoftTenant;
let anna: User;
let call: Call;

beforeEach(async () => {
	tenant = await startMicrosoftTenant();
	anna = tenant.addUser('anna@contoso.example');
	const application = tenant.registerApplication({
		delegatedPermissions: ['Mail.ReadWrite', 'Mail.Send', 'User.Read'],
	});
	call = createCall(tenant, tenant.tokenFor(application, anna));
});
afterEach(async () => {
	await tenant.close();
});

const deliver = async (raw: string, folder?: string) =>
	await tenant.mailbox('anna@contoso.example').deliver(raw, { folder });
const id = (text: string) => encodeURIComponent(text);

describe('messages of the tenant', () => {
	it('are made from mail that is delivered', async () => {
		await deliver(toRaw('Hi', 'Importance: high'));
		const { status, body } = await call('GET', '/me/mailFolders/inbox/messages');
		expect(status).toBe(200);
		expect(body.value).toHaveLength(1);
		expect(body.value[0]).toMatchObject({
			subject: 'Hi',
			importance: 'high',
			isRead: false,
			isDraft: false,
			from: { emailAddress: { name: 'Bert', address: 'bert@outside.example' } },
			toRecipients: [{ emailAddress: { address: 'anna@contoso.example' } }],
			internetMessageId: '<m1@outside.example>',
			body: { contentType: 'text', content: expect.stringContaining('Hello Anna') },
		});
		expect(body.value[0]).not.toHaveProperty('internetMessageHeaders');
	});

	it('come in pages that are linked, with their headers only when those are selected', async () => {
		for (let number = 1; number <= 5; number++) await deliver(toRaw(`Mail ${number}`));
		const subjects: string[] = [];
		let next = '/me/mailFolders/inbox/messages?$top=2&$select=subject,internetMessageHeaders';
		while (next !== '') {
			const { body } = await call('GET', next);
			expect(body.value.length).toBeLessThanOrEqual(2);
			for (const message of body.value) {
				subjects.push(message.subject);
				expect(message.internetMessageHeaders).toContainEqual({
					name: 'From',
					value: 'Bert <bert@outside.example>',
				});
				expect(message).not.toHaveProperty('body');
			}
			next = body['@odata.nextLink'] ?? '';
		}
		expect(subjects.sort()).toEqual(['Mail 1', 'Mail 2', 'Mail 3', 'Mail 4', 'Mail 5']);
	});

	it('have plain ids that change when they move, and immutable ones that do not', async () => {
		const message = await deliver(toRaw('Move me'));
		const { plainId, immutableId } = message;
		expect(plainId).toMatch(/[/+]/);
		const moved = await call('POST', `/me/messages/${id(plainId)}/move`, {
			body: { destinationId: 'archive' },
			prefer: immutable,
		});
		expect(moved).toMatchObject({ status: 201, body: { id: immutableId } });
		expect((await call('GET', `/me/messages/${id(plainId)}`)).status).toBe(404);
		expect((await call('GET', `/me/messages/${id(immutableId)}`)).body.id).not.toBe(plainId);
		tenant.description.isChecked = false;
		expect((await call('GET', `/me/messages/${immutableId}`)).status).toBe(400);
	});

	it('can be filtered and ordered as Graph can', async () => {
		await deliver(toRaw('First'));
		const second = await deliver(toRaw('Second'));
		await call('PATCH', `/me/messages/${id(second.plainId)}`, { body: { isRead: true } });
		const find = async (query: string) => await call('GET', `/me/messages?${query}`);
		expect((await find('$filter=isRead eq true&$select=subject')).body.value).toMatchObject([
			{ subject: 'Second' },
		]);
		const filter = encodeURIComponent(
			"receivedDateTime ge 2020-01-01T00:00:00Z and startswith(subject,'fir')",
		);
		expect((await find(`$filter=${filter}&$orderby=receivedDateTime`)).body.value).toHaveLength(1);
		expect(
			(await find('$filter=isRead eq false&$orderby=receivedDateTime desc')).body.error.code,
		).toBe('InefficientFilter');
		tenant.description.isChecked = false;
		expect((await find('$select=nothing')).status).toBe(400);
	});

	it('are found by category and by words', async () => {
		await deliver(toRaw('Invoice 12'));
		const other = await deliver(toRaw('Lunch'));
		tenant.mailbox(anna.address).update(other, { categories: ['Private', 'Food'] });
		const subjects = async (query: string) =>
			(await call('GET', `/me/messages?${query}`)).body.value.map(
				(each: { subject: string }) => each.subject,
			);
		const ofCategory = encodeURIComponent("categories/any(c:c eq 'Food') and isRead eq false");
		expect(await subjects(`$filter=${ofCategory}`)).toEqual(['Lunch']);
		expect(await subjects('$search="invoice anna"')).toEqual(['Invoice 12']);
		expect(await subjects('$search="subject:hello"')).toEqual([]);
		const both = await call('GET', '/me/messages?$search="x"&$orderby=subject');
		expect(both.body.error.code).toBe('SearchWithOrderBy');
	});

	it('keep what is theirs once they are no drafts: only marks may be changed', async () => {
		const { plainId } = await deliver(toRaw('Mine'));
		const patch = async (body: unknown) =>
			await call('PATCH', `/me/messages/${id(plainId)}`, { body });
		expect(
			await patch({ isRead: true, categories: ['Done'], flag: { flagStatus: 'flagged' } }),
		).toMatchObject({
			status: 200,
			body: { isRead: true, categories: ['Done'], flag: { flagStatus: 'flagged' } },
		});
		expect((await patch({ subject: 'Yours' })).status).toBe(403);
		tenant.description.isChecked = false;
		expect((await patch({ colour: 'red' })).body.error.code).toBe('RequestBodyRead');
	});

	it('have attachments as bytes, as MIME and inline', async () => {
		await deliver(
			[
				'From: b@outside.example',
				'Subject: Files',
				'Content-Type: multipart/mixed; boundary=x',
				'',
				'--x',
				'Content-Type: text/html',
				'',
				'<img src="cid:logo">',
				'--x',
				'Content-Type: image/png; name=logo.png',
				'Content-Disposition: inline',
				'Content-ID: <logo>',
				'Content-Transfer-Encoding: base64',
				'',
				'AAEC',
				'--x',
				'Content-Type: message/rfc822',
				'',
				'Subject: Inner',
				'From: c@outside.example',
				'',
				'Inner text',
				'--x--',
			].join('\r\n'),
		);
		const { body } = await call('GET', '/me/mailFolders/inbox/messages?$expand=attachments');
		const [message] = body.value;
		expect(message.attachments).toMatchObject([
			{ '@odata.type': '#microsoft.graph.fileAttachment', isInline: true, contentId: 'logo' },
			{ '@odata.type': '#microsoft.graph.itemAttachment', name: 'Inner' },
		]);
		const base = `/me/messages/${id(message.id)}/attachments`;
		const [file, item] = message.attachments;
		const bytes = await tenant.fetch(`${tenant.graphUrl}${base}/${id(file.id)}/$value`, {
			headers: { authorization: `Bearer ${[...tenant.tokens.access.keys()][0]}` },
		});
		expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([0, 1, 2]);
		expect((await call('GET', `${base}/${id(item.id)}/$value`)).body).toContain('Inner text');
		expect((await call('GET', `${base}?$select=contentBytes`)).status).toBe(400);
	});
});

describe('folders of the tenant', () => {
	it('are listed without the hidden ones, ten a page, and have well-known names', async () => {
		tenant.mailbox(anna.address).addFolder('Projects');
		const visible = await call('GET', '/me/mailFolders?$top=100');
		const names = visible.body.value.map((each: { displayName: string }) => each.displayName);
		expect(names).toContain('Projects');
		expect(names).not.toContain('Clutter');
		const all = await call('GET', '/me/mailFolders?includeHiddenFolders=true&$top=100');
		expect(all.body.value.length).toBe(names.length + 1);
		expect((await call('GET', '/me/mailFolders/inbox?$select=id')).body).toEqual({
			id: expect.any(String),
		});
	});
});
