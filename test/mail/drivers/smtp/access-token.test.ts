import { inspect } from 'node:util';
import { createSmtpSender, SharedPools } from '../../../../mail/drivers/smtp';
import { ScriptedTokens } from '../../../support/access-tokens';
import { composedMessage, sendingConnector } from '../../../support/sending';
import { type SinkOptions, type SmtpSink, startSmtpSink } from '../../../support/smtp-sink';

const USER = 'shared@example.test';
const opened: Array<() => Promise<void>> = [];

afterEach(async () => {
	for (const close of opened.splice(0).reverse()) await close();
});

async function openSink(options: SinkOptions = {}): Promise<SmtpSink> {
	const sink = await startSmtpSink({
		users: { [USER]: 'right-token' },
		mechanisms: ['PLAIN', 'LOGIN', 'XOAUTH2'],
		...options,
	});
	opened.push(sink.close);
	return sink;
}

function openSender({ host, port }: SmtpSink, tokens: ScriptedTokens, idleMs = 0) {
	const connector = sendingConnector({ host, port, login: { user: USER, tokens } });
	const sender = createSmtpSender(connector, new SharedPools(idleMs));
	opened.push(async () => await sender.close());
	return sender;
}

describe('sending with an access token', () => {
	it('signs in by XOAUTH2, also where the server would take a password', async () => {
		const sink = await openSink();
		await openSender(sink, new ScriptedTokens('right-token')).send(composedMessage());
		expect(sink.mails).toMatchObject([{ user: USER }]);
	});

	it('tries a second token where the server refuses the first', async () => {
		const sink = await openSink();
		const tokens = new ScriptedTokens('revoked-token', 'right-token');
		await openSender(sink, tokens).send(composedMessage());
		expect(tokens.discarded).toEqual(['revoked-token']);
		expect(sink.signIns).toBe(2);
		expect(sink.mails).toHaveLength(1);
	});

	it('gives up after the second, with the status of the challenge and without a trace of the tokens', async () => {
		const sink = await openSink();
		const tokens = new ScriptedTokens('first-token', 'second-token', 'third-token');
		const failure: unknown = await openSender(sink, tokens)
			.send(composedMessage())
			.catch((error: unknown) => error);
		expect(failure).toMatchObject({
			code: 'auth.tokenRejected',
			serverReply: expect.stringContaining('(status 401)') as string,
		});
		expect(sink.signIns).toBe(2);
		expect(inspect(failure, { depth: 10 })).not.toMatch(/(first|second)-token/);
	});

	it('sends no token to a server that does not know what it is', async () => {
		const sink = await openSink({ mechanisms: ['PLAIN'] });
		await expect(
			openSender(sink, new ScriptedTokens('right-token')).send(composedMessage()),
		).rejects.toMatchObject({ code: 'auth.unavailable' });
		expect(sink.signIns).toBe(0);
	});

	it('keeps a connection for later messages only as long as its token is taken', async () => {
		const sink = await openSink();
		const tokens = new ScriptedTokens({ token: 'right-token', expiresAt: 50_000 });
		const now = jest.spyOn(Date, 'now').mockReturnValue(10_000);
		try {
			const sender = openSender(sink, tokens, 60_000);
			await sender.send(composedMessage());
			await sender.send(composedMessage());
			expect(sink.connections).toBe(1);
			now.mockReturnValue(50_001);
			await sender.send(composedMessage());
			expect(sink.connections).toBe(2);
			expect(sink.mails).toHaveLength(3);
		} finally {
			now.mockRestore();
		}
	});

	it('refuses a user name that would smuggle fields into the sign-in', async () => {
		const sink = await openSink();
		const { host, port } = sink;
		const login = { user: 'a\x01auth=Bearer x', tokens: new ScriptedTokens('right-token') };
		const sender = createSmtpSender(sendingConnector({ host, port, login }), new SharedPools(0));
		opened.push(async () => await sender.close());
		await expect(sender.send(composedMessage())).rejects.toMatchObject({
			code: 'settings.invalid',
		});
	});
});
