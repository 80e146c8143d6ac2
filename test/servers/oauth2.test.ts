import { buffer } from 'node:stream/consumers';
import { checkConnector } from '../../mail/check';
import type { Connector, IncomingServer, TokenLogin } from '../../mail/connector';
import { createImapDriver } from '../../mail/drivers/imap';
import { createPop3Driver } from '../../mail/drivers/pop3';
import { createSmtpSender, SharedPools } from '../../mail/drivers/smtp';
import type { MailboxDriver } from '../../mail/ports';
import { silentLog } from '../mail/drivers/imap/imap-connector';
import { ScriptedTokens } from '../support/access-tokens';
import { startDovecot, type Dovecot } from '../support/dovecot';
import type { Application } from '../support/microsoft-tenant/directory/application';
import type { User } from '../support/microsoft-tenant/directory/user';
import { type MicrosoftTenant, startMicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { startPostfix, type Postfix } from '../support/postfix';
import { composedMessage, sendingConnector } from '../support/sending';

const ANNA = 'anna@example.test';
const SALES = 'sales@example.test';
const BORIS = 'boris@example.test';
const NEVER = new AbortController().signal;

let tenant: MicrosoftTenant;
let application: Application;
let anna: User;
let boris: User;
let dovecot: Dovecot;
let postfix: Postfix;

beforeAll(async () => {
	tenant = await startMicrosoftTenant();
	anna = tenant.addUser(ANNA);
	boris = tenant.addUser(BORIS);
	tenant.addUser(SALES, { mailbox: 'shared' }).fullAccess.add(ANNA);
	application = tenant.registerApplication({
		delegatedPermissions: ['IMAP.AccessAsUser.All', 'POP.AccessAsUser.All', 'SMTP.Send'],
	});
	dovecot = await startDovecot({
		users: [ANNA, SALES, BORIS].map((user) => ({ user, password: 'unused' })),
		tokenCheck: {
			introspectionUrl: tenant.introspectionUrl,
			authorityPem: tenant.authorityPem,
		},
	});
	postfix = await startPostfix({ dovecot, signInRequired: true });
});

afterAll(async () => {
	await postfix?.stop();
	await dovecot?.stop();
	await tenant?.close();
});

const tokenOf = (user: User) => tenant.tokenFor(application, user, 'outlook');

function connector(login: TokenLogin, protocol: IncomingServer['protocol'] = 'imap'): Connector {
	const { host, imapsPort, pop3sPort, caPem } = dovecot;
	const port = protocol === 'imap' ? imapsPort : pop3sPort;
	return {
		...sendingConnector({ host, port: postfix.smtpsPort, security: 'tls', login }),
		incoming: { protocol, host, port, security: 'tls', login },
		tls: { minVersion: 'TLSv1.2', allowUntrusted: false, caPem },
	};
}

const drivers = {
	imap: (login: TokenLogin) => createImapDriver(connector(login), silentLog),
	pop3: (login: TokenLogin) => createPop3Driver(connector(login, 'pop3'), silentLog),
};

async function readSubjects(driver: MailboxDriver): Promise<string[]> {
	const session = await driver.openFolder('INBOX', NEVER);
	try {
		const heads = await session.fetchHeads(await session.search({}));
		return heads.map((read) => ('head' in read ? read.head.subject : 'unreadable'));
	} finally {
		await session.close();
	}
}

describe.each(['imap', 'pop3'] as const)(
	'Dovecot, asked by %s with an access token',
	(protocol) => {
		const open = async (user: string, tokens: ScriptedTokens) =>
			await readSubjects(drivers[protocol]({ user, tokens }));

		it('opens the mailbox that the token is for', async () => {
			await dovecot.deliver(ANNA, { from: BORIS, subject: `for Anna by ${protocol}` });
			expect(await open(ANNA, new ScriptedTokens(tokenOf(anna)))).toContain(
				`for Anna by ${protocol}`,
			);
		});

		it('opens a shared mailbox under its own address, to who has the right', async () => {
			await dovecot.deliver(SALES, { from: BORIS, subject: `for Sales by ${protocol}` });
			expect(await open(SALES, new ScriptedTokens(tokenOf(anna)))).toContain(
				`for Sales by ${protocol}`,
			);
			const tokens = new ScriptedTokens(tokenOf(boris));
			await expect(open(SALES, tokens)).rejects.toMatchObject({ code: 'auth.tokenRejected' });
		});

		it('refuses a token that has ended, and takes the one that follows', async () => {
			const ended = tokenOf(anna);
			tenant.tokens.expireAccessTokens();
			const tokens = new ScriptedTokens(ended, tokenOf(anna));
			await open(ANNA, tokens);
			expect(tokens.discarded).toEqual([ended]);
		});

		it('refuses a token of Graph, twice, and leaves no trace of it in the error', async () => {
			const wrong = [1, 2].map(() => tenant.tokenFor(application, anna, 'graph'));
			const failure: unknown = await open(ANNA, new ScriptedTokens(...wrong)).catch(
				(error: unknown) => error,
			);
			expect(failure).toMatchObject({ code: 'auth.tokenRejected' });
			const text = failure instanceof Error ? `${failure.message} ${failure.stack}` : '';
			for (const token of wrong) expect(text).not.toContain(token);
		});
	},
);

describe('Postfix, asked with an access token', () => {
	const send = async (tokens: ScriptedTokens, subject: string) => {
		const sender = createSmtpSender(connector({ user: ANNA, tokens }), new SharedPools(0));
		try {
			const message = composedMessage([BORIS], { subject, from: ANNA });
			await sender.send(message);
			return await buffer(message.open());
		} finally {
			await sender.close();
		}
	};
	const received = async () => (await dovecot.messages(BORIS)).join('\n');

	it('takes mail of who has signed in by XOAUTH2', async () => {
		await send(new ScriptedTokens(tokenOf(anna)), 'by token');
		await dovecot.waitForMessages(BORIS, 1);
		expect(await received()).toContain('Subject: by token');
	});

	it('refuses a token that has ended, and takes the one that follows', async () => {
		const ended = tokenOf(anna);
		tenant.tokens.expireAccessTokens();
		await send(new ScriptedTokens(ended, tokenOf(anna)), 'by the second');
		await dovecot.waitForMessages(BORIS, 2);
		expect(await received()).toContain('Subject: by the second');
	});

	it('refuses others', async () => {
		await expect(send(new ScriptedTokens('nonsense', 'more'), 'never')).rejects.toMatchObject({
			code: 'auth.tokenRejected',
		});
	});
});

describe('the check of a connector with access tokens', () => {
	it('signs in to both sides, and says so', async () => {
		const report = await checkConnector(
			connector({ user: ANNA, tokens: new ScriptedTokens(tokenOf(anna)) }),
		);
		expect(report).toMatchObject({ ok: true });
		expect(report.steps.map(({ detail }) => detail).join('\n')).toContain('takes OAuth2');
	});

	it('says what the server said, and what to do, without the token', async () => {
		const tokens = new ScriptedTokens('first-nonsense', 'second-nonsense', 'third-nonsense');
		const report = await checkConnector(connector({ user: ANNA, tokens }));
		expect(report).toMatchObject({ ok: false, error: { code: 'auth.tokenRejected' } });
		expect(report.summary).toContain('connect it again');
		expect(JSON.stringify(report)).not.toContain('nonsense');
	});
});
