import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { signalGroup } from './process-group';
import { SetupError } from './setup-error';

export interface NpmRun {
	readonly args: readonly string[];
	readonly cwd: string;
	/** The Node that runs npm and the install scripts. */
	readonly nodePath: string;
	readonly environment?: Readonly<Record<string, string>>;
	/** Gets npm's own output. */
	readonly logFile: string;
	/** What the run is for, as the subject of a sentence: `n8n 2.41.1`. */
	readonly subject: string;
	/** Ends npm and everything it started. */
	readonly signal?: AbortSignal;
}

/** What to say for npm's error codes; the others are named as they are. */
const codeSentences: Readonly<Record<string, string>> = {
	ENOTFOUND: 'the npm registry could not be found; is this machine online?',
	EAI_AGAIN: 'the npm registry could not be found; is this machine online?',
	ECONNREFUSED:
		'the npm registry refused the connection; check the registry and proxy settings of npm',
	ECONNRESET: 'the connection to the npm registry broke; try again',
	ETIMEDOUT: 'the npm registry did not answer in time; try again',
	ERR_SOCKET_TIMEOUT: 'the npm registry did not answer in time; try again',
	E404: 'a package is missing from the npm registry in use',
	ETARGET: 'a version is missing from the npm registry in use',
	ENOSPC: 'the disk is full',
	EACCES: 'the folder may not be written to',
};

const npmFailure = z.object({ error: z.object({ code: z.string(), summary: z.string() }) });

/** Patient with slow sockets, quiet on the terminal, and with errors as JSON on the standard output. */
const COMMON_ARGS = [
	'--json',
	'--no-audit',
	'--no-fund',
	'--prefer-offline',
	'--fetch-retries=6',
	'--fetch-timeout=20000',
	'--fetch-retry-mintimeout=500',
];

/** Runs npm to its end. Throws SetupError with the reason and the path of the log. */
export async function runNpm(run: NpmRun): Promise<void> {
	run.signal?.throwIfAborted();
	const log = createWriteStream(run.logFile, { flags: 'a' });
	const child = spawn(run.nodePath, [npmScript(), ...COMMON_ARGS, ...run.args], {
		cwd: run.cwd,
		env: { ...process.env, ...run.environment, PATH: toPath(run.nodePath) },
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: process.platform !== 'win32',
		windowsHide: true,
	});
	const end = (): void => signalGroup(child, 'SIGKILL');
	run.signal?.addEventListener('abort', end);
	let answer = '';
	child.stdout.on('data', (chunk: Buffer) => {
		answer += chunk.toString('utf8');
	});
	child.stdout.pipe(log, { end: false });
	child.stderr.pipe(log, { end: false });
	const exitCode = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	run.signal?.removeEventListener('abort', end);
	log.end();
	await finished(log);
	run.signal?.throwIfAborted();
	if (exitCode === 0) return;
	throw new SetupError(
		`${run.subject} could not be installed: ${toReason(answer)}. What npm said is in ${run.logFile}.`,
	);
}

function toReason(answer: string): string {
	const start = answer.indexOf('{\n  "error"');
	const parsed = npmFailure.safeParse(start < 0 ? undefined : parseJson(answer.slice(start)));
	if (!parsed.success) return 'npm failed';
	const { code, summary } = parsed.data.error;
	return (
		codeSentences[code] ?? `npm failed with ${code} (${summary.split('\n')[0]?.slice(0, 200)})`
	);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function toPath(nodePath: string): string {
	return `${dirname(nodePath)}${delimiter}${process.env['PATH'] ?? ''}`;
}

/** npm's own JavaScript, so that no shell is needed to start it on any platform. */
export function npmScript(): string {
	const node = realpathSync(process.execPath);
	const candidates = [
		process.env['npm_execpath'] ?? '',
		join(dirname(node), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		join(dirname(node), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		...(process.env['PATH'] ?? '').split(delimiter).map(toScriptBehind),
	];
	const found = candidates.find((path) => path.endsWith('npm-cli.js') && existsSync(path));
	if (found !== undefined) return found;
	throw new SetupError('npm was not found. Start with `npm run …`, or put npm on the PATH.');
}

/** What the `npm` of a PATH folder is a link to. */
function toScriptBehind(folder: string): string {
	try {
		return realpathSync(join(folder, 'npm'));
	} catch {
		return '';
	}
}
