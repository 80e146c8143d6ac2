import { INTERRUPTIONS } from '../../../mail/limits';
import { failed, settle, succeeded, useWatchHost } from '../../support/watch-host';

const at = useWatchHost();

async function deliver(...subjects: string[]): Promise<void> {
	for (const subject of subjects) {
		await settle(1_000);
		at.mailbox.deliver(subject);
	}
	await settle();
}

const read = () => at.mailbox.subjectsWith('\\Seen');
const reconnect = async () => await settle(60_000);

describe('a mailbox that was built anew', () => {
	it('while nothing is under way, repeats and loses nothing', async () => {
		at.host.watch(at.mailbox);
		await settle();
		await deliver('one', 'two');
		at.mailbox.rebuild();
		await deliver('three');
		await reconnect();
		expect(at.host.subjects).toEqual(['one', 'two', 'three']);
	});

	it('while executions are under way, leads their marks to the new UIDs', async () => {
		at.host.holdExecutions = true;
		at.host.watch(at.mailbox);
		await settle();
		await deliver('gone before', 'one', 'two');
		at.mailbox.expunge(1);
		at.mailbox.rebuild();
		await reconnect();
		expect(at.host.given).toHaveLength(3);
		for (const end of at.host.ends) end(succeeded);
		await settle();
		expect(read()).toEqual(['one', 'two']);
		expect(at.host.given).toHaveLength(3);
		expect(at.host.checkpoint?.open).toEqual([]);
	});

	it('while executions are under way, takes no old unread mail for new', async () => {
		for (let count = 0; count < 50; count++) {
			at.mailbox.deliver(`old ${count}`, { receivedAt: new Date(Date.now() - 40 * 86_400_000) });
		}
		at.host.holdExecutions = true;
		at.host.watch(at.mailbox);
		await settle();
		await deliver('order');
		at.mailbox.rebuild();
		await reconnect();
		expect(at.host.subjects).toEqual(['order']);
	});

	it('while a backlog waits, loses none of it', async () => {
		at.host.holdExecutions = true;
		at.host.watch(at.mailbox);
		await settle();
		for (let count = 0; count < 30; count++) await deliver(`mail ${count}`);
		at.mailbox.rebuild();
		await reconnect();
		at.host.holdExecutions = false;
		for (const end of at.host.ends) end(succeeded);
		await settle(60_000);
		expect(at.host.given).toHaveLength(30);
		expect(new Set(at.host.subjects).size).toBe(30);
		expect(read()).toHaveLength(30);
	});

	it('while a mail waits for its next attempt, goes on with that attempt', async () => {
		at.host.toEnd = () => failed;
		at.host.watch(at.mailbox, { acknowledge: 'succeeded' });
		await settle();
		await deliver('guilty');
		await settle(6_000);
		at.mailbox.rebuild();
		await settle(10 * 60_000);
		expect(at.host.attempts).toEqual([1, 2, 3, 4]);
		expect(new Set(at.host.given.map(({ deliveryId }) => deliveryId)).size).toBe(1);
		expect(at.host.given.at(-1)?.problem?.code).toBe('message.givenUp');
	});

	it('and a process that was killed before it, repeat only what nobody can know of', async () => {
		at.host.holdExecutions = true;
		at.host.watch(at.mailbox);
		await settle();
		await deliver('done', 'under way');
		at.host.ends[0]?.(succeeded);
		await settle();
		at.host.records.set(at.host.keys[1] ?? '', 'underWay');
		at.mailbox.rebuild();
		at.host.watchAfterKill(at.mailbox);
		await settle(10_000);
		expect(at.host.subjects).toEqual(['done', 'under way']);
		at.host.records.set(at.host.keys[1] ?? '', 'finished');
		await settle(10_000);
		expect(at.host.subjects).toEqual(['done', 'under way']);
		expect(read()).toEqual(['done', 'under way']);
	});

	it('again and again, repeats nothing', async () => {
		at.host.watch(at.mailbox, { afterProcessing: { kind: 'nothing' } });
		await settle();
		for (let round = 0; round < 5; round++) {
			await deliver(`mail ${round}`);
			at.mailbox.rebuild();
			await reconnect();
		}
		expect(at.host.subjects).toEqual(['mail 0', 'mail 1', 'mail 2', 'mail 3', 'mail 4']);
	});

	it('does not hide the second of two mails with one Message-ID', async () => {
		const twin = { messageId: '<twin@example.com>', receivedAt: new Date(Date.now() + 5_000) };
		at.host.watch(at.mailbox);
		await settle();
		at.mailbox.deliver('twin', twin);
		await settle();
		at.mailbox.deliver('twin', twin);
		at.mailbox.rebuild();
		await reconnect();
		expect(at.host.given).toHaveLength(2);
		at.mailbox.rebuild();
		await reconnect();
		expect(at.host.given).toHaveLength(2);
		expect(read()).toHaveLength(2);
	});

	it('repeats no mail without a Message-ID', async () => {
		at.host.watch(at.mailbox, { afterProcessing: { kind: 'nothing' } });
		await settle();
		at.mailbox.deliver('nameless', { messageId: '' });
		await settle(2_000);
		at.mailbox.deliver('nameless', { messageId: '' });
		await settle();
		at.mailbox.rebuild();
		await deliver('new');
		await reconnect();
		expect(at.host.subjects).toEqual(['nameless', 'nameless', 'new']);
	});

	it('with other times of arrival, repeats nothing that was processed', async () => {
		at.host.watch(at.mailbox, { afterProcessing: { kind: 'nothing' } });
		await settle();
		await deliver('one', 'two');
		const restoredAt = new Date(Date.now() + 2 * 86_400_000);
		at.mailbox.rebuild(({ receivedAt }) => ({ receivedAt: restoredAt, sentAt: receivedAt }));
		await deliver('three');
		await reconnect();
		expect(at.host.subjects).toEqual(['one', 'two', 'three']);
	});

	it('with the UIDVALIDITY of before, as a restored backup has it, is recognised by its lower UIDs', async () => {
		at.host.watch(at.mailbox);
		await settle();
		await deliver('gone one', 'gone two', 'order');
		at.mailbox.expunge(1);
		at.mailbox.expunge(2);
		at.mailbox.rebuild(undefined, at.mailbox.uidValidity);
		at.mailbox.deliver('new one', { receivedAt: new Date(Date.now() + 1_000) });
		await reconnect();
		await deliver('new two');
		await settle(60_000);
		expect(at.host.subjects).toEqual(['gone one', 'gone two', 'order', 'new one', 'new two']);
		// A host refuses a second execution under a key that it knows.
		expect(new Set(at.host.keys).size).toBe(5);
		expect(new Set(at.host.given.map(({ deliveryId }) => deliveryId)).size).toBe(5);
	});

	it('and is empty, is no reason to stop', async () => {
		at.host.watch(at.mailbox);
		await settle();
		await deliver('one');
		at.mailbox.mails.length = 0;
		at.mailbox.rebuild();
		await reconnect();
		await deliver('two');
		await settle(60_000);
		expect(at.host.subjects).toEqual(['one', 'two']);
	});

	it('does not hide a mail that came in the same second as the newest one', async () => {
		const second = 1_000 * Math.ceil(Date.now() / 1_000);
		at.host.watch(at.mailbox);
		await settle();
		at.mailbox.deliver('one', { receivedAt: new Date(second) });
		await settle();
		at.mailbox.cutConnections();
		at.mailbox.deliver('two', { receivedAt: new Date(second) });
		at.mailbox.rebuild();
		await reconnect();
		expect(at.host.subjects).toEqual(['one', 'two']);
	});

	it('while the connection fails in the middle of looking, is looked at again', async () => {
		at.host.watch(at.mailbox);
		await settle();
		await deliver('one');
		at.mailbox.rebuild();
		await deliver('two');
		let cuts = 3;
		at.mailbox.onCommand = (name, step) => {
			if (name === 'fetchHeads' && step === 'begins' && cuts-- > 0) at.mailbox.cutConnections();
		};
		await settle(10 * 60_000);
		expect(at.host.subjects).toEqual(['one', 'two']);
	});
});

it('an execution that is interrupted after the mailbox was built anew is repeated', async () => {
	at.host.holdExecutions = true;
	at.host.watch(at.mailbox);
	await settle();
	await deliver('order');
	at.mailbox.rebuild();
	await reconnect();
	at.host.holdExecutions = false;
	at.host.ends[0]?.({ kind: 'interrupted' });
	await settle(60_000);
	expect(at.host.attempts).toEqual([1, 2]);
	expect(at.host.attempts.length).toBeLessThan(INTERRUPTIONS);
	expect(read()).toEqual(['order']);
});
