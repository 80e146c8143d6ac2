// What has to be there before anything of this project can run, on a machine with Node and npm alone.
// Plain JavaScript without a dependency: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const MINIMUM_NODE = [20, 19];

export class PreparationError extends Error {}

export function requireNode() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
		throw new PreparationError(
			`Node ${MINIMUM_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`,
		);
	}
}

const stampOf = (name) => path.join(root, 'node_modules', name);
const fingerprint = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Installs the development dependencies once per package-lock.json. */
export function ensureDependencies() {
	const stamp = stampOf('.installed-lock');
	const wanted = fingerprint(path.join(root, 'package-lock.json'));
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
	console.error('Installing the development dependencies (about 540 MB, one to three minutes)…');
	// Install scripts are not needed: the only ones build optional native parts of n8n's packages.
	const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'];
	// Not `npm ci`: the lock file lists the binaries of esbuild and SWC for Linux alone. Elsewhere npm would take their
	// absence for a decision, so there the exact versions of package.json have to do.
	if (process.platform !== 'linux') flags.push('--no-package-lock');
	const result = runNpm(['install', ...flags]);
	if (result.status !== 0) {
		throw new PreparationError(
			'The development dependencies could not be installed: see the lines of npm above.',
		);
	}
	mkdirSync(path.dirname(stamp), { recursive: true });
	writeFileSync(stamp, wanted);
}

/** Builds dist/ when a source is newer than the last build. */
export function ensureBuild() {
	const stamp = path.join(root, 'dist', '.built');
	const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
	const sources = ['credentials', 'nodes', 'mail', 'gulpfile.js', 'package.json'];
	if (sources.every((source) => newestIn(path.join(root, source)) <= builtAt)) return;
	console.error('Building the package…');
	const result = runBin('gulp', ['bundle', '--silent']);
	if (result.status !== 0)
		throw new PreparationError('The package could not be built: see the lines above.');
}

function newestIn(place) {
	const stat = statSync(place);
	if (!stat.isDirectory()) return stat.mtimeMs;
	return Math.max(0, ...readdirSync(place).map((name) => newestIn(path.join(place, name))));
}

const bins = {
	gulp: 'gulp/bin/gulp.js',
	eslint: 'eslint/bin/eslint.js',
	prettier: 'prettier/bin/prettier.cjs',
	tsc: 'typescript/bin/tsc',
	jest: 'jest/bin/jest.js',
};

/** Runs a tool of node_modules with this Node. */
export function runBin(name, args, options = {}) {
	return spawnSync(process.execPath, [path.join(root, 'node_modules', bins[name]), ...args], {
		cwd: root,
		stdio: 'inherit',
		...options,
	});
}

/** npm's messages go to stderr: stdout belongs to the command that is being prepared. */
export function runNpm(args) {
	const npmCli = process.env.npm_execpath;
	const viaCli = npmCli !== undefined && npmCli.endsWith('.js');
	return spawnSync(viaCli ? process.execPath : 'npm', viaCli ? [npmCli, ...args] : args, {
		cwd: root,
		stdio: ['ignore', 2, 2],
		shell: !viaCli && process.platform === 'win32',
	});
}

/** Runs `main`; a PreparationError ends the process with its one sentence. */
export async function runMain(main) {
	try {
		process.exitCode = (await main()) ?? 0;
	} catch (error) {
		if (!(error instanceof PreparationError)) throw error;
		console.error(error.message);
		process.exitCode = 1;
	}
}
