import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startN8n } from '../../tools/n8n/instance';
import { N8nClient } from '../../tools/n8n/rest';
import tearDown, { atTeardown } from './global-teardown';
import { installForTests, packPackage, publish } from '../support/n8n';

/** One n8n with the packed package for all end-to-end tests: it takes longer to start than most of them to run. */
export default async function setUp(): Promise<void> {
	try {
		await prepare();
	} catch (error) {
		// Jest does not call the teardown after a failed set-up.
		await tearDown();
		throw error;
	}
}

async function prepare(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'email-connectors-e2e-'));
	atTeardown(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	const installation = await installForTests();
	const tarball = await packPackage(folder);
	const userFolder = join(folder, 'n8n');
	const instance = await startN8n({ installation, userFolder, packages: [tarball] });
	atTeardown(() => instance.stop());
	const { url, logFile } = instance;
	const { cookie } = await N8nClient.connect(url);
	publish({ url, cookie, logFile, tarball });
}
