import { createImapDriver } from '../../mail/drivers/imap';
import type { Timing } from '../../mail/drivers/imap/timing';
import type { MailboxDriver } from '../../mail/ports';
import { imapConnector, silentLog } from '../mail/drivers/imap/imap-connector';
import { ScriptedTokens } from '../support/access-tokens';
import type { ImapServer } from '../support/imap-server';
import { patientTiming, until, useScriptedServer } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';

const at = useScriptedServer();

const HOUR_MS = 60 * 60_000;

/** For clocks that jump: nothing but the renewal happens within the hour. */
const timelessTiming: Timing = {
	idleRenewalMs: 10 * HOUR_MS,
	socketSilenceMs: 10 * HOUR_MS,
	commandSilenceMs: 10 * HOUR_MS,
};

/** A server that lets in who shows it the token that is valid now. */
async function startServer(folder: ScriptedFolder) {
	const place = { valid: 'token-1', signIns: [] as string[] };
	const { server } = await at.start({
		...folder.script({
			AUTHENTICATE: (client, command) => {
				const [mechanism, response = ''] = command.args.split(' ');
				const shown = Buffer.from(response, 'base64').toString();
				const [, token = ''] = /^user=testuser\x01auth=Bearer (.*)\x01\x01$/.exec(shown) ?? [];
				place.signIns.push(`${mechanism} ${token}`);
				if (token === place.valid) client.ok(command);
				else client.no(command, '[AUTHENTICATIONFAILED] expired');
			},
		}),
		capabilities: 'IMAP4rev1 IDLE SASL-IR AUTH=XOAUTH2',
	});
	return { server, place };
}

function toDriver(server: ImapServer, tokens: ScriptedTokens, timing: Timing): MailboxDriver {
	return createImapDriver(imapConnector({ port: server.port, tokens }), silentLog, timing);
}

describe('13. A token that ends during IDLE is followed by a new one, and no mail is missed', () => {
	it('where the server ends the connection', async () => {
		const folder = new ScriptedFolder();
		const { server, place } = await startServer(folder);
		// The source believes the first token to be good: only the server knows better.
		const tokens = new ScriptedTokens('token-1', 'token-2');
		at.host.watch(toDriver(server, tokens, patientTiming));
		await server.waitFor('IDLE');
		folder.add('before');
		server.push('* 1 EXISTS');
		await until(() => folder.seen.length === 1);

		place.valid = 'token-2';
		folder.add('meanwhile');
		server.push('* BYE session expired, please log in again');
		await until(() => folder.seen.length === 2);
		expect(at.host.subjects).toEqual(['before', 'meanwhile']);
		expect(at.host.faults).toEqual([]);
		expect(place.signIns).toEqual(['XOAUTH2 token-1', 'XOAUTH2 token-1', 'XOAUTH2 token-2']);
		expect(tokens.discarded).toEqual(['token-1']);
	});

	it('before its end, with one sign-in', async () => {
		jest.useFakeTimers({ advanceTimers: true, doNotFake: ['setImmediate', 'nextTick'] });
		try {
			const folder = new ScriptedFolder();
			const { server, place } = await startServer(folder);
			const tokens = new ScriptedTokens(
				{ token: 'token-1', expiresAt: Date.now() + HOUR_MS },
				'token-2',
			);
			at.host.watch(toDriver(server, tokens, timelessTiming));
			await server.waitFor('IDLE');
			folder.add('before');
			server.push('* 1 EXISTS');
			await until(() => folder.seen.length === 1);

			// What a source does on its own five minutes before the end.
			await jest.advanceTimersByTimeAsync(54 * 60_000);
			await until(() => server.commands.at(-1)?.name === 'IDLE');
			expect(place.signIns).toEqual(['XOAUTH2 token-1']);
			tokens.next();
			place.valid = 'token-2';
			folder.add('meanwhile');
			await jest.advanceTimersByTimeAsync(2 * 60_000);
			await until(() => folder.seen.length === 2);
			await until(() => server.connections === 1);
			expect(at.host.subjects).toEqual(['before', 'meanwhile']);
			expect(at.host.faults).toEqual([]);
			expect(at.host.warnings).toEqual([]);
			expect(place.signIns).toEqual(['XOAUTH2 token-1', 'XOAUTH2 token-2']);
			expect(tokens.discarded).toEqual([]);
		} finally {
			jest.useRealTimers();
		}
	});

	it('or, where no token is taken any more, the user is told, and the server is not hammered', async () => {
		const folder = new ScriptedFolder();
		const { server, place } = await startServer(folder);
		const tokens = new ScriptedTokens('token-1', 'token-2');
		at.host.watch(toDriver(server, tokens, patientTiming));
		await server.waitFor('IDLE');
		place.valid = 'token-9';
		folder.add('meanwhile');
		server.push('* BYE session expired, please log in again');
		await until(() => at.host.faults.length === 1);
		expect(at.host.faults).toMatchObject([{ code: 'auth.tokenRejected' }]);
		expect(place.signIns).toHaveLength(3);
	});
});
