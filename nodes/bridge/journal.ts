import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
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

/** A file that is being written. */
interface Writing {
	/** What is to be written next; of several only the last is needed. */
	next: string | undefined;
	readonly done: Promise<void>;
}

/** By path: two watches of one process may have the same file for a while, and the later content has to win. */
const writings = new Map<string, Writing>();

/**
 * A journal beside n8n's own files. n8n writes static data at its leisure, together with an execution, and a worker may
 * overwrite them; this file is written before the execution is asked for. It is not forced to the disk: what a power
 * cut takes away is older than the truth, and so harmless.
 */
export function openJournal(key: string, log: Log, folder = journalFolder()): Journal {
	const name = createHash('sha256').update(key).digest('base64url').slice(0, 32);
	const path = join(folder, `${name}.json`);
	let isAvailable = true;

	async function writeAll(): Promise<void> {
		const writing = writings.get(path);
		while (writing?.next !== undefined) {
			const content = writing.next;
			writing.next = undefined;
			await tryToReplace(content);
		}
		writings.delete(path);
	}

	async function tryToReplace(content: string): Promise<void> {
		try {
			await replace(path, content);
			isAvailable = true;
		} catch (error) {
			// A full disk may be emptied: the next checkpoint tries again. Said once until then.
			if (isAvailable) {
				log.warn(
					`No checkpoint file can be written (${toText(error)}). n8n's own data are used alone: after a crash some e-mails may be given again.`,
				);
			}
			isAvailable = false;
		}
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
			const next = JSON.stringify(content);
			const present = writings.get(path);
			if (present !== undefined) {
				present.next = next;
				return await present.done;
			}
			// A turn later, when it stands in the map.
			const writing: Writing = { next, done: Promise.resolve().then(writeAll) };
			writings.set(path, writing);
			await writing.done;
		},
	};
}

async function replace(path: string, content: string): Promise<void> {
	const draft = `${path}.${process.pid}.tmp`;
	try {
		await writeFile(draft, content, { mode: 0o600 });
	} catch {
		// The folder is not there yet; what else it may be, the second try tells.
		await mkdir(dirname(path), { recursive: true, mode: 0o700 });
		await writeFile(draft, content, { mode: 0o600 });
	}
	await rename(draft, path);
}

function toText(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
