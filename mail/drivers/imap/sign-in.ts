import { ImapFlow } from 'imapflow';
import type { Connector } from '../../connector';
import { isMailError, MailError } from '../../errors';
import { signInToIncoming, within } from '../net/incoming-sign-in';
import type { ReadyLogin, SignInOptions } from '../net/ready-login';
import { NO_XOAUTH2 } from '../net/xoauth2';
import { toImapError } from './error';
import { Lifeline } from './lifeline';
import { toImapOptions } from './options';
import { RefusalLog } from './refusal-log';
import type { Timing } from './timing';

/** See `signInToIncoming`. */
export async function signIn(
	connector: Connector,
	timing: Timing,
	signal?: AbortSignal,
): Promise<Lifeline> {
	return await signInToIncoming(connector, signal, async (connection, attempt) => {
		const { incoming, login, where } = attempt;
		const refusals = new RefusalLog();
		const options = toImapOptions(connector, incoming, connection, timing, login);
		const client = new ImapFlow({ ...options, logger: refusals.logger });
		const lifeline = new Lifeline(client, connection.socket, refusals, where, timing);
		try {
			await runPhase(lifeline, attempt, async () => {
				await lifeline.connect(login.password === undefined ? login.token.expiresAt : undefined);
			});
		} catch (error) {
			throw isMailError(error, 'server.protocol') && lacksMechanism(client, login)
				? new MailError('auth.unavailable', { subject: where, remedy: NO_XOAUTH2 })
				: error;
		}
		return lifeline;
	});
}

/** imapflow says it with a bare error. */
function lacksMechanism({ capabilities }: ImapFlow, login: ReadyLogin): boolean {
	const mechanisms = ['AUTH=XOAUTH2', 'AUTH=XOAUTH', 'AUTH=OAUTHBEARER'];
	return (
		login.password === undefined &&
		capabilities.size > 0 &&
		!mechanisms.some((mechanism) => capabilities.has(mechanism))
	);
}

/** See `within`. */
export async function runPhase<T>(
	lifeline: Lifeline,
	options: SignInOptions,
	phase: () => Promise<T>,
): Promise<T> {
	const { where } = options;
	return await within(
		(reason) => lifeline.abort(reason),
		options,
		async () => {
			try {
				return await lifeline.run(where, phase);
			} catch (error) {
				throw toImapError(error, where);
			}
		},
	);
}
