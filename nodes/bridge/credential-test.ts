import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import { checkConnector } from '../../mail/check';
import { isMailError } from '../../mail/errors';
import { toConnector } from './connector';

/**
 * n8n's test of an `smtpImapApi` credential. Never throws: n8n would answer with a stack. Ends within the connector's
 * timeout, because n8n sets none.
 */
export async function testSmtpImapConnector(
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		// n8n leaves the data out when a stored credential is tested by its id alone.
		const connector = toConnector(credential.data ?? {}, credential.name || undefined);
		const { ok, summary } = await checkConnector(connector);
		return { status: ok ? 'OK' : 'Error', message: summary };
	} catch (error) {
		return { status: 'Error', message: toMessage(error) };
	}
}

/** Of an error that is not ours nothing is shown: nobody knows what is in it. */
function toMessage(error: unknown): string {
	return isMailError(error)
		? `${error.message}. ${error.remedy}`
		: 'The connector could not be tested because of an unexpected error.';
}
