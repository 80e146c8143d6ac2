import type { ITriggerFunctions } from 'n8n-workflow';
import type { Checkpoint } from '../../../mail/inbox/checkpoint';
import { createCheckpointStore, toWatchKey } from '../../../nodes/bridge/checkpoint-store';

const checkpoint: Checkpoint = {
	uidValidity: '7',
	frontier: 12,
	open: [[3, 4]],
	given: [[3, 1]],
	executions: [['key', [3]]],
	newestReceivedAt: 5,
};

/** A workflow's static data over several activations; what goes in comes out as JSON, as from n8n's database. */
class Host {
	staticData: Record<string, unknown> = {};

	open(key: string, activation = 'activate') {
		this.staticData = JSON.parse(JSON.stringify(this.staticData));
		return createCheckpointStore(
			{
				getWorkflowStaticData: () => this.staticData,
				getActivationMode: () => activation,
			} as unknown as ITriggerFunctions,
			key,
		);
	}
}

const key = toWatchKey({ nodeId: 'n1', account: 'imap://a@b:993', folder: 'INBOX' });

describe('the checkpoint', () => {
	it('survives a restart, together with the time of the first start', () => {
		const host = new Host();
		const first = host.open(key);
		first.save(checkpoint);
		const second = host.open(key, 'init');
		expect(second.load()).toEqual(checkpoint);
		expect(second.startedAt).toBe(first.startedAt);
		expect(second.lost).toBe(false);
	});

	it('is another one for another node, account or folder', () => {
		const host = new Host();
		host.open(key).save(checkpoint);
		for (const other of [
			{ nodeId: 'n2', account: 'imap://a@b:993', folder: 'INBOX' },
			{ nodeId: 'n1', account: 'imap://c@b:993', folder: 'INBOX' },
			{ nodeId: 'n1', account: 'imap://a@b:993', folder: 'INBOX/Sub' },
		]) {
			expect(host.open(toWatchKey(other)).load()).toBeUndefined();
		}
		expect(host.open(key).load()).toEqual(checkpoint);
	});

	it('counts as lost when n8n itself restarts and there is none', () => {
		expect(new Host().open(key, 'init').lost).toBe(true);
		expect(new Host().open(key, 'leadershipChange').lost).toBe(true);
	});

	it('does not count as lost when a user activates the workflow for the first time', () => {
		expect(new Host().open(key, 'activate').lost).toBe(false);
	});

	it('does not count as lost where the node remembers another account or folder: this one is new', () => {
		const host = new Host();
		host.open(toWatchKey({ nodeId: 'n1', account: 'imap://a@typo:993', folder: 'INBOX' }));
		expect(host.open(key, 'init').lost).toBe(false);
		const another = toWatchKey({ nodeId: 'n2', account: 'imap://a@b:993', folder: 'INBOX' });
		expect(host.open(another, 'init').lost).toBe(true);
	});

	it('is quick to save for a mailbox with 50,000 scattered mails to do', () => {
		const open = Array.from(
			{ length: 50_000 },
			(_, index) => [2 * index + 1, 2 * index + 1] as const,
		);
		const store = new Host().open(key);
		const began = performance.now();
		for (let count = 0; count < 10; count++) store.save({ ...checkpoint, open });
		expect((performance.now() - began) / 10).toBeLessThan(80);
	});

	it('counts as lost, and is not followed, when it is malformed', () => {
		const host = new Host();
		host.staticData[key] = { startedAt: 1, checkpoint: { uidValidity: 7, frontier: 'x' } };
		const store = host.open(key, 'init');
		expect(store.load()).toBeUndefined();
		expect(store.lost).toBe(true);
	});
});
