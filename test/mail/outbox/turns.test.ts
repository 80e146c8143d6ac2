import { Turns } from '../../../mail/outbox/turns';

async function settle(): Promise<void> {
	for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

describe('turns', () => {
	it('are taken by a few at a time, in the order in which they were asked for', async () => {
		const turns = new Turns(2);
		const begun: string[] = [];
		for (const name of ['a', 'b', 'c', 'd']) void turns.take().then(() => begun.push(name));
		await settle();
		expect(begun).toEqual(['a', 'b']);
		turns.give();
		await settle();
		expect(begun).toEqual(['a', 'b', 'c']);
		turns.give();
		turns.give();
		turns.give();
		await settle();
		expect(begun).toEqual(['a', 'b', 'c', 'd']);
		await turns.take();
		await turns.take();
		begun.length = 0;
		void turns.take().then(() => begun.push('e'));
		await settle();
		expect(begun).toEqual([]);
	});
});
