import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { SetupError } from './setup-error';

const run = promisify(execFile);

const manifestSchema = z.looseObject({
	name: z.string(),
	version: z.string(),
	dependencies: z.record(z.string(), z.string()).optional(),
});

/**
 * Puts a packed package where n8n's own installer of community packages puts it, and as it leaves it: unpacked
 * below `<user folder>/.n8n/nodes/node_modules`, without the dependencies that only development needs.
 * An earlier version there is replaced. Returns the package's name.
 */
export async function unpackPackage(tarball: string, userFolder: string): Promise<string> {
	const nodes = join(userFolder, '.n8n', 'nodes');
	await mkdir(nodes, { recursive: true });
	const staging = await mkdtemp(join(nodes, 'unpack-'));
	try {
		// Every platform that runs n8n has tar: n8n's own installer calls it too.
		await run('tar', ['-xzf', tarball, '-C', staging, '--strip-components=1']);
		const manifest = await readManifest(join(staging, 'package.json'), tarball);
		const target = join(nodes, 'node_modules', ...manifest.name.split('/'));
		await mkdir(dirname(target), { recursive: true });
		await rm(target, { recursive: true, force: true });
		await rename(staging, target);
		const installed = { private: true, dependencies: { [manifest.name]: manifest.version } };
		await writeFile(join(nodes, 'package.json'), JSON.stringify(installed, null, 2));
		return manifest.name;
	} finally {
		await rm(staging, { recursive: true, force: true });
	}
}

/** n8n's installer takes these out of the manifest. */
const INSTALL_ONLY = new Set(['devDependencies', 'peerDependencies', 'optionalDependencies']);

async function readManifest(
	file: string,
	tarball: string,
): Promise<z.infer<typeof manifestSchema>> {
	const manifest = manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
	if (Object.keys(manifest.dependencies ?? {}).length > 0) {
		throw new SetupError(`${tarball} has runtime dependencies; its libraries must be bundled.`);
	}
	const kept = Object.entries(manifest).filter(([key]) => !INSTALL_ONLY.has(key));
	await writeFile(file, JSON.stringify(Object.fromEntries(kept), null, 2));
	return manifest;
}
