import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Spool } from '../../../../mail/drivers/pop3/spool';
import { SPOOL_IN_MEMORY_BYTES } from '../../../../mail/limits';

const before = process.env['TMPDIR'];
let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'spool-test-'));
	process.env['TMPDIR'] = folder;
});
afterEach(async () => {
	if (before === undefined) delete process.env['TMPDIR'];
	else process.env['TMPDIR'] = before;
	await rm(folder, { recursive: true });
});

/** Every byte depends on its place. */
const pattern = (length: number, start = 0) =>
	Buffer.from(Array.from({ length }, (_, index) => (start + index) % 251));

async function fill(length: number): Promise<Spool> {
	const spool = new Spool();
	for (let at = 0; at < length; at += 40_000) {
		await spool.write(pattern(Math.min(40_000, length - at), at));
	}
	return spool;
}

describe('a spool', () => {
	it.each([
		['in memory', 100_000],
		['in a file', SPOOL_IN_MEMORY_BYTES + 100_000],
	])('gives back any part of its bytes, %s', async (_place, length) => {
		const spool = await fill(length);
		expect(spool.sizeBytes).toBe(length);
		expect(await spool.read({ start: 70_000, end: 70_010 })).toEqual(pattern(10, 70_000));
		expect(await spool.read({ start: length - 5, end: length + 99 })).toEqual(
			pattern(5, length - 5),
		);
		expect(await spool.read({ start: length + 1, end: length + 9 })).toHaveLength(0);
		const pieces: Buffer[] = [];
		for await (const piece of spool.pieces({ start: 1, end: length })) pieces.push(piece);
		expect(Buffer.concat(pieces).equals(pattern(length - 1, 1))).toBe(true);
		await spool.dispose();
		await expect(spool.read({ start: 0, end: 1 })).rejects.toThrow('given up');
	});

	it('leaves nothing on disk under a name while it is read, nor when it is given up', async () => {
		const spool = await fill(SPOOL_IN_MEMORY_BYTES + 1);
		expect(await readdir(folder)).toEqual([]);
		await spool.dispose();
		expect(await readdir(folder)).toEqual([]);
	});

	it('stays for those who hold it', async () => {
		const spool = await fill(SPOOL_IN_MEMORY_BYTES + 10);
		const release = spool.hold();
		await spool.dispose();
		expect(await spool.read({ start: 0, end: 3 })).toEqual(pattern(3));
		release();
		await expect(spool.read({ start: 0, end: 3 })).rejects.toThrow('given up');
	});
});
