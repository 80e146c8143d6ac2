import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** The nodes of `recorder/` as a package that n8n loads. Returns the tarball's path. */
export async function packRecorder(folder: string): Promise<string> {
	const packed = await promisify(execFile)(
		'npm',
		['pack', '--silent', '--pack-destination', folder],
		{
			cwd: path.join(__dirname, 'recorder'),
		},
	);
	return path.join(folder, packed.stdout.trim());
}
