import fc from 'fast-check';
import { UidSet } from '../../../mail/inbox/uid-set';

const operation = fc.oneof(
	fc.record({ kind: fc.constant('add' as const), uid: fc.integer({ min: 1, max: 60 }) }),
	fc.record({ kind: fc.constant('delete' as const), uid: fc.integer({ min: 1, max: 60 }) }),
	fc.record({
		kind: fc.constant('range' as const),
		uid: fc.integer({ min: 1, max: 60 }),
		length: fc.integer({ min: 0, max: 20 }),
	}),
);

describe('UidSet', () => {
	it('behaves like a plain set of numbers under any operations', () => {
		fc.assert(
			fc.property(fc.array(operation), (operations) => {
				const set = new UidSet();
				const model = new Set<number>();
				for (const step of operations) {
					if (step.kind === 'add') {
						set.add(step.uid);
						model.add(step.uid);
					} else if (step.kind === 'delete') {
						set.delete(step.uid);
						model.delete(step.uid);
					} else {
						set.addRange(step.uid, step.uid + step.length);
						for (let uid = step.uid; uid <= step.uid + step.length; uid++) model.add(uid);
					}
				}
				const expected = [...model].sort((a, b) => a - b);
				expect([...set.values()]).toEqual(expected);
				expect(set.size).toBe(expected.length);
				for (let uid = 0; uid < 90; uid++) expect(set.has(uid)).toBe(model.has(uid));
				expect([...UidSet.fromRanges(set.toRanges()).values()]).toEqual(expected);
			}),
		);
	});

	it('holds neighbours as one range', () => {
		const set = new UidSet();
		for (const uid of [3, 1, 2, 7, 5, 6]) set.add(uid);
		expect(set.toRanges()).toEqual([
			[1, 3],
			[5, 7],
		]);
	});
});
