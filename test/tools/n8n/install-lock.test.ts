import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withInstallLock } from '../../../tools/n8n/install-lock';

let folder: string;
let file: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'lock-'));
	file = join(folder, 'n8n.lock');
});

afterEach(async () => {
	await rm(folder, { recursive: true, force: true });
});

const neverWaits = (): void => {
	throw new Error('waited');
};

async function pidOfEndedProcess(): Promise<number> {
	const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
	await once(child, 'exit');
	return child.pid ?? 0;
}

test('work under one lock never overlaps', async () => {
	let running = 0;
	let most = 0;
	let waiting = 0;
	let letFirstGoOn: () => void = () => undefined;
	const othersWait = new Promise<void>((resolve) => (letFirstGoOn = resolve));
	const onWait = (): void => {
		waiting += 1;
		if (waiting === 2) letFirstGoOn();
	};
	const work = async (): Promise<void> => {
		running += 1;
		most = Math.max(most, running);
		await othersWait;
		running -= 1;
	};

	await Promise.all([1, 2, 3].map(() => withInstallLock(file, onWait, work)));

	expect([most, waiting]).toEqual([1, 2]);
});

test('the lock is gone after success and after failure', async () => {
	await withInstallLock(file, neverWaits, async () => undefined);
	const failing = withInstallLock(file, neverWaits, () => Promise.reject(new Error('planned')));
	await expect(failing).rejects.toThrow('planned');

	expect(await readdir(folder)).toEqual([]);
});

test('a lock whose process has ended is taken over at once', async () => {
	await writeFile(file, String(await pidOfEndedProcess()));

	expect(await withInstallLock(file, neverWaits, async () => 'done')).toBe('done');
	expect(await readdir(folder)).toEqual([]);
});

test('a lock that nobody has touched for long is taken over, even if its number runs', async () => {
	await writeFile(file, String(process.pid));
	const longAgo = new Date(Date.now() - 10 * 60_000);
	await utimes(file, longAgo, longAgo);

	expect(await withInstallLock(file, neverWaits, async () => 'done')).toBe('done');
});
