import { createHash } from 'node:crypto';
import type { Connector, IncomingServer } from '../../mail/connector';
import { shareMailbox } from '../../mail/inbox/shared-mailbox';
import type { Log, MailboxDriver } from '../../mail/ports';
import { requireIncoming } from './connector';
import { createMailboxDriver } from './mailbox-driver';

/**
 * The driver of a connector whose connections are shared by all triggers of this process that watch the same folder
 * with the same sign-in. A POP3 session is short and numbers its mails by itself: it is never shared.
 */
export function createSharedDriver(connector: Connector, log: Log): MailboxDriver {
	const driver = createMailboxDriver(connector, log);
	const incoming = requireIncoming(connector);
	return incoming.protocol === 'imap'
		? shareMailbox(toAccessKey(incoming, connector), driver)
		: driver;
}

/** A digest: equal for connectors that reach the same mailbox in the same way with the same secrets. */
function toAccessKey({ login, ...server }: IncomingServer, connector: Connector): string {
	const { clientCertificate, ...tls } = connector.tls;
	const parts = [
		server,
		login.user,
		login.password?.reveal(),
		// Not the token, which comes and goes.
		login.tokens?.key,
		tls,
		clientCertificate?.pfxBase64.reveal(),
		clientCertificate?.passphrase.reveal(),
		connector.proxyUrl?.reveal(),
	];
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
