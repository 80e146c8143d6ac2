import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from './error-code';

/** The owner touches its lock this often; a lock that was not touched for the longer time has no owner any more. */
const HEARTBEAT_MS = 5_000;
const ABANDONED_MS = 60_000;
const POLL_MS = 500;
/** Taking over an abandoned lock is a matter of milliseconds. */
const TAKEOVER_ABANDONED_MS = 10_000;

/** Runs `work` while no other process does the same for this lock file. `onWait` is called once if it has to wait. */
export async function withInstallLock<T>(
	file: string,
	onWait: () => void,
	work: () => Promise<T>,
): Promise<T> {
	await acquire(file, onWait);
	const heartbeat = setInterval(() => {
		const now = new Date();
		void utimes(file, now, now).catch(() => undefined);
	}, HEARTBEAT_MS);
	try {
		return await work();
	} finally {
		clearInterval(heartbeat);
		await rm(file, { force: true });
	}
}

async function acquire(file: string, onWait: () => void): Promise<void> {
	let told = false;
	while (!(await createLock(file))) {
		if (await isAbandoned(file)) {
			await removeAbandoned(file);
			continue;
		}
		if (!told) onWait();
		told = true;
		await pause(POLL_MS);
	}
}

async function createLock(file: string): Promise<boolean> {
	try {
		await writeFile(file, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if (hasCode(error, 'EEXIST')) return false;
		throw error;
	}
}

/** Two waiters must not both remove a lock: the second would remove the first one's new lock. */
async function removeAbandoned(file: string): Promise<void> {
	const guard = `${file}.takeover`;
	try {
		await mkdir(guard);
	} catch (error) {
		if (!hasCode(error, 'EEXIST')) throw error;
		if ((await ageMs(guard)) > TAKEOVER_ABANDONED_MS)
			await rm(guard, { recursive: true, force: true });
		await pause(POLL_MS);
		return;
	}
	try {
		if (await isAbandoned(file)) await rm(file, { force: true });
	} finally {
		await rm(guard, { recursive: true, force: true });
	}
}

async function isAbandoned(file: string): Promise<boolean> {
	const age = await ageMs(file);
	if (age > ABANDONED_MS) return true;
	const owner = Number(await readOwner(file));
	return Number.isInteger(owner) && owner > 0 && !isRunning(owner);
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return !hasCode(error, 'ESRCH');
	}
}

async function readOwner(file: string): Promise<string> {
	try {
		return await readFile(file, 'utf8');
	} catch (error) {
		if (hasCode(error, 'ENOENT')) return '';
		throw error;
	}
}

/** 0 for a file that is gone. */
async function ageMs(file: string): Promise<number> {
	try {
		return Date.now() - (await stat(file)).mtimeMs;
	} catch (error) {
		if (hasCode(error, 'ENOENT')) return 0;
		throw error;
	}
}
