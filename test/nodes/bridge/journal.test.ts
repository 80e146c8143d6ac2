import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../../../nodes/bridge/journal';

let folder: string;
let warnings: string[];
const ignore = () => undefined;
const log = {
	debug: ignore,
	info: ignore,
	warn: (message: string) => void warnings.push(message),
	error: ignore,
};

beforeEach(async () => {
	warnings = [];
	folder = await mkdtemp(join(tmpdir(), 'journal-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const open = (key = 'key', path = folder) => openJournal(key, log, path);
const onlyFile = async () => join(folder, (await readdir(folder))[0] ?? '');

describe('a journal', () => {
	it('has nothing at first, and then what was written last', async () => {
		const journal = open();
		expect(journal.read()).toBeUndefined();
		await journal.write({ one: 1 });
		await journal.write({ two: 2 });
		expect(open().read()).toEqual({ two: 2 });
		expect(warnings).toEqual([]);
	});

	it('makes its folder, and only its owner may read it', async () => {
		const path = join(folder, 'not', 'there');
		await open('key', path).write('content');
		const [name = ''] = await readdir(path);
		expect((await stat(join(path, name))).mode & 0o077).toBe(0);
		expect((await stat(path)).mode & 0o077).toBe(0);
	});

	it('is another one for another key, and its file name tells nothing', async () => {
		await open('imap://ada@example.com').write('one');
		expect(open('imap://bob@example.com').read()).toBeUndefined();
		expect((await readdir(folder)).join()).not.toContain('ada');
	});

	it('has written the last of many, whatever the order in which they are waited for', async () => {
		const journal = open();
		const writes = Array.from({ length: 50 }, (_, count) => journal.write({ count }));
		await writes[49];
		expect(open().read()).toEqual({ count: 49 });
		await Promise.all(writes);
		expect(open().read()).toEqual({ count: 49 });
		expect(await readdir(folder)).toHaveLength(1);
	});

	it('stays whole and in order when two watches of one process write it at the same time', async () => {
		const draining = open();
		const starting = open();
		for (let round = 0; round < 20; round++) {
			const writes = [
				draining.write({ round, by: 'first' }),
				starting.write({ round, by: 'last' }),
			];
			await Promise.all(writes);
			expect(open().read()).toEqual({ round, by: 'last' });
		}
		expect(warnings).toEqual([]);
	});

	it('counts as absent when its file is cut off', async () => {
		await open().write({ a: 'long text' });
		const path = await onlyFile();
		await writeFile(path, (await readFile(path, 'utf8')).slice(0, 10));
		expect(open().read()).toBeUndefined();
	});

	it('cannot be written where there is no place for it: said once, and nothing is thrown', async () => {
		const file = join(folder, 'file');
		await writeFile(file, '');
		const journal = open('key', join(file, 'sub'));
		await journal.write(1);
		await journal.write(2);
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toContain('given again');
	});

	it('is written again as soon as there is a place for it', async () => {
		const file = join(folder, 'place');
		await writeFile(file, '');
		const journal = open('key', file);
		await journal.write(1);
		await rm(file);
		await journal.write(2);
		expect(open('key', file).read()).toBe(2);
	});
});
