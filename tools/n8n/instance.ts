import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Role, toEnvironment } from './environment';
import { findFreePorts } from '../free-port';
import type { N8nInstallation } from './install';
import { unpackPackage } from './package-folder';
import { type ProcessGroup, startProcessGroup } from './process-group';
import { findRelease } from './release';
import { SetupError, toSentence } from './setup-error';

export interface StartOptions {
	readonly installation: N8nInstallation;
	/** Holds database, encryption key and packages; made if missing, kept afterwards. */
	readonly userFolder: string;
	/** A free one if absent. */
	readonly port?: number;
	/** Default: main, which also executes unless its settings say otherwise. */
	readonly role?: Role;
	/** Further settings of n8n; they win over ours. */
	readonly env?: Readonly<Record<string, string>>;
	/** Packed packages (`.tgz`) to load. */
	readonly packages: readonly string[];
	/** How long n8n may take until it answers. */
	readonly startTimeoutMs?: number;
	/** Gives up starting. A running instance does not listen to it. */
	readonly signal?: AbortSignal;
}

/** A running n8n. */
export interface N8nInstance {
	/** `http://127.0.0.1:<port>`, without a slash at the end. */
	readonly url: string;
	readonly userFolder: string;
	/** All that n8n printed, over all its starts. */
	readonly logFile: string;
	readonly pid: number;
	/** Resolves when the present process ends, for whatever reason. */
	readonly ended: Promise<void>;
	/** Lets n8n end its work; after a grace it is killed. Leaves nothing running. */
	stop(): Promise<void>;
	/** As a power cut would. */
	kill(): Promise<void>;
	/** Stops what runs and starts again with the same folder, port and settings. */
	restart(): Promise<void>;
}

/** The first start also creates the database; a busy machine needs its time. */
const START_TIMEOUT_MS = 180_000;
const POLL_MS = 200;
/** Above the grace n8n itself gives to running executions. */
const STOP_GRACE_MS = 15_000;
const LAST_LINES = 12;

/** What has to answer, in this order: n8n listens, its database is migrated, its settings are loaded. */
const READY_PATHS: Readonly<Record<Role, readonly string[]>> = {
	main: ['/healthz', '/healthz/readiness', '/rest/settings'],
	worker: ['/healthz', '/healthz/readiness'],
};

/** Starts n8n and resolves when it is ready to work. Throws SetupError with the last lines of the log. */
export async function startN8n(options: StartOptions): Promise<N8nInstance> {
	const { installation, userFolder, role = 'main' } = options;
	await mkdir(userFolder, { recursive: true });
	for (const tarball of options.packages) await unpackPackage(tarball, userFolder);
	const [freePort = 0, brokerPort = 0] = await findFreePorts(2);
	const port = options.port ?? freePort;
	const url = `http://127.0.0.1:${port}`;
	const logFile = join(userFolder, 'n8n.log');
	const environment = toEnvironment(
		{ role, userFolder, port, brokerPort },
		{ ...findRelease(installation.version).environment, ...options.env },
	);

	const start = async (): Promise<ProcessGroup> => {
		const args = [installation.n8nPath, role === 'main' ? 'start' : 'worker'];
		const group = startProcessGroup(installation.nodePath, args, environment, logFile);
		try {
			await waitUntilReady(url, READY_PATHS[role], group, options);
			return group;
		} catch (error) {
			await group.kill();
			options.signal?.throwIfAborted();
			const said = await readLastLines(logFile);
			throw new SetupError(
				`n8n ${installation.version} (${role}) did not start: ${toSentence(error)}. Its log is ${logFile} and ends with:\n${said}`,
			);
		}
	};

	let running = await start();
	return {
		url,
		userFolder,
		logFile,
		get pid() {
			return running.pid;
		},
		get ended() {
			return running.ended;
		},
		stop: () => running.stop(STOP_GRACE_MS),
		kill: () => running.kill(),
		async restart() {
			await running.stop(STOP_GRACE_MS);
			running = await start();
		},
	};
}

async function waitUntilReady(
	url: string,
	paths: readonly string[],
	group: ProcessGroup,
	{ startTimeoutMs: timeoutMs = START_TIMEOUT_MS, signal }: StartOptions,
): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	while (!(await isReady(url, paths))) {
		signal?.throwIfAborted();
		if (!group.isRunning) throw new Error('it ended by itself');
		if (Date.now() > deadline) throw new Error(`it gave no answer within ${timeoutMs / 1000} s`);
		await pause(POLL_MS);
	}
}

async function isReady(url: string, paths: readonly string[]): Promise<boolean> {
	for (const path of paths) {
		try {
			const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5_000) });
			const text = await answer.text();
			if (!answer.ok || !text.startsWith('{')) return false;
		} catch {
			return false;
		}
	}
	return true;
}

async function readLastLines(file: string): Promise<string> {
	const text = await readFile(file, 'utf8').catch(() => '');
	return text.trim().split('\n').slice(-LAST_LINES).join('\n');
}
