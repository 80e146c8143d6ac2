import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import type { Connector } from '../../mail/connector';
import { createGraphDriver } from '../../mail/drivers/graph';
import { isMailError, MailError } from '../../mail/errors';
import { readGlobalConnector } from './global-connector';
import { checkGlobalConnector } from './global-connector-check';
import { toGraphConnector } from './graph-connector';

const silentLog = {
	debug: () => undefined,
	info: () => undefined,
	warn: () => undefined,
	error: () => undefined,
};

/**
 * n8n's test of a `microsoftGraphMailApi` credential, and of the global connector where one is in force: the sign-in, and
 * the mailbox, since a token alone proves none. Never throws: n8n would answer with a stack.
 */
export async function testMicrosoftGraphConnector({
	data,
	name,
}: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
	try {
		const connector = toGraphConnector(data ?? {}, name || undefined);
		const own = await openInbox(connector);
		const override = await readGlobalConnector();
		if (override === undefined) return { status: 'OK', message: own };
		const other = await checkGlobalConnector(override, connector.testAddress);
		return { status: other.ok ? 'OK' : 'Error', message: `${other.message} ${own}` };
	} catch (error) {
		const message = isMailError(error)
			? `${error.message}. ${error.remedy}`
			: 'The connector could not be tested because of an unexpected error.';
		return { status: 'Error', message };
	}
}

async function openInbox(connector: Connector): Promise<string> {
	const account = connector.incoming ?? connector.outgoing;
	if (!connector.enabled) throw new MailError('connector.disabled', { subject: connector.name });
	if (account?.protocol !== 'graph') {
		throw new MailError('connector.wrongUse', { subject: connector.name });
	}
	const limit = AbortSignal.timeout(connector.limits.connectionTimeoutMs);
	const driver = createGraphDriver({ ...connector, incoming: account }, silentLog);
	const session = await driver.openFolder('INBOX', limit);
	await session.close();
	const { messages } = session.folder;
	const holds = `${messages} ${messages === 1 ? 'e-mail' : 'e-mails'}`;
	return `Signed in; the inbox of ${account.mailbox} holds ${holds}.`;
}
