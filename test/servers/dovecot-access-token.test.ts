import { ImapFlow } from 'imapflow';
import { startDovecot, type Dovecot } from '../support/dovecot';
import { startMicrosoftTenant, type MicrosoftTenant } from '../support/microsoft-tenant/tenant';

let tenant: MicrosoftTenant;
let dovecot: Dovecot;

beforeAll(async () => {
	tenant = await startMicrosoftTenant();
	tenant.addUser('anna@contoso.example');
	tenant.addUser('sales@contoso.example', { mailbox: 'shared' });
	dovecot = await startDovecot({
		users: ['anna@contoso.example', 'sales@contoso.example'].map((user) => ({
			user,
			password: 'unused',
		})),
		tokenCheck: { introspectionUrl: tenant.introspectionUrl, authorityPem: tenant.authorityPem },
	});
});
afterAll(async () => {
	await dovecot.stop();
	await tenant.close();
});

async function signIn(user: string, accessToken: string): Promise<'in' | 'refused'> {
	const client = new ImapFlow({
		host: dovecot.host,
		port: dovecot.imapsPort,
		secure: true,
		tls: { ca: dovecot.caPem },
		auth: { user, accessToken },
		logger: false,
	});
	client.on('error', () => undefined);
	try {
		await client.connect();
		await client.logout();
		return 'in';
	} catch {
		client.close();
		return 'refused';
	}
}

describe('Dovecot, where the tenant checks the tokens', () => {
	it('lets in whom the token opens the mailbox, and nobody by a token of Graph or an old one', async () => {
		const [anna, sales] = tenant.directory.users;
		const application = tenant.registerApplication({
			delegatedPermissions: ['IMAP.AccessAsUser.All', 'Mail.ReadWrite'],
			appPermissions: ['IMAP.AccessAsApp'],
		});
		const delegated = tenant.tokenFor(application, anna, 'outlook');
		expect(await signIn('anna@contoso.example', delegated)).toBe('in');
		expect(await signIn('sales@contoso.example', delegated)).toBe('refused');
		sales?.fullAccess.add('anna@contoso.example');
		expect(await signIn('sales@contoso.example', delegated)).toBe('in');
		expect(await signIn('anna@contoso.example', tenant.tokenFor(application, anna))).toBe(
			'refused',
		);
		const ofApplication = tenant.tokenFor(application, undefined, 'outlook');
		expect(await signIn('sales@contoso.example', ofApplication)).toBe('in');
		tenant.tokens.expireAccessTokens();
		expect(await signIn('anna@contoso.example', delegated)).toBe('refused');
	});
});
