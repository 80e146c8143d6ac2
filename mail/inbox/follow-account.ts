import { MailError } from '../errors';
import type { Door, Watch } from './watch';

/** Where a connector leads to at the moment. */
export interface AccountDoor extends Door {
	/** See `accountKey`. */
	readonly account: string;
}

/**
 * Watches an account until, at a connection, the door turns out to lead to another one: a connector was corrected.
 * UIDs and checkpoints of the one mean nothing in the other, which therefore gets a watch of its own.
 */
export function followAccount(
	account: string,
	openDoor: () => Promise<AccountDoor>,
	watchAccount: (account: string, openDoor: () => Promise<Door>) => Watch,
): Watch {
	let isStopped = false;
	let current = account;

	const start = (own: string): Watch =>
		watchAccount(own, async () => {
			const door = await openDoor();
			if (door.account === own) return door;
			if (current === own && !isStopped) {
				current = door.account;
				void watch.stop();
				watch = start(door.account);
			}
			throw new MailError('settings.invalid', {
				subject: 'the connector now leads to another mailbox',
				remedy: 'E-mails of the former mailbox that were being processed stay as they are there.',
			});
		});

	let watch = start(account);
	return {
		listening: watch.listening,
		stop: async () => {
			isStopped = true;
			await watch.stop();
		},
	};
}
