import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { npmScript } from './npm';
import { SetupError } from './setup-error';

const run = promisify(execFile);

export interface PackOptions {
	readonly projectFolder: string;
	/** Gets the tarball. */
	readonly folder: string;
	/** True: built and stripped as for publishing. False: what stands in `dist/` now. */
	readonly asPublished: boolean;
}

/** Packs the project. Returns the tarball's path. */
export async function packProject(options: PackOptions): Promise<string> {
	const { asPublished, folder, projectFolder } = options;
	const args = [npmScript(), 'pack', '--silent', '--pack-destination', folder];
	if (!asPublished) args.push('--ignore-scripts');
	const packed = await run(process.execPath, args, { cwd: projectFolder }).catch(
		(cause: unknown) => {
			throw new SetupError(`The package could not be packed: ${toWords(cause)}`, { cause });
		},
	);
	const name = packed.stdout.trim().split('\n').at(-1) ?? '';
	return join(folder, name);
}

function toWords(error: unknown): string {
	const isExit = error instanceof Error && 'stderr' in error;
	return isExit ? String(error.stderr).trim() : String(error);
}
