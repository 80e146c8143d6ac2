import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerProcessOptions {
	readonly program: string;
	readonly args: readonly string[];
	readonly host: string;
	/** The server counts as started when each accepts a connection. */
	readonly ports: readonly number[];
	/** What the server has written to its log, for the error. */
	readonly log: () => Promise<string>;
	/** The file in which the server writes its own process group, where it leaves ours. */
	readonly pidFile?: string;
}

/** A server in the foreground with its children, as one process group. */
export interface ServerProcess {
	signal(name: 'SIGSTOP' | 'SIGCONT'): void;
	/** Ends the whole group, also a paused one. */
	stop(): Promise<void>;
}

const START_MS = 20_000;
/** Dovecot waits for its clients; tests do not. */
const STOP_MS = 500;
const LOOK_AGAIN_MS = 20;

/** Resolves when all ports answer; throws with the server's own words when it ends before that. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
	const child = spawn(options.program, options.args, {
		detached: true,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	let complaint = '';
	child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
	const ended = once(child, 'exit');
	let running = true;
	const markEnded = (): void => void (running = false);
	ended.then(markEnded, markEnded);

	const signalGroup = (name: NodeJS.Signals): void => {
		const group = options.pidFile === undefined ? child.pid : readPid(options.pidFile);
		if (group !== undefined && running) process.kill(-group, name);
	};
	const stop = async (): Promise<void> => {
		if (!running) return;
		signalGroup('SIGCONT');
		signalGroup('SIGTERM');
		const kill = setTimeout(() => signalGroup('SIGKILL'), STOP_MS);
		await ended;
		clearTimeout(kill);
	};

	const deadline = Date.now() + START_MS;
	for (const port of options.ports) {
		while (!(await isListening(options.host, port))) {
			if (running && Date.now() < deadline) {
				await sleep(LOOK_AGAIN_MS);
				continue;
			}
			await stop();
			throw new Error(
				`${options.program} did not start.\n${complaint}\n${await options.log()}`.trim(),
			);
		}
	}
	return { signal: signalGroup, stop };
}

/** Undefined until the server has written it. */
function readPid(path: string): number | undefined {
	const pid = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
	return pid > 0 ? pid : undefined;
}

async function isListening(host: string, port: number): Promise<boolean> {
	const socket = connect(port, host);
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}
