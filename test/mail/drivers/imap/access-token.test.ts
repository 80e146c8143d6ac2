import { inspect } from 'node:util';
import { createImapDriver } from '../../../../mail/drivers/imap';
import { Secret } from '../../../../mail/secret';
import { startImapServer, type ImapAnswer, type ImapServer } from '../../../support/imap-server';
import { imapConnector, silentLog } from './imap-connector';

const NEVER = new AbortController().signal;
const CAPABILITIES = 'IMAP4rev1 NAMESPACE SASL-IR AUTH=PLAIN AUTH=XOAUTH2';

let server: ImapServer | undefined;
afterEach(async () => await server?.close());

async function signIn(answers: Readonly<Record<string, ImapAnswer>>, additionalMailbox?: string) {
	server = await startImapServer({ capabilities: CAPABILITIES, answers });
	const { incoming, ...connector } = imapConnector({ port: server.port, additionalMailbox });
	if (incoming === undefined) throw new Error('no incoming side');
	const login = { ...incoming.login, accessToken: new Secret('the-token') };
	const driver = createImapDriver({ ...connector, incoming: { ...incoming, login } }, silentLog);
	const session = await driver.openFolder('INBOX', NEVER);
	await session.close();
	const { args = '' } = server.commands.find(({ name }) => name === 'AUTHENTICATE') ?? {};
	const [mechanism, response = ''] = args.split(' ');
	return { mechanism, response: Buffer.from(response, 'base64').toString() };
}

describe('signing in with an access token', () => {
	it('sends the token in place of a password', async () => {
		expect(await signIn({})).toEqual({
			mechanism: 'XOAUTH2',
			response: 'user=testuser\x01auth=Bearer the-token\x01\x01',
		});
	});

	it('names a shared mailbox as the user', async () => {
		const { response } = await signIn({}, 'shared@example.test');
		expect(response).toContain('user=shared@example.test\x01');
	});

	it('that the server refuses is a refused sign-in, and leaves no trace of the token', async () => {
		const refused = signIn({
			AUTHENTICATE: (client, command) => client.no(command, '[AUTHENTICATIONFAILED] expired'),
		});
		const failure: unknown = await refused.catch((error: unknown) => error);
		expect(failure).toMatchObject({ code: 'auth.rejected' });
		expect(inspect(failure, { depth: 10 })).not.toContain('the-token');
	});
});
