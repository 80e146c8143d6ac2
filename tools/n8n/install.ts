import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder';
import { installOnce } from './install-once';
import { type NodeRuntime, installNode } from './node-runtime';
import { runNpm } from './npm';
import { type Say, freeBytes, toSize, withProgress } from './progress';
import { DEFAULT_N8N_VERSION, type N8nRelease, findRelease } from './release';
import { SetupError } from './setup-error';

const run = promisify(execFile);

/** A complete n8n in a folder of its own. */
export interface N8nInstallation {
	readonly version: string;
	readonly folder: string;
	/** The Node it runs on. */
	readonly nodePath: string;
	/** n8n's start script. */
	readonly n8nPath: string;
}

export interface InstallOptions {
	readonly version?: string;
	readonly log: Say;
	/** Gives up; what is installed so far is removed by the next attempt. */
	readonly signal?: AbortSignal;
}

/** Installs n8n once into the cache folder and keeps it there. Throws SetupError. */
export async function installN8n({
	version,
	log,
	signal,
}: InstallOptions): Promise<N8nInstallation> {
	const release = findRelease(version ?? DEFAULT_N8N_VERSION);
	const cache = cacheFolder();
	await mkdir(cache, { recursive: true });
	const node = await installNode(release.nodeMajor, cache, log, signal);
	const folder = join(cache, `n8n-${release.version}`);
	const n8nPath = join(folder, 'node_modules', 'n8n', 'bin', 'n8n');
	await installOnce(folder, `n8n ${release.version}`, log, async (target) => {
		await checkDisk(release, target);
		log(
			`n8n ${release.version} is not installed yet. It goes into ${target}, once; this takes about five minutes.`,
		);
		const job: Job = { release, node, folder: target, log, signal };
		await fetchPackages(job);
		await compileNativeModules(job);
		await checkVersion(release, node.nodePath, n8nPath);
	});
	return { version: release.version, folder, nodePath: node.nodePath, n8nPath };
}

interface Job {
	readonly release: N8nRelease;
	readonly node: NodeRuntime;
	readonly folder: string;
	readonly log: Say;
	readonly signal?: AbortSignal;
}

async function checkDisk(release: N8nRelease, folder: string): Promise<void> {
	const free = await freeBytes(folder);
	if (free >= release.diskBytes) return;
	throw new SetupError(
		`n8n ${release.version} needs about ${toSize(release.diskBytes)}, only ${toSize(free)} are free at ${folder}. Set EMAIL_CONNECTORS_CACHE to a folder on another disk.`,
	);
}

async function fetchPackages({ release, node, folder, log, signal }: Job): Promise<void> {
	const manifest = {
		private: true,
		dependencies: { n8n: release.version, ...release.companions },
		overrides: release.overrides,
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
	await withProgress(log, `Fetching n8n ${release.version} (about 2,000 packages)`, folder, () =>
		runNpm({
			// n8n's own tree holds peers that do not fit each other, and install scripts that download sources.
			args: ['install', '--legacy-peer-deps', '--ignore-scripts'],
			cwd: folder,
			nodePath: node.nodePath,
			logFile: join(folder, 'npm-install.log'),
			subject: `n8n ${release.version}`,
			signal,
		}),
	);
}

async function compileNativeModules({ release, node, folder, log, signal }: Job): Promise<void> {
	const modules = release.nativeModules.join(', ');
	const logFile = join(folder, 'npm-rebuild.log');
	// node-gyp takes the headers from here instead of downloading them.
	const environment: Record<string, string> =
		node.headersFolder === undefined ? {} : { npm_config_nodedir: node.headersFolder };
	const rebuild = (): Promise<void> =>
		runNpm({
			args: ['rebuild', ...release.nativeModules],
			cwd: folder,
			nodePath: node.nodePath,
			environment,
			logFile,
			subject: modules,
			signal,
		});
	await withProgress(log, `Compiling ${modules}`, folder, rebuild).catch((cause: unknown) => {
		if (!(cause instanceof SetupError)) throw cause;
		throw new SetupError(
			`${modules} could not be compiled for n8n. This needs a C++ compiler, make and Python 3 (Debian: apt-get install build-essential python3; macOS: xcode-select --install; Windows: Visual Studio Build Tools). What the compiler said is in ${logFile}.`,
			{ cause },
		);
	});
}

async function checkVersion(release: N8nRelease, nodePath: string, n8nPath: string): Promise<void> {
	const answer = await run(nodePath, [n8nPath, '--version']).catch((cause: unknown) => {
		throw new SetupError(`n8n ${release.version} was installed, but does not start.`, { cause });
	});
	if (answer.stdout.trim().split('\n').includes(release.version)) return;
	throw new SetupError(
		`n8n ${release.version} was installed, but says it is "${answer.stdout.trim()}".`,
	);
}
