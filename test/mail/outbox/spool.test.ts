import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Spool } from '../../../mail/outbox/spool';

const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('n8n-email-'));

/** A spool that is writing a file. */
async function beginFile(): Promise<Spool> {
	const spool = new Spool(1);
	await new Promise<void>((resolve) => void spool.write(Buffer.from('large'), () => resolve()));
	return spool;
}

async function end(spool: Spool): Promise<void> {
	await new Promise<void>((resolve) => void spool.end(() => resolve()));
}

describe('a spool', () => {
	it('waits for its turn to write a file, and leaves nothing where it is given up before', async () => {
		const before = folders();
		const [first, second] = await Promise.all([beginFile(), beginFile()]);
		const given = new Spool(1);
		let isWritten = false;
		given.write(Buffer.from('large'), () => (isWritten = true));
		const waiting = beginFile();
		await nextTurn();
		expect(isWritten).toBe(false);
		given.destroy();
		await end(first);
		// The turn of the one that was given up has gone on to the next.
		const third = await waiting;
		await Promise.all([end(second), end(third)]);
		await Promise.all([first, second, third].map(async (spool) => await spool.result().dispose()));
		expect(folders().filter((name) => !before.includes(name))).toEqual([]);
	});
});
