import { createTransport } from 'nodemailer';
import type { Application } from '../support/microsoft-tenant/directory/application';
import type { User } from '../support/microsoft-tenant/directory/user';
import { startTenantSmtp, type TenantSmtp } from '../support/microsoft-tenant/smtp-host';
import { startMicrosoftTenant, type MicrosoftTenant } from '../support/microsoft-tenant/tenant';

let tenant: MicrosoftTenant;
let smtp: TenantSmtp;
let application: Application;
let anna: User;

beforeEach(async () => {
	tenant = await startMicrosoftTenant();
	smtp = await startTenantSmtp(tenant);
	anna = tenant.addUser('anna@contoso.example');
	tenant.addUser('bert@contoso.example');
	application = tenant.registerApplication({
		delegatedPermissions: ['SMTP.Send', 'IMAP.AccessAsUser.All', 'Mail.Send'],
	});
});
afterEach(async () => {
	await smtp.close();
	await tenant.close();
});

async function send(accessToken: string, from = anna.address): Promise<string> {
	const transport = createTransport({
		host: smtp.host,
		port: smtp.port,
		requireTLS: true,
		tls: { ca: tenant.authorityPem },
		auth: { type: 'OAuth2', user: anna.address, accessToken },
	});
	const mail = { from, to: 'bert@contoso.example', subject: 'By SMTP', text: 'Hi' };
	try {
		const { response } = await transport.sendMail(mail);
		return response;
	} catch (error) {
		return error instanceof Error ? error.message : '';
	} finally {
		transport.close();
	}
}

describe('SMTP of the tenant', () => {
	it('takes mail from whom the token allows it, and brings it to the mailbox', async () => {
		expect(await send(tenant.tokenFor(application, anna, 'outlook'))).toMatch(/^250/);
		const bert = tenant.mailbox('bert@contoso.example');
		expect(bert.messagesIn(bert.folder('inbox'))).toMatchObject([
			{ content: { subject: 'By SMTP' } },
		]);
	});

	it('refuses tokens of Graph, old ones, mailboxes without SMTP, and other senders', async () => {
		const token = tenant.tokenFor(application, anna, 'outlook');
		expect(await send(tenant.tokenFor(application, anna))).toContain('535 5.7.3');
		expect(await send(token, 'bert@contoso.example')).toContain('550 5.7.60');
		anna.allowsSmtp = false;
		expect(await send(token)).toContain('535 5.7.139');
		anna.allowsSmtp = true;
		tenant.tokens.expireAccessTokens();
		expect(await send(token)).toContain('535 5.7.3');
		expect(tenant.transport.sent).toEqual([]);
	});
});
