import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type ProcessGroup, startProcessGroup } from '../../tools/n8n/process-group';

export interface QueueServerOptions {
	/** Program and arguments; it stays in the foreground. */
	readonly command: readonly string[];
	readonly port: number;
	readonly logFile: string;
}

/** A server of n8n's queue mode on a port of its own, which a test may take away and give back. */
export interface QueueServer {
	readonly port: number;
	stop(): Promise<void>;
	/** As a power cut would. */
	kill(): Promise<void>;
	restart(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_MS = 20_000;
const STOP_GRACE_MS = 3_000;
const LOOK_AGAIN_MS = 50;

export async function startQueueServer(options: QueueServerOptions): Promise<QueueServer> {
	const start = async (): Promise<ProcessGroup> => {
		const [program = '', ...args] = options.command;
		const group = startProcessGroup(program, args, process.env, options.logFile);
		const deadline = Date.now() + START_MS;
		while (!(await isListening(options.port))) {
			if (!group.isRunning || Date.now() > deadline) {
				await group.stop(0);
				throw new Error(`${program} did not start. Its log is ${options.logFile}.`);
			}
			await pause(LOOK_AGAIN_MS);
		}
		return group;
	};
	let running = await start();
	return {
		port: options.port,
		stop: () => running.stop(STOP_GRACE_MS),
		kill: () => running.kill(),
		async restart() {
			await running.stop(STOP_GRACE_MS);
			running = await start();
		},
	};
}

async function isListening(port: number): Promise<boolean> {
	const socket = connect(port, HOST);
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}
