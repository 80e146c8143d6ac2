import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Dovecot } from '../test/support/dovecot';
import type { Delivered } from './evidence';
import { toMail } from './mail';
import type { PlannedMail, ServerFault } from './plan';
import { isPoison } from './poison';
import type { RunLog } from './run-log';
import { USER } from './stage';

/** The Dovecot of a run. Deliveries and faults take turns: a mail whose delivery was cut off might lie there twice. */
export class MailServer {
	readonly delivered: Delivered[] = [];
	#turn: Promise<void> = Promise.resolve();

	constructor(
		private readonly dovecot: Dovecot,
		private readonly log: RunLog,
	) {}

	async deliver(mail: PlannedMail): Promise<void> {
		await this.#inTurn(async () => {
			try {
				await this.dovecot.deliver(USER, toMail(mail));
				const { id, form } = mail;
				const at = this.log.note('delivered', { id, form, poison: isPoison(form) });
				this.delivered.push({ id, at, isPoison: isPoison(form) });
			} catch (error) {
				this.log.note('refused', { id: mail.id, form: mail.form, reason: String(error) });
			}
		});
	}

	async suffer(fault: ServerFault): Promise<void> {
		await this.#inTurn(async () => {
			const end = this.log.beginOutage(fault.kind, { ...fault });
			await this.dovecot.restart(async () => {
				if (fault.kind === 'rebuild') await forgetUids(this.dovecot.maildir(USER));
				await pause(fault.downMs);
			});
			end();
		});
	}

	async #inTurn(work: () => Promise<void>): Promise<void> {
		const turn = this.#turn.then(work);
		this.#turn = turn.catch(() => undefined);
		await turn;
	}
}

/** Without these Dovecot gives the folder a new UIDVALIDITY; read marks stay, they are in the file names. */
export async function forgetUids(maildir: string): Promise<void> {
	const names = await readdir(maildir);
	for (const name of names.filter((each) => /^dovecot-uidlist|^dovecot\.index/.test(each))) {
		await rm(path.join(maildir, name), { force: true });
	}
}
