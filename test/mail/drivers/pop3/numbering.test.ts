import fc from 'fast-check';
import { Numbering } from '../../../../mail/drivers/pop3/numbering';

const reload = (numbering: Numbering): Numbering =>
	new Numbering(JSON.parse(JSON.stringify(numbering.toMemory())));

describe('the numbers of a maildrop', () => {
	it('ascend in the order of the listing, and stay', () => {
		const numbering = new Numbering();
		expect(numbering.assign(['x', 'a', 'm'])).toEqual([1, 2, 3]);
		expect(numbering.assign(['new', 'm', 'x'])).toEqual([4, 3, 1]);
		expect(numbering.next).toBe(5);
		expect(numbering.nameOf(3)).toBe('m');
		expect(numbering.numberOf('x')).toBe(1);
	});

	it('are the same after a restart', () => {
		const numbering = new Numbering();
		numbering.assign(['a', 'b', 'c']);
		const again = reload(numbering);
		expect(again.assign(['b', 'c', 'd'])).toEqual([2, 3, 4]);
		expect(again.epoch).toBe(numbering.epoch);
	});

	it('forget what is no longer on the server, and never use a number twice', () => {
		const numbering = new Numbering();
		numbering.assign(['a', 'b', 'c']);
		numbering.assign(['a']);
		expect(numbering.toMemory().names).toEqual([[1, 'a']]);
		expect(numbering.assign(['a', 'c'])).toEqual([1, 4]);
		numbering.forget([1, 4, 77]);
		expect(reload(numbering).assign(['a'])).toEqual([5]);
	});

	it('begin another epoch where the memory is lost or damaged', () => {
		const { epoch, next, names } = toMemoryOf(['a', 'b']);
		for (const damaged of [
			undefined,
			null,
			'text',
			{ next, names },
			{ epoch: '0', next, names },
			{ epoch, next: 1, names },
			{
				epoch,
				next,
				names: [
					[1, 'a'],
					[1, 'b'],
				],
			},
			{ epoch, next, names: [[1, 2]] },
			{ epoch, next, names: [1] },
			{ epoch, next: 1.5, names: [] },
		]) {
			const numbering = new Numbering(damaged);
			expect(numbering.toMemory().names).toEqual([]);
			expect(numbering.epoch).not.toBe(epoch);
		}
	});

	it('begin another epoch where the maildrop was rebuilt: not one of the names is left', () => {
		const numbering = new Numbering(toMemoryOf(['a', 'b']));
		const { epoch } = numbering;
		expect(numbering.assign(['A', 'B', 'C'])).toEqual([1, 2, 3]);
		expect(numbering.epoch).not.toBe(epoch);
	});

	it('go on where the maildrop was emptied, or changes altogether while it is watched', () => {
		const numbering = new Numbering(toMemoryOf(['a', 'b']));
		const { epoch } = numbering;
		expect(numbering.assign([])).toEqual([]);
		expect(numbering.assign(['c'])).toEqual([3]);
		expect(numbering.assign(['d'])).toEqual([4]);
		expect(numbering.epoch).toBe(epoch);
	});

	it('lose no mail where several have one name', () => {
		const numbering = new Numbering();
		expect(numbering.assign(['a', 'a', 'b'])).toEqual([1, 2, 3]);
		expect(reload(numbering).assign(['a', 'a', 'a', 'b'])).toEqual([1, 2, 4, 3]);
		// Nobody can say which one is left: it may be one that was never read.
		expect(numbering.assign(['a', 'b'])).toEqual([4, 3]);
	});

	it('know which one of several is left when we have deleted the other', () => {
		const numbering = new Numbering();
		numbering.assign(['a', 'a']);
		numbering.forget([1]);
		expect(numbering.assign(['a'])).toEqual([2]);
	});

	it('are all different, whatever the server lists', () => {
		const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 8 });
		fc.assert(
			fc.property(fc.array(names, { maxLength: 6 }), (listings) => {
				let numbering = new Numbering();
				for (const listing of listings) {
					const uids = numbering.assign(listing);
					expect(new Set(uids).size).toBe(listing.length);
					expect(uids.map((uid) => numbering.nameOf(uid))).toEqual(listing);
					expect(numbering.toMemory().names).toHaveLength(listing.length);
					expect(uids.every((uid) => uid < numbering.next)).toBe(true);
					numbering = reload(numbering);
				}
			}),
		);
	});
});

function toMemoryOf(names: readonly string[]) {
	const numbering = new Numbering();
	numbering.assign(names);
	return numbering.toMemory();
}
