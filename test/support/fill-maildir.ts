import { chownSync, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dovecot } from './dovecot';

/**
 * Puts the same mail into INBOX many times, in no time: one file with many names. The server finds them at the next
 * look into the folder; their UIDs follow the order of their names.
 */
export function fillMaildir(server: Dovecot, user: string, source: Buffer, count: number): void {
	const home = join(server.folder, 'mail');
	const { uid, gid } = statSync(home);
	const owned = (path: string) => {
		mkdirSync(path, { recursive: true });
		chownSync(path, uid, gid);
		return path;
	};
	owned(join(home, user));
	const maildir = owned(server.maildir(user));
	for (const state of ['cur', 'tmp']) owned(join(maildir, state));
	const arrived = owned(join(maildir, 'new'));
	const draft = join(maildir, 'tmp', 'draft');
	writeFileSync(draft, source);
	chownSync(draft, uid, gid);
	const from = 1_700_000_000;
	for (let index = 0; index < count; index++) {
		linkSync(draft, join(arrived, `${from + index}.M1P1.host`));
	}
	rmSync(draft);
}
