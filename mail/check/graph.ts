import type { Connector, GraphAccount, Server } from '../connector';
import { createGraphClient } from '../drivers/graph/client';
import { countMessages } from '../drivers/graph/count-messages';
import { createGraphSender } from '../drivers/graph/sender';
import { MailError } from '../errors';
import { composeMessage } from '../outbox';
import { toInboxSentence } from './incoming';
import type { AdaptMessage } from './outgoing';
import type { StepLog } from './step-log';
import { toTestMessage } from './test-message';
import type { TimeLimit } from './time-limit';

/** Where an account's requests go, as the checks of servers have it. */
export function toServer(account: Server | GraphAccount): Server {
	if (!('origin' in account)) return account;
	const { hostname, port } = new URL(account.origin);
	return { host: hostname, port: Number(port || 443), security: 'tls' };
}

/** The sign-in, the mailbox and its inbox. As `checkIncoming`. */
export async function checkGraphIncoming(
	account: GraphAccount,
	steps: StepLog,
	limit: TimeLimit,
): Promise<string> {
	const reached = await reachMailbox(account, steps, limit);
	steps.begin('folder');
	const holds = toInboxSentence(await countMails(account, 'inbox', limit));
	steps.pass(holds);
	return `${reached}, ${holds}`;
}

/** The sign-in, the mailbox and, where one is asked for, a test e-mail. As `checkOutgoing`. */
export async function checkGraphOutgoing(
	connector: Connector,
	account: GraphAccount,
	steps: StepLog,
	limit: TimeLimit,
	adapt: AdaptMessage,
): Promise<string> {
	const reached = await reachMailbox(account, steps, limit);
	const { testAddress } = connector;
	if (testAddress === undefined) return reached;
	steps.begin('testMail');
	const test = toTestMessage(connector, account, testAddress);
	const message = adapt(test);
	await limit.race(toWhere(account), sendTestMail(connector, message, limit));
	const to = message.to.map(({ address }) => address).join(', ');
	const accepted = `the test e-mail to ${to} was accepted`;
	steps.pass(accepted);
	return `${reached}, ${accepted}`;
}

function toWhere({ origin }: GraphAccount): string {
	return new URL(origin).host;
}

/** Drafts are where mail is sent from; a token alone proves no mailbox. */
async function reachMailbox(
	account: GraphAccount,
	steps: StepLog,
	limit: TimeLimit,
): Promise<string> {
	steps.begin('authentication');
	await countMails(account, 'drafts', limit);
	const mailbox = toMailboxWords(account);
	steps.pass(`Signed in, ${mailbox} may be opened`);
	return `signed in to ${toWhere(account)} for ${mailbox}`;
}

async function countMails(
	account: GraphAccount,
	folder: 'inbox' | 'drafts',
	limit: TimeLimit,
): Promise<number> {
	const name = toMailboxWords(account);
	const counting = countMessages(createGraphClient(account), name, folder, limit.signal);
	return await limit.race(name, counting);
}

/** For people; an address that the user has only said proves nothing. */
function toMailboxWords({ mailbox = 'the mailbox of who signed in' }: GraphAccount): string {
	return mailbox;
}

async function sendTestMail(
	connector: Connector,
	test: ReturnType<typeof toTestMessage>,
	limit: TimeLimit,
): Promise<void> {
	const sender = createGraphSender(connector);
	const message = await composeMessage(test, sender.room);
	try {
		await sender.send(message, limit.signal);
	} catch (error) {
		if (!(error instanceof MailError && error.code === 'send.uncertain')) {
			await sender.keeper?.abandon(message);
		}
		throw error;
	} finally {
		await sender.close();
		await message.dispose();
	}
}
