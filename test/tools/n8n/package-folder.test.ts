import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackPackage } from '../../../tools/n8n/package-folder';

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'package-'));
});

afterEach(async () => {
	await rm(folder, { recursive: true, force: true });
});

async function pack(manifest: object, files: readonly string[]): Promise<string> {
	await rm(join(folder, 'package'), { recursive: true, force: true });
	await mkdir(join(folder, 'package'));
	await writeFile(join(folder, 'package', 'package.json'), JSON.stringify(manifest));
	for (const name of files) await writeFile(join(folder, 'package', name), '');
	const tarball = join(folder, 'package.tgz');
	execFileSync('tar', ['-czf', tarball, '-C', folder, 'package']);
	return tarball;
}

const readJson = async (...path: string[]): Promise<unknown> =>
	JSON.parse(await readFile(join(folder, 'user', '.n8n', 'nodes', ...path), 'utf8'));

test('a package stands where n8n looks, without what only its development needs', async () => {
	const manifest = { name: 'n8n-nodes-tiny', version: '1.0.0', n8n: { nodes: ['a.js'] } };
	const tarball = await pack(
		{ ...manifest, devDependencies: { a: '1' }, peerDependencies: { b: '*' } },
		['a.js'],
	);

	expect(await unpackPackage(tarball, join(folder, 'user'))).toBe('n8n-nodes-tiny');

	expect(await readJson('node_modules', 'n8n-nodes-tiny', 'package.json')).toEqual(manifest);
	expect(await readJson('package.json')).toMatchObject({
		dependencies: { 'n8n-nodes-tiny': '1.0.0' },
	});
	expect(await readdir(join(folder, 'user', '.n8n', 'nodes'))).toEqual([
		'node_modules',
		'package.json',
	]);
});

test('a newer version replaces the older one, with all its files', async () => {
	const user = join(folder, 'user');
	await unpackPackage(await pack({ name: '@me/n8n-nodes-x', version: '1.0.0' }, ['old.js']), user);
	await unpackPackage(await pack({ name: '@me/n8n-nodes-x', version: '2.0.0' }, ['new.js']), user);

	const place = join(user, '.n8n', 'nodes', 'node_modules', '@me', 'n8n-nodes-x');
	expect(await readdir(place)).toEqual(['new.js', 'package.json']);
});

test('runtime dependencies are refused: nothing would install them', async () => {
	const tarball = await pack(
		{ name: 'n8n-nodes-x', version: '1.0.0', dependencies: { a: '1' } },
		[],
	);

	await expect(unpackPackage(tarball, join(folder, 'user'))).rejects.toThrow('must be bundled');
});
