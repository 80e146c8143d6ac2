import { createImapDriver } from '../../mail/drivers/imap';
import type { Timing } from '../../mail/drivers/imap/timing';
import type { MailboxDriver } from '../../mail/ports';
import { imapConnector, silentLog } from '../mail/drivers/imap/imap-connector';
import type { Dovecot } from './dovecot';
import { startImapServer, type ImapServer, type ImapServerScript } from './imap-server';
import { WatchHost } from './watch-host';

/** For servers that are not silent on purpose: a busy machine must not look like one, in ms. */
export const patientTiming: Timing = {
	idleRenewalMs: 400,
	socketSilenceMs: 3_000,
	commandSilenceMs: 5_000,
};

/** For tests whose server falls silent, in ms. */
export const shortTiming: Timing = {
	idleRenewalMs: 400,
	socketSilenceMs: 100,
	commandSilenceMs: 300,
};

const LOOK_AGAIN_MS = 10;

/** Resolves as soon as it is so. Throws after `ms`. */
export async function until(isSo: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
	const deadline = Date.now() + ms;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error(`It was not so within ${ms} ms: ${isSo.toString()}`);
		await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
	}
}

/** The engine with its real driver against a scripted server; ends with each test of the file. */
export function useScriptedServer(): {
	readonly host: WatchHost;
	start(
		script: ImapServerScript,
		timing?: Timing,
	): Promise<{ server: ImapServer; driver: MailboxDriver }>;
} {
	const servers: ImapServer[] = [];
	const place = {
		host: new WatchHost(),
		async start(script: ImapServerScript, timing = patientTiming) {
			const server = await startImapServer(script);
			servers.push(server);
			const connector = imapConnector({ port: server.port, timeoutMs: 1_000 });
			return { server, driver: createImapDriver(connector, silentLog, timing) };
		},
	};
	beforeEach(() => {
		place.host = new WatchHost();
	});
	afterEach(async () => {
		await place.host.close(async () => await Promise.resolve());
		for (const server of servers.splice(0)) await server.close();
	});
	return place;
}

/** The driver as the server's first user. */
export function dovecotDriver(server: Dovecot): MailboxDriver {
	const [account] = server.users;
	if (account === undefined) throw new Error('the server has no users');
	const connector = imapConnector({ host: server.host, port: server.imapPort, ...account });
	return createImapDriver(connector, silentLog);
}
