import { inspect } from 'node:util';
import { createImapDriver } from '../../../../mail/drivers/imap';
import { ScriptedTokens } from '../../../support/access-tokens';
import { startImapServer, type ImapAnswer, type ImapServer } from '../../../support/imap-server';
import { imapConnector, silentLog } from './imap-connector';

const NEVER = new AbortController().signal;
const CAPABILITIES = 'IMAP4rev1 NAMESPACE SASL-IR AUTH=PLAIN AUTH=XOAUTH2';

let server: ImapServer | undefined;
afterEach(async () => await server?.close());

interface SignInOptions {
	readonly answers?: Readonly<Record<string, ImapAnswer>>;
	readonly tokens?: ScriptedTokens;
	readonly additionalMailbox?: string;
	readonly capabilities?: string;
}

async function signIn({
	answers,
	tokens = new ScriptedTokens('the-token'),
	additionalMailbox,
	capabilities = CAPABILITIES,
}: SignInOptions): Promise<void> {
	server = await startImapServer({ capabilities, answers });
	const connector = imapConnector({ port: server.port, tokens, additionalMailbox });
	const session = await createImapDriver(connector, silentLog).openFolder('INBOX', NEVER);
	await session.close();
}

/** What the clients signed in with, one after the other. */
function signedInWith() {
	const commands = (server?.commands ?? []).filter(({ name }) => name === 'AUTHENTICATE');
	return commands.map(({ args }) => {
		const [mechanism, response = ''] = args.split(' ');
		return { mechanism, response: Buffer.from(response, 'base64').toString() };
	});
}

const refuse =
	(token: string): ImapAnswer =>
	(client, command) => {
		const response = Buffer.from(command.args.split(' ')[1] ?? '', 'base64').toString();
		if (!response.includes(token)) return client.ok(command);
		client.no(command, `[AUTHENTICATIONFAILED] ${command.args} expired`);
	};

describe('signing in with an access token', () => {
	it('sends the token in place of a password', async () => {
		await signIn({});
		expect(signedInWith()).toEqual([
			{ mechanism: 'XOAUTH2', response: 'user=testuser\x01auth=Bearer the-token\x01\x01' },
		]);
	});

	it('names a shared mailbox as the user', async () => {
		await signIn({ additionalMailbox: 'shared@example.test' });
		expect(signedInWith()[0]?.response).toContain('user=shared@example.test\x01');
	});

	it('tries a second token where the server refuses the first', async () => {
		const tokens = new ScriptedTokens('revoked-token', 'new-token');
		await signIn({ answers: { AUTHENTICATE: refuse('revoked') }, tokens });
		expect(tokens.discarded).toEqual(['revoked-token']);
		expect(signedInWith().map(({ response }) => response)).toEqual([
			expect.stringContaining('revoked-token'),
			expect.stringContaining('new-token'),
		]);
	});

	it('gives up after the second, and leaves no trace of either token', async () => {
		const tokens = new ScriptedTokens('first-token', 'second-token', 'third-token');
		const failure: unknown = await signIn({
			answers: { AUTHENTICATE: refuse('token') },
			tokens,
		}).catch((error: unknown) => error);
		expect(failure).toMatchObject({
			code: 'auth.tokenRejected',
			serverReply: expect.stringContaining('[secret]') as string,
		});
		expect(signedInWith()).toHaveLength(2);
		expect(tokens.discarded).toEqual(['first-token', 'second-token']);
		const shown = inspect(failure, { depth: 10 });
		for (const { response } of signedInWith()) {
			expect(shown).not.toContain(Buffer.from(response).toString('base64'));
		}
		expect(shown).not.toMatch(/(first|second)-token/);
	});

	it('is not tried again where no other token is to be had', async () => {
		const tokens = new ScriptedTokens('the-token');
		await expect(
			signIn({ answers: { AUTHENTICATE: refuse('token') }, tokens }),
		).rejects.toMatchObject({ code: 'auth.tokenRejected' });
		expect(signedInWith()).toHaveLength(1);
	});

	it('says the status of the challenge with which the server explains its refusal', async () => {
		const challenge = Buffer.from('{"status":"400","schemes":"Bearer"}').toString('base64');
		const refused = signIn({
			answers: {
				AUTHENTICATE: (client, { tag }) => client.write(`+ ${challenge}`, `${tag} NO SASL failed`),
			},
		});
		await expect(refused).rejects.toMatchObject({ serverReply: 'SASL failed (status 400)' });
	});

	it('sends no token to a server that does not know what it is', async () => {
		await expect(signIn({ capabilities: 'IMAP4rev1 SASL-IR AUTH=PLAIN' })).rejects.toMatchObject({
			code: 'auth.unavailable',
		});
		expect(signedInWith()).toEqual([]);
	});
});
