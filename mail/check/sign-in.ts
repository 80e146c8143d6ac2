import type { IncomingServer, OutgoingServer } from '../connector';
import { toWhere } from '../drivers/net/endpoint';
import type { StepLog } from './step-log';

/**
 * Notes a sign-in that has worked. Returns what was reached: `signed in to imap.example.com:993 as support@example.com`.
 * @param extensions of the protocol that the server offers
 */
export function passSignIn(
	server: IncomingServer | OutgoingServer,
	steps: StepLog,
	extensions: readonly string[] = [],
): string {
	const where = toWhere(server);
	steps.begin('capability');
	if (server.login === undefined) {
		steps.pass('The server was reached without sign-in');
		return `reached ${where} without sign-in`;
	}
	const offer = extensions.length === 0 ? '' : `, it offers ${extensions.join(', ')}`;
	const means = server.login.tokens === undefined ? 'a user name and a password' : 'OAuth2';
	steps.pass(`The server takes ${means} on this connection${offer}`);
	steps.begin('authentication');
	const mailbox = 'additionalMailbox' in server ? server.additionalMailbox : undefined;
	const account = `${server.login.user}${mailbox === undefined ? '' : ` for the mailbox ${mailbox}`}`;
	steps.pass(`Signed in as ${account}`);
	return `signed in to ${where} as ${account}`;
}
