import type { Connector } from '../../mail/connector';
import { readAdministratorConnector } from './administrator-connector';
import { type Environment, readSetting } from './administrator-setting';

const VARIABLE = 'N8N_EMAIL_DEFAULT_CONNECTOR';

/**
 * The connector that Send Email uses where a workflow leaves the choice to the administrator; undefined where there is
 * none. Throws `settings.invalid` where it is malformed.
 */
export async function readDefaultConnector(
	environment: Environment = process.env,
): Promise<Connector | undefined> {
	const setting = await readSetting(VARIABLE, environment);
	return setting && readAdministratorConnector(setting, []).connector;
}
