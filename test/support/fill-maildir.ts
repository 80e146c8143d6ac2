import { chownSync, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dovecot } from './dovecot';

/** Of arrival, since 1970: later ones are found later. */
let second = 1_700_000_000;

/**
 * Puts mails into a folder in no time, `count` times all of these: one file with many names. The server finds them at the
 * next look into the folder; their UIDs follow the order of their names.
 */
export function fillMaildir(
	server: Dovecot,
	user: string,
	sources: readonly Buffer[],
	{ count = 1, folder = 'INBOX' } = {},
): void {
	const home = join(server.folder, 'mail');
	const { uid, gid } = statSync(home);
	const owned = (path: string) => {
		mkdirSync(path, { recursive: true });
		chownSync(path, uid, gid);
		return path;
	};
	owned(join(home, user));
	const inbox = owned(server.maildir(user));
	const maildir = owned(folder === 'INBOX' ? inbox : join(inbox, `.${folder}`));
	for (const state of ['cur', 'tmp']) owned(join(maildir, state));
	const arrived = owned(join(maildir, 'new'));
	const first = second;
	second += count * sources.length;
	sources.forEach((source, position) => {
		const draft = join(maildir, 'tmp', `draft ${position}`);
		writeFileSync(draft, source);
		chownSync(draft, uid, gid);
		for (let index = 0; index < count; index++) {
			linkSync(draft, join(arrived, `${first + index * sources.length + position}.M1P1.host`));
		}
		rmSync(draft);
	});
}
