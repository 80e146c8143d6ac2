import { homedir } from 'node:os';
import { join } from 'node:path';

const NAME = 'n8n-nodes-email-connectors';

/**
 * Where things live that are fetched once and kept between runs, outside the project so that a clean checkout
 * does not lose them: `$EMAIL_CONNECTORS_CACHE`, else the platform's cache folder.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
	const own = environment['EMAIL_CONNECTORS_CACHE'];
	if (own !== undefined && own !== '') return own;
	const platform =
		process.platform === 'win32' ? environment['LOCALAPPDATA'] : environment['XDG_CACHE_HOME'];
	if (platform !== undefined && platform !== '') return join(platform, NAME);
	return join(homedir(), '.cache', NAME);
}
