import { createHash } from 'node:crypto';
import type { Application } from '../support/microsoft-tenant/directory/application';
import { startMicrosoftTenant, type MicrosoftTenant } from '../support/microsoft-tenant/tenant';

const redirect_uri = 'https://n8n.example/rest/oauth2-credential/callback';
const scope = 'https://graph.microsoft.com/Mail.Read offline_access';
const verifier = 'a-verifier-that-is-long-enough-for-the-rfc-7636';

let tenant: MicrosoftTenant;
let application: Application;
beforeEach(async () => {
	tenant = await startMicrosoftTenant();
	tenant.addUser('anna@contoso.example');
	application = tenant.registerApplication({ secrets: ['s'], redirectUris: [redirect_uri] });
});
afterEach(async () => {
	await tenant.close();
});

const authorizeUrl = (more: Record<string, string> = {}) =>
	`${tenant.authorizeUrl}?${new URLSearchParams({
		client_id: application.clientId,
		response_type: 'code',
		redirect_uri,
		scope,
		state: 'abc',
		code_challenge: createHash('sha256').update(verifier).digest('base64url'),
		code_challenge_method: 'S256',
		...more,
	})}`;

async function visit(url: string, init?: RequestInit): Promise<URLSearchParams> {
	const answer = await tenant.fetch(url, init);
	expect(answer.status).toBe(302);
	return new URL(answer.headers.get('location') ?? '').searchParams;
}

async function redeem(code: string, more: Record<string, string> = {}) {
	const answer = await tenant.fetch(tenant.tokenUrl, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'authorization_code',
			client_id: application.clientId,
			client_secret: 's',
			redirect_uri,
			code,
			code_verifier: verifier,
			...more,
		}),
	});
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests expect its shape
	return (await answer.json()) as any;
}

describe('the sign-in page', () => {
	it('gives a code that is good for one token, which opens the mailbox', async () => {
		const back = await visit(authorizeUrl());
		expect(back.get('state')).toBe('abc');
		const code = back.get('code') ?? '';
		expect((await redeem(code, { code_verifier: 'another' })).error_codes).toEqual([501481]);
		const tokens = await redeem(code);
		expect(tokens).toMatchObject({ scope: 'Mail.Read', refresh_token: expect.any(String) });
		expect((await redeem(code)).error_codes).toEqual([54005]);
		const answer = await tenant.fetch(`${tenant.graphUrl}/me/messages`, {
			headers: { authorization: `Bearer ${tokens.access_token}` },
		});
		expect(answer.status).toBe(200);
	});

	it('can wait for a button, and can be declined', async () => {
		tenant.page.consent.manner = 'button';
		const page = await tenant.fetch(authorizeUrl());
		expect(await page.text()).toContain('id="accept"');
		const post = async (decision: string) =>
			await visit(authorizeUrl(), { method: 'POST', body: new URLSearchParams({ decision }) });
		expect((await post('accept')).get('code')).not.toBeNull();
		const declined = await post('cancel');
		expect(declined.get('error')).toBe('access_denied');
		expect(declined.get('error_description')).toMatch(/^AADSTS65004: /);
	});

	it('sends the browser nowhere for an unknown redirect address', async () => {
		const answer = await tenant.fetch(authorizeUrl({ redirect_uri: 'https://evil.example/' }));
		expect(answer.status).toBe(400);
		expect(await answer.text()).toContain('AADSTS50011');
	});

	it('leaves to the administrator what only they may consent to', async () => {
		application.adminPermissions.add('Mail.Read');
		expect((await visit(authorizeUrl())).get('error_description')).toMatch(/^AADSTS90094/);
	});
});

describe('the token check of a mail server', () => {
	it('accepts tokens of Outlook for the mailboxes that they open, and none of Graph', async () => {
		const [anna] = tenant.directory.users;
		const sales = tenant.addUser('sales@contoso.example', { mailbox: 'shared' });
		application.delegatedPermissions = ['IMAP.AccessAsUser.All', 'Mail.Read'];
		application.appPermissions = ['IMAP.AccessAsApp'];
		const check = async (token: string, mailbox = '') => {
			const answer = await tenant.fetch(`${tenant.introspectionUrl}/${mailbox}`, {
				headers: { authorization: `Bearer ${token}` },
			});
			return await answer.json();
		};
		const delegated = tenant.tokenFor(application, anna, 'outlook');
		expect(await check(delegated)).toMatchObject({ active: true, email: 'anna@contoso.example' });
		expect(await check(delegated, sales.address)).toEqual({ active: false });
		sales.fullAccess.add('anna@contoso.example');
		expect(await check(delegated, sales.address)).toMatchObject({ email: sales.address });
		expect(await check(tenant.tokenFor(application, anna))).toEqual({ active: false });
		const app = tenant.tokenFor(application, undefined, 'outlook');
		expect(await check(app, sales.address)).toMatchObject({ active: true });
		tenant.tokens.revokeAll();
		expect(await check(app, sales.address)).toEqual({ active: false });
	});
});
