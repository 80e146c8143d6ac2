import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import { describeOpenCertificate, openCertificate, requireValid } from '../../mail/certificate';
import { checkConnector } from '../../mail/check';
import type { Connector } from '../../mail/connector';
import { isMailError } from '../../mail/errors';
import { type ConnectorType, type ConnectorTypeName, connectorTypes } from './connector-type';
import { type GlobalConnector, readGlobalConnector } from './global-connector';
import { checkGlobalConnector } from './global-connector-check';

/** What one part of the test has found. */
interface Finding {
	readonly ok: boolean;
	/** Whole sentences. */
	readonly message: string;
}

/**
 * n8n's test of a credential, and of the global connector where one is in force; where the connector is about a
 * certificate, also whose it is and how long it is valid. Never throws: n8n would answer with a stack. Ends within the
 * timeout of the slower connector, because n8n sets none.
 */
export async function testConnector(
	type: ConnectorTypeName,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const override = await readGlobalConnector();
		const certificate = await describeCertificate(type, credential);
		const findings = [...(await find(type, credential, override)), ...certificate];
		const inOrder = [...findings.filter(({ ok }) => !ok), ...findings.filter(({ ok }) => ok)];
		return {
			status: findings.every(({ ok }) => ok) ? 'OK' : 'Error',
			message: inOrder.map(({ message }) => message).join(' '),
		};
	} catch (error) {
		return { status: 'Error', message: toMessage(error) };
	}
}

/** Throws what opening the certificate throws: then nothing else need be tried. */
async function describeCertificate(
	type: ConnectorTypeName,
	{ data }: ICredentialsDecrypted,
): Promise<Finding[]> {
	const { readCertificate }: ConnectorType = connectorTypes[type];
	const file = readCertificate?.(data ?? {});
	if (file === undefined) return [];
	const opened = await openCertificate(file);
	requireValid(opened);
	return [{ ok: true, message: describeOpenCertificate(opened) }];
}

async function find(
	type: ConnectorTypeName,
	credential: ICredentialsDecrypted,
	override: GlobalConnector | undefined,
): Promise<Finding[]> {
	const connector = readConnector(type, credential);
	if (override === undefined) return [await checkOwn(connector)];
	if (!('enabled' in connector)) return [connector, await checkGlobalConnector(override)];
	const { testAddress, ...own } = connector;
	return await Promise.all([checkOwn(own), checkGlobalConnector(override, testAddress)]);
}

function readConnector(
	type: ConnectorTypeName,
	{ data, name }: ICredentialsDecrypted,
): Connector | Finding {
	try {
		// n8n leaves the data out when a stored credential is tested by its id alone.
		return connectorTypes[type].toConnector(data ?? {}, name || undefined);
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
