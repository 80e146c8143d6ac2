import { ImapFlow } from 'imapflow';
import { createImapDriver } from '../../mail/drivers/imap';
import { createPop3Driver } from '../../mail/drivers/pop3';
import { COMMAND_SILENCE_MS } from '../../mail/limits';
import type { MailboxDriver } from '../../mail/ports';
import { describeMailboxDriver, type ContractMailbox } from '../contract/mailbox-driver';
import { imapConnector, silentLog } from '../mail/drivers/imap/imap-connector';
import { ScriptedTokens } from '../support/access-tokens';
import { startDovecot, type Dovecot } from '../support/dovecot';
import { type MicrosoftTenant, startMicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { pop3Connector } from '../support/pop3-connector';

/** One for each test, so that each begins with an empty mailbox. */
const users = Array.from({ length: 160 }, (_, index) => ({
	user: `user${index}@example.test`,
	password: 'password',
}));
let tenant: MicrosoftTenant;
let token: string;
let server: Dovecot;
let next = 0;

beforeAll(async () => {
	tenant = await startMicrosoftTenant();
	for (const { user } of users) tenant.addUser(user);
	const appPermissions = ['IMAP.AccessAsApp', 'POP.AccessAsApp'];
	token = tenant.tokenFor(tenant.registerApplication({ appPermissions }), undefined, 'outlook');
	server = await startDovecot({
		users,
		tokenCheck: { introspectionUrl: tenant.introspectionUrl, authorityPem: tenant.authorityPem },
	});
});
afterAll(async () => {
	await server?.stop();
	await tenant?.close();
});

async function remove(user: string, subject: string): Promise<void> {
	const client = new ImapFlow({
		host: server.host,
		port: server.imapPort,
		secure: false,
		doSTARTTLS: false,
		auth: { user, pass: 'password' },
		logger: false,
	});
	await client.connect();
	await client.mailboxOpen('INBOX');
	await client.messageDelete({ subject });
	await client.logout();
}

async function openMailbox(
	toDriver: (user: string) => MailboxDriver,
	folders: { readonly otherFolder?: string },
): Promise<ContractMailbox> {
	const user = users[next++]?.user ?? '';
	return {
		...folders,
		driver: toDriver(user),
		folder: 'INBOX',
		deliver: async (source) => await server.deliver(user, source),
		remove: async (subject) => await remove(user, subject),
		subjects: async (folder) =>
			(await server.messages(user, folder)).map((raw) => /^Subject: (.*)$/m.exec(raw)?.[1] ?? ''),
		freeze: () => server.pause(),
		thaw: () => server.resume(),
	};
}

const secrets = {
	'a password': () => ({ password: 'password' }),
	'an access token': () => ({ tokens: new ScriptedTokens(token) }),
};

describe.each(Object.entries(secrets))('signed in with %s, on Dovecot', (_name, toSecret) => {
	describe('the IMAP driver keeps the contract of mailboxes', () => {
		const toDriver = (user: string) =>
			createImapDriver(
				imapConnector({ host: server.host, port: server.imapPort, user, ...toSecret() }),
				silentLog,
			);
		describeMailboxDriver(async () => await openMailbox(toDriver, { otherFolder: 'Archive' }));
	});

	describe('the POP3 driver keeps the contract of mailboxes', () => {
		const toDriver = (user: string) =>
			createPop3Driver(
				pop3Connector({ host: server.host, port: server.pop3Port, user, ...toSecret() }),
				silentLog,
				{ silenceMs: COMMAND_SILENCE_MS, pollMs: 50, lingerMs: 1_000 },
			);
		describeMailboxDriver(async () => await openMailbox(toDriver, {}));
	});
});
