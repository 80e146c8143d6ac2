import { followAccount } from '../../../mail/inbox/follow-account';
import type { Door, Watch } from '../../../mail/inbox/watch';
import { MemoryMailbox } from '../../support/memory-mailbox';

/** A watch that connects when the test says so. */
class ScriptedWatch implements Watch {
	readonly listening = Promise.resolve();
	isStopped = false;

	constructor(
		readonly account: string,
		readonly connect: () => Promise<Door>,
	) {}

	async stop(): Promise<void> {
		this.isStopped = true;
	}
}

let account: string;
let watches: ScriptedWatch[];
let following: Watch;

beforeEach(() => {
	account = 'imap://support@typo:993';
	watches = [];
	following = followAccount(
		account,
		async () => ({ account, driver: new MemoryMailbox() }),
		(own, openDoor) => {
			const watch = new ScriptedWatch(own, openDoor);
			watches.push(watch);
			return watch;
		},
	);
});

const accounts = () => watches.map((watch) => watch.account);

describe('a connector that is changed while its mailbox is watched', () => {
	it('keeps its watch as long as it leads to the same mailbox', async () => {
		await watches[0]?.connect();
		await watches[0]?.connect();
		expect(accounts()).toEqual(['imap://support@typo:993']);
	});

	it('gets another watch when it leads to another mailbox, and the former one ends', async () => {
		account = 'imap://support@right:993';
		await expect(watches[0]?.connect()).rejects.toThrow('leads to another mailbox');
		expect(accounts()).toEqual(['imap://support@typo:993', 'imap://support@right:993']);
		expect(watches.map(({ isStopped }) => isStopped)).toEqual([true, false]);
		await expect(watches[1]?.connect()).resolves.toMatchObject({ account });
	});

	it('does not let the former watch, which may still be acknowledging, into the other mailbox', async () => {
		account = 'imap://support@right:993';
		await expect(watches[0]?.connect()).rejects.toThrow();
		await expect(watches[0]?.connect()).rejects.toThrow('leads to another mailbox');
		expect(watches).toHaveLength(2);
	});

	it('is followed no more after the stop', async () => {
		account = 'imap://support@right:993';
		await following.stop();
		await expect(watches[0]?.connect()).rejects.toThrow();
		expect(watches).toHaveLength(1);
	});

	it('stops the watch that it has come to', async () => {
		account = 'imap://support@right:993';
		await expect(watches[0]?.connect()).rejects.toThrow();
		await following.stop();
		expect(watches.every(({ isStopped }) => isStopped)).toBe(true);
	});
});
