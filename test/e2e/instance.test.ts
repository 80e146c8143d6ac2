import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startN8n } from '../../tools/n8n/instance';
import { eventually, installForTests, ownN8n } from '../support/n8n';

/** Whether any process of the group is left. */
function isGroupAlive(pid: number): boolean {
	try {
		process.kill(-pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** The system takes a moment to clear away what was killed. */
async function waitUntilGone(pid: number): Promise<void> {
	const what = `end of process group ${pid}`;
	await eventually(what, async () => !isGroupAlive(pid) || undefined);
}

test('an n8n that cannot start says why, with the end of its log, and leaves nothing running', async () => {
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-'));
	const occupied = createServer();
	await new Promise<void>((resolve) => occupied.listen(0, '127.0.0.1', resolve));
	const address = occupied.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	try {
		const installation = await installForTests();
		const failed = startN8n({ installation, userFolder, port, packages: [] });

		await expect(failed).rejects.toThrow(
			/did not start: it ended by itself\. Its log is .*n8n\.log/,
		);
		await expect(failed).rejects.toThrow(new RegExp(`port ${port} is already in use`));
	} finally {
		occupied.close();
		await rm(userFolder, { recursive: true, force: true, maxRetries: 5 });
	}
});

test('stop and kill end n8n with everything it started, and a restart brings it back', async () => {
	const { instance, remove } = await ownN8n();
	try {
		const first = instance.pid;
		await instance.kill();
		await waitUntilGone(first);

		await instance.restart();
		expect((await fetch(`${instance.url}/healthz`)).status).toBe(200);
	} finally {
		await remove();
	}
	await waitUntilGone(instance.pid);
});
