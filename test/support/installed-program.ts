import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian keeps servers where an ordinary user's PATH does not look. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/** The program's full path. Throws one sentence that names the Debian package to install. */
export function requireProgram(name: string, debianPackage: string): string {
	const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS];
	const found = folders.map((folder) => join(folder, name)).find(isExecutable);
	if (found === undefined) {
		throw new Error(
			`These tests need the program "${name}", which is not installed: install the Debian packages ${debianPackage}.`,
		);
	}
	return found;
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
