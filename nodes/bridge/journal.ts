import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../mail/ports';

/** One small file that survives the process. Later contents replace earlier ones as a whole. */
export interface Journal {
	/** Undefined where there is none, or none that can be read. */
	read(): unknown;
	/** Resolves when a killed process would find it again. Never throws: without a folder there is no journal. */
	write(content: unknown): Promise<void>;
}

/** n8n's own folder, where its key and its database lie. */
export function journalFolder(): string {
	return join(process.env.N8N_USER_FOLDER ?? homedir(), '.n8n', 'email-connectors');
}

/**
 * A journal beside n8n's own files. n8n writes static data at its leisure, together with an execution, and a worker may
 * overwrite them; this file is written before the execution is asked for. It is not forced to the disk: what a power
 * cut takes away is older than the truth, and so harmless.
 */
export function openJournal(key: string, log: Log, folder = journalFolder()): Journal {
	const name = createHash('sha256').update(key).digest('base64url').slice(0, 32);
	const path = join(folder, `${name}.json`);
	let isUnavailable = false;
	let latest: string | undefined;
	let writing: Promise<void> | undefined;

	/** One write at a time; of several that wait only the last is needed. */
	async function writeAll(): Promise<void> {
		while (latest !== undefined && !isUnavailable) {
			const content = latest;
			latest = undefined;
			try {
				await replace(content);
			} catch (error) {
				isUnavailable = true;
				log.warn(
					`No checkpoint file can be written (${toText(error)}). n8n's own data are used alone: after a crash some e-mails may be given again.`,
				);
			}
		}
		writing = undefined;
	}

	async function replace(content: string): Promise<void> {
		const draft = `${path}.${process.pid}.tmp`;
		try {
			await writeFile(draft, content, { mode: 0o600 });
		} catch (error) {
			if (!isMissingFolder(error)) throw error;
			await mkdir(folder, { recursive: true, mode: 0o700 });
			await writeFile(draft, content, { mode: 0o600 });
		}
		await rename(draft, path);
	}

	return {
		read() {
			try {
				return JSON.parse(readFileSync(path, 'utf8'));
			} catch {
				// None yet, or cut off in the middle: n8n's own data hold another copy.
				return undefined;
			}
		},
		async write(content) {
			latest = JSON.stringify(content);
			writing ??= writeAll();
			await writing;
		},
	};
}

function isMissingFolder(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function toText(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
