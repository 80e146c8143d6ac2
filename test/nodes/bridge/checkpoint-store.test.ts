import type { ITriggerFunctions } from 'n8n-workflow';
import type { Checkpoint } from '../../../mail/inbox/checkpoint';
import { createCheckpointStore, toWatchKey } from '../../../nodes/bridge/checkpoint-store';
import type { Journal } from '../../../nodes/bridge/journal';

const checkpoint: Checkpoint = {
	revision: 5,
	uidValidity: '7',
	frontier: 12,
	open: [[3, 4]],
	mails: [{ uid: 3, phase: 'given', attempts: 1, faults: 0, losses: 0, deliveryId: 'd3' }],
	executions: [['key', [3]]],
	newestReceivedAt: 5,
	finished: ['a', 'b'],
};

/** Several activations on one host: static data come out as JSON, as from n8n's database; the journal as it was. */
class Host {
	staticData: Record<string, unknown> = {};
	readonly journals = new Map<string, unknown>();
	journalIsWritable = true;

	open(key: string, activation = 'activate') {
		this.staticData = JSON.parse(JSON.stringify(this.staticData));
		const journal: Journal = {
			read: () => this.journals.get(key),
			write: async (content) => {
				if (this.journalIsWritable) this.journals.set(key, JSON.parse(JSON.stringify(content)));
			},
		};
		const context = {
			getWorkflowStaticData: () => this.staticData,
			getActivationMode: () => activation,
		} as unknown as ITriggerFunctions;
		return createCheckpointStore(context, key, journal);
	}
}

const key = toWatchKey({ nodeId: 'n1', account: 'imap://a@b:993', folder: 'INBOX' });

describe('the checkpoint', () => {
	it('survives a restart, together with the time of the first start', async () => {
		const host = new Host();
		const first = host.open(key);
		await first.save(checkpoint);
		const second = host.open(key, 'init');
		expect(second.load()).toEqual(checkpoint);
		expect(second.startedAt).toBe(first.startedAt);
		expect(second.lost).toBe(false);
	});

	it('is written into the journal before saving is over', async () => {
		const host = new Host();
		await host.open(key).save(checkpoint);
		expect(host.journals.get(key)).toMatchObject({ checkpoint: { revision: 5 } });
	});

	it('survives static data that were wiped, as a worker of n8n does', async () => {
		const host = new Host();
		await host.open(key).save(checkpoint);
		host.staticData = { written: 'by a node' };
		const second = host.open(key, 'init');
		expect(second.load()).toEqual(checkpoint);
		expect(second.lost).toBe(false);
	});

	it('survives a journal that is gone, as on another host', async () => {
		const host = new Host();
		await host.open(key).save(checkpoint);
		host.journals.clear();
		const second = host.open(key, 'leadershipChange');
		expect(second.load()).toEqual(checkpoint);
		expect(second.lost).toBe(false);
	});

	it('is the one with the higher revision where the copies differ, wherever it lies', async () => {
		const host = new Host();
		await host.open(key).save(checkpoint);
		const staleStaticData = host.staticData;
		await host.open(key).save({ ...checkpoint, revision: 6 });
		const staleJournal = host.journals.get(key);
		await host.open(key).save({ ...checkpoint, revision: 7 });

		const newStaticData = host.staticData;
		host.staticData = staleStaticData;
		expect(host.open(key, 'init').load()?.revision).toBe(7);
		host.staticData = newStaticData;
		host.journals.set(key, staleJournal);
		expect(host.open(key, 'init').load()?.revision).toBe(7);
	});

	it.each([
		['malformed', { startedAt: 1, checkpoint: { uidValidity: 7, frontier: 'x' } }],
		['text', 'not an object'],
		['of another shape', { frontier: 3 }],
	])('is taken from the static data where the journal is %s', async (_name, content) => {
		const host = new Host();
		await host.open(key).save(checkpoint);
		host.journals.set(key, content);
		expect(host.open(key, 'init').load()).toEqual(checkpoint);
	});

	it('is kept in the static data alone where no journal can be written', async () => {
		const host = new Host();
		host.journalIsWritable = false;
		await host.open(key).save(checkpoint);
		expect(host.open(key, 'init').load()).toEqual(checkpoint);
	});

	it('leaves to the journal what would burden the database of n8n', async () => {
		const host = new Host();
		const finished = Array.from({ length: 2_000 }, (_, index) => `digest ${index}`);
		const driverMemory = { uidls: 'x'.repeat(100_000) };
		await host.open(key).save({ ...checkpoint, finished, driverMemory });
		expect(JSON.stringify(host.staticData).length).toBeLessThan(4_000);
		expect(host.open(key, 'init').load()).toEqual({ ...checkpoint, finished, driverMemory });
		host.journals.clear();
		expect(host.open(key, 'init').load()?.finished).toEqual(finished.slice(-100));
	});

	it('is another one for another node, account or folder', async () => {
		const host = new Host();
		await host.open(key).save(checkpoint);
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

	it('does not count as lost after a restart before the folder could be opened for the first time', () => {
		const host = new Host();
		const first = host.open(key);
		const second = host.open(key, 'init');
		expect(second.lost).toBe(false);
		expect(second.startedAt).toBe(first.startedAt);
	});

	it('does not count as lost where the node remembers another account or folder: this one is new', () => {
		const host = new Host();
		host.open(toWatchKey({ nodeId: 'n1', account: 'imap://a@typo:993', folder: 'INBOX' }));
		expect(host.open(key, 'init').lost).toBe(false);
		const another = toWatchKey({ nodeId: 'n2', account: 'imap://a@b:993', folder: 'INBOX' });
		expect(host.open(another, 'init').lost).toBe(true);
	});

	it('is quick to save for a mailbox with 50,000 scattered mails to do', async () => {
		const open = Array.from(
			{ length: 50_000 },
			(_, index) => [2 * index + 1, 2 * index + 1] as const,
		);
		const store = new Host().open(key);
		const began = performance.now();
		for (let count = 0; count < 10; count++) await store.save({ ...checkpoint, open });
		expect((performance.now() - began) / 10).toBeLessThan(500);
	});

	it('counts as lost, and is not followed, when both copies are malformed', () => {
		const host = new Host();
		const broken = { startedAt: 1, checkpoint: { uidValidity: 7, frontier: 'x' } };
		host.staticData[key] = broken;
		host.journals.set(key, broken);
		const store = host.open(key, 'init');
		expect(store.load()).toBeUndefined();
		expect(store.lost).toBe(true);
	});
});
