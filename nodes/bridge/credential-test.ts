import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import { checkConnector } from '../../mail/check';
import type { Connector } from '../../mail/connector';
import { isMailError } from '../../mail/errors';
import { toConnector } from './connector';
import { type GlobalConnector, readGlobalConnector } from './global-connector';
import { checkGlobalConnector } from './global-connector-check';

/** What one part of the test has found. */
interface Finding {
	readonly ok: boolean;
	/** Whole sentences. */
	readonly message: string;
}

/**
 * n8n's test of an `smtpImapApi` credential, and of the global connector where one is in force. Never throws: n8n would
 * answer with a stack. Ends within the timeout of the slower connector, because n8n sets none.
 */
export async function testSmtpImapConnector(
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const override = await readGlobalConnector();
		const findings = await find(credential, override);
		const inOrder = [...findings.filter(({ ok }) => !ok), ...findings.filter(({ ok }) => ok)];
		return {
			status: findings.every(({ ok }) => ok) ? 'OK' : 'Error',
			message: inOrder.map(({ message }) => message).join(' '),
		};
	} catch (error) {
		return { status: 'Error', message: toMessage(error) };
	}
}

async function find(
	credential: ICredentialsDecrypted,
	override: GlobalConnector | undefined,
): Promise<Finding[]> {
	const connector = readConnector(credential);
	if (override === undefined) return [await checkOwn(connector)];
	if (!('enabled' in connector)) return [connector, await checkGlobalConnector(override)];
	const { testAddress, ...own } = connector;
	return await Promise.all([checkOwn(own), checkGlobalConnector(override, testAddress)]);
}

function readConnector({ data, name }: ICredentialsDecrypted): Connector | Finding {
	try {
		// n8n leaves the data out when a stored credential is tested by its id alone.
		return toConnector(data ?? {}, name || undefined);
	} catch (error) {
		return { ok: false, message: toMessage(error) };
	}
}

async function checkOwn(connector: Connector | Finding): Promise<Finding> {
	if (!('enabled' in connector)) return connector;
	const { ok, summary: message } = await checkConnector(connector);
	return { ok, message };
}

/** Of an error that is not ours nothing is shown: nobody knows what is in it. */
function toMessage(error: unknown): string {
	return isMailError(error)
		? `${error.message}. ${error.remedy}`
		: 'The connector could not be tested because of an unexpected error.';
}
