import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { hasCode } from './error-code';

/** A program with everything it started, so that nothing of it outlives us. */
export interface ProcessGroup {
	readonly pid: number;
	/** Resolves when the program itself has ended. */
	readonly ended: Promise<void>;
	readonly isRunning: boolean;
	/** Asks it to end; after `graceMs` it is killed. Resolves when it has ended. */
	stop(graceMs: number): Promise<void>;
	/** SIGKILL for all of it at once. Resolves when it has ended. */
	kill(): Promise<void>;
}

/** Starts a program in a group of its own; its output is appended to the log file. */
export function startProcessGroup(
	command: string,
	args: readonly string[],
	environment: NodeJS.ProcessEnv,
	logFile: string,
): ProcessGroup {
	const log = openSync(logFile, 'a');
	// A group of its own also keeps the terminal's Ctrl-C away: we decide the order in which things stop.
	const child = spawn(command, args, {
		env: environment,
		stdio: ['ignore', log, log],
		detached: process.platform !== 'win32',
		windowsHide: true,
	});
	closeSync(log);
	let isRunning = true;
	const ended = new Promise<void>((resolve, reject) => {
		child.once('exit', () => resolve());
		child.once('error', reject);
	}).finally(() => {
		isRunning = false;
	});
	ended.catch(() => undefined);
	const kill = async (): Promise<void> => {
		signalGroup(child, 'SIGKILL');
		await ended;
	};
	return {
		pid: child.pid ?? 0,
		ended,
		get isRunning() {
			return isRunning;
		},
		kill,
		async stop(graceMs) {
			if (isRunning) {
				const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
				// Only the program itself: it ends its own children in order.
				if (process.platform === 'win32') signalGroup(child, 'SIGKILL');
				else child.kill('SIGTERM');
				await ended;
				clearTimeout(timer);
			}
			signalGroup(child, 'SIGKILL');
		},
	};
}

/** Reaches children of the program even when it has ended itself. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	if (process.platform === 'win32') {
		execFile('taskkill', ['/pid', String(child.pid), '/T', '/F'], () => undefined);
		return;
	}
	try {
		process.kill(-child.pid, signal);
	} catch (error) {
		if (!hasCode(error, 'ESRCH')) throw error;
	}
}
