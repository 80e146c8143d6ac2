import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installOnce } from '../../../tools/n8n/install-once';

let cache: string;

beforeEach(async () => {
	cache = await mkdtemp(join(tmpdir(), 'cache-'));
});

afterEach(async () => {
	await rm(cache, { recursive: true, force: true });
});

const silent = (): void => undefined;

test('what is installed stays, and is not installed again', async () => {
	const folder = join(cache, 'deep', 'n8n-1');
	let installs = 0;
	const install = async (target: string): Promise<void> => {
		installs += 1;
		await writeFile(join(target, 'program'), 'x');
	};

	await installOnce(folder, 'n8n 1', silent, install);
	await installOnce(folder, 'n8n 1', silent, install);

	expect(installs).toBe(1);
	expect(await readdir(folder)).toEqual(['installed.json', 'program']);
	expect(await readdir(join(cache, 'deep'))).toEqual(['n8n-1']);
});

test('the rest of an interrupted installation is removed and made again', async () => {
	const folder = join(cache, 'n8n-1');
	await mkdir(folder);
	await writeFile(join(folder, 'half'), 'x');

	await installOnce(folder, 'n8n 1', silent, (target) => writeFile(join(target, 'whole'), 'x'));

	expect(await readdir(folder)).toEqual(['installed.json', 'whole']);
});

test('a failed installation does not count as one', async () => {
	const folder = join(cache, 'n8n-1');
	const failing = installOnce(folder, 'n8n 1', silent, () =>
		Promise.reject(new Error('no network')),
	);
	await expect(failing).rejects.toThrow('no network');
	let installs = 0;

	await installOnce(folder, 'n8n 1', silent, async () => void (installs += 1));

	expect(installs).toBe(1);
});

test('two that want the same installation at once get one, and the second is told', async () => {
	const folder = join(cache, 'n8n-1');
	let installs = 0;
	const lines: string[] = [];
	let letFirstGoOn: () => void = () => undefined;
	const told = new Promise<void>((resolve) => (letFirstGoOn = resolve));
	const say = (line: string): void => {
		lines.push(line);
		letFirstGoOn();
	};
	const install = async (): Promise<void> => {
		installs += 1;
		await told;
	};

	await Promise.all([1, 2].map(() => installOnce(folder, 'n8n 1', say, install)));

	expect(installs).toBe(1);
	expect(lines).toEqual(['Another process is installing n8n 1; waiting for it …']);
});
