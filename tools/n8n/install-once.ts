import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withInstallLock } from './install-lock';
import type { Say } from './progress';

const MARKER = 'installed.json';

/**
 * Sees to it that `folder` holds a complete installation of `what`. The marker file is written last, so a folder
 * without it is the rest of an interrupted attempt: it is removed and made again. Two processes do not install at once.
 */
export async function installOnce(
	folder: string,
	what: string,
	say: Say,
	install: (folder: string) => Promise<void>,
): Promise<void> {
	if (await isInstalled(folder)) return;
	await mkdir(dirname(folder), { recursive: true });
	const onWait = (): void => say(`Another process is installing ${what}; waiting for it …`);
	await withInstallLock(`${folder}.lock`, onWait, async () => {
		if (await isInstalled(folder)) return;
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		await install(folder);
		const marker = join(folder, MARKER);
		await writeFile(`${marker}.new`, JSON.stringify({ what, installedAt: new Date() }));
		await rename(`${marker}.new`, marker);
	});
}

async function isInstalled(folder: string): Promise<boolean> {
	try {
		await readFile(join(folder, MARKER));
		return true;
	} catch {
		return false;
	}
}
