/**
 * Proves the tarball before it is published: packs it, unpacks it, and loads it with n8n's own loader. Every path of
 * the "n8n" section, every icon and every codex file has to be there, the manifest has to be free of development parts,
 * and nothing but n8n-workflow may be resolved outside the package.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { z } from 'zod';

const manifestShape = z.object({
	name: z.string(),
	version: z.string(),
	dependencies: z.never().optional(),
	devDependencies: z.never().optional(),
	optionalDependencies: z.never().optional(),
	overrides: z.never().optional(),
	scripts: z.never().optional(),
	peerDependencies: z.object({ 'n8n-workflow': z.literal('*') }).strict(),
	n8n: z.object({
		n8nNodesApiVersion: z.literal(1),
		nodes: z.array(z.string()).min(1),
		credentials: z.array(z.string()).min(1),
	}),
});

const complaints: string[] = [];
const demand = (holds: boolean, complaint: string) => {
	if (!holds) complaints.push(complaint);
};

async function main(): Promise<void> {
	// Below the project: like n8n, it then finds n8n-workflow, and nothing else that it should not need.
	mkdirSync('.build', { recursive: true });
	const folder = mkdtempSync(path.join('.build', 'package-'));
	try {
		const unpacked = path.resolve(packAndUnpack(folder));
		const manifest = manifestShape.parse(
			JSON.parse(readFileSync(path.join(unpacked, 'package.json'), 'utf8')),
		);
		for (const promised of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) {
			demand(
				existsSync(path.join(unpacked, promised)),
				`package.json names ${promised}, which is missing`,
			);
		}
		for (const node of manifest.n8n.nodes) {
			const codex = node.replace(/\.js$/, '.json');
			demand(existsSync(path.join(unpacked, codex)), `${codex} is missing`);
		}
		demand(
			existsSync(path.join(unpacked, 'THIRD-PARTY-NOTICES.md')),
			'the third-party notices are missing',
		);
		checkResolution(unpacked, manifest.n8n);
		await loadAsN8nDoes(unpacked, manifest.n8n);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	for (const complaint of complaints)
		console.error(`The package is not fit to publish: ${complaint}.`);
	process.exitCode = complaints.length === 0 ? 0 : 1;
}

function packAndUnpack(folder: string): string {
	const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
	const packed = spawnSync(npm, ['pack', '--silent', '--pack-destination', folder], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
		shell: process.platform === 'win32',
	});
	const tarball = packed.stdout.trim().split('\n').at(-1) ?? '';
	if (packed.status !== 0 || tarball === '')
		throw new Error('npm pack failed: see the lines above.');
	const file = path.join(folder, tarball);
	console.log(`${tarball}: ${Math.round(statSync(file).size / 1024)} kB packed`);
	execFileSync('tar', ['-xzf', file, '-C', folder]);
	return path.join(folder, 'package');
}

/** What the built files ask for at run time must be theirs, Node's, or n8n's. */
function checkResolution(
	unpacked: string,
	{ nodes, credentials }: { nodes: string[]; credentials: string[] },
): void {
	const allowed = new Set([
		...builtinModules,
		...builtinModules.map((name) => `node:${name}`),
		'n8n-workflow',
	]);
	for (const file of [...nodes, ...credentials]) {
		const text = readFileSync(path.join(unpacked, file), 'utf8');
		for (const [, name = ''] of text.matchAll(/\brequire\("([^"]+)"\)/g)) {
			const isOwn =
				name.startsWith('.') && existsSync(path.resolve(unpacked, path.dirname(file), name));
			demand(isOwn || allowed.has(name), `${file} needs ${name}, which is not in the package`);
		}
	}
}

/** The same class that n8n loads installed packages with. */
async function loadAsN8nDoes(
	unpacked: string,
	{ nodes, credentials }: { nodes: string[]; credentials: string[] },
) {
	const { PackageDirectoryLoader } = await import('n8n-core');
	const loader = new PackageDirectoryLoader(unpacked);
	await loader.loadAll();
	demand(loader.types.nodes.length >= nodes.length, 'n8n does not load every node');
	demand(
		loader.types.credentials.length === credentials.length,
		'n8n does not load every credential',
	);
	for (const type of [...loader.types.nodes, ...loader.types.credentials]) {
		const icons =
			typeof type.iconUrl === 'string' ? [type.iconUrl] : Object.values(type.iconUrl ?? {});
		demand(icons.length === 2, `${type.displayName} lacks a light or a dark icon`);
		for (const url of icons) {
			const file = url.replace(/^icons\/[^/]+\//, '');
			demand(
				existsSync(path.join(unpacked, file)),
				`the icon ${url} of ${type.displayName} is missing`,
			);
		}
	}
	console.log(
		`n8n's loader finds ${loader.types.nodes.map(({ displayName }) => displayName).join(', ')} and ` +
			`${loader.types.credentials.map(({ displayName }) => displayName).join(', ')}`,
	);
}

void main().catch((error: unknown) => {
	console.error(
		`The package could not be checked: ${error instanceof Error ? error.message : String(error)}`,
	);
	process.exitCode = 1;
});
