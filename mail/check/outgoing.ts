import type { Connector, OutgoingServer } from '../connector';
import { toWhere } from '../drivers/net/endpoint';
import { openSmtpSession, type SmtpSession } from '../drivers/smtp';
import { composeMessage } from '../outbox';
import type { OutgoingMessage } from '../outgoing';
import { Path } from './path';
import { passSignIn } from './sign-in';
import type { StepLog } from './step-log';
import { toTestMessage } from './test-message';
import type { TimeLimit } from './time-limit';

/** What an administrator's rules make of the test e-mail. */
export type AdaptMessage = (message: OutgoingMessage) => OutgoingMessage;

/** The path, the sign-in and, where one is asked for, a test e-mail. As `checkIncoming`. */
export async function checkOutgoing(
	connector: Connector,
	server: OutgoingServer,
	steps: StepLog,
	limit: TimeLimit,
	adapt: AdaptMessage,
): Promise<string> {
	const where = toWhere(server);
	const protection = await new Path('smtp', server, connector, steps).walk(limit);
	steps.begin(server.login === undefined ? 'capability' : 'authentication');
	const session = await limit.race(
		where,
		openSmtpSession(server, {
			tls: connector.tls,
			proxyUrl: connector.proxyUrl,
			timeoutMs: limit.remainingMs,
			signal: limit.signal,
		}),
		async (late) => await late.close(),
	);
	try {
		const reached = passSignIn(server, steps);
		const { testAddress } = connector;
		if (testAddress === undefined) return `${reached} (${protection})`;
		steps.begin('testMail');
		const message = adapt(toTestMessage(connector, server, testAddress));
		const answer = await limit.race(where, sendTestMail(message, session));
		const to = message.to.map(({ address }) => address).join(', ');
		const accepted = `the test e-mail to ${to} was accepted: ${answer}`;
		steps.pass(accepted);
		return `${reached} (${protection}), ${accepted}`;
	} finally {
		await limit.race(where, session.close()).catch(() => undefined);
	}
}

/** Resolves with the server's answer. */
async function sendTestMail(test: OutgoingMessage, session: SmtpSession): Promise<string> {
	const message = await composeMessage(test);
	try {
		const delivery = await session.send(message);
		// Only a session that has sent before can be stale.
		return delivery === 'stale' ? '' : delivery.response;
	} finally {
		await message.dispose();
	}
}
