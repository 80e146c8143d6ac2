import fc from 'fast-check';
import { Ledger } from '../../../mail/inbox/ledger';

const nothingHeld = () => false;
const empty = {
	uidValidity: '1',
	frontier: 1,
	open: [],
	given: [],
	executions: [],
	newestReceivedAt: 0,
};
const received = new Date('2026-01-01T00:00:00Z');

describe('Ledger', () => {
	it('has each discovered mail due exactly until it is finished', () => {
		const ledger = new Ledger(empty);
		ledger.discover([4, 7, 9]);
		expect(ledger.nextDue(10, nothingHeld)).toEqual([4, 7, 9]);
		ledger.give(4, received);
		expect(ledger.nextDue(10, nothingHeld)).toEqual([7, 9]);
		ledger.finish(4);
		ledger.finish(9);
		expect(ledger.nextDue(10, nothingHeld)).toEqual([7]);
		expect(ledger.frontier).toBe(10);
	});

	it('ignores mails below the frontier, as IMAP returns the last mail for any open range', () => {
		const ledger = new Ledger({ ...empty, frontier: 10 });
		ledger.discover([9]);
		expect(ledger.dueCount).toBe(0);
	});

	it('counts a new attempt when the process that gave a mail has died', () => {
		const first = new Ledger(empty);
		first.discover([1]);
		expect(first.give(1, received)).toBe(1);
		const second = new Ledger(first.toCheckpoint());
		expect(second.wasGiven(1)).toBe(true);
		expect(second.give(1, received)).toBe(2);
	});

	it('does not count an attempt whose execution never began', () => {
		const ledger = new Ledger(empty);
		ledger.discover([1]);
		ledger.give(1, received);
		ledger.takeBack(1);
		expect(ledger.nextDue(10, nothingHeld)).toEqual([1]);
		expect(ledger.give(1, received)).toBe(1);
	});

	it('asks for the executions of a dead process again, with the same mails, attempts and keys', () => {
		const first = new Ledger(empty);
		first.discover([1, 2, 3, 4]);
		for (const uid of [1, 2, 3]) first.give(uid, received);
		first.note({ key: 'a', uids: [1] });
		first.note({ key: 'b', uids: [2, 3] });
		first.finish(1);
		const second = new Ledger(first.toCheckpoint());
		second.repeatExecutions();
		expect(second.nextDue(10, nothingHeld)).toEqual([4]);
		expect(second.nextRepeat((uid) => uid === 3)).toBeUndefined();
		expect(second.nextRepeat(nothingHeld)).toEqual({ key: 'b', uids: [2, 3] });
		expect(second.give(2, received)).toBe(1);
		expect(second.give(3, received)).toBe(1);
		second.note({ key: 'b', uids: [2, 3] });
		expect(second.nextRepeat(nothingHeld)).toBeUndefined();
	});

	it('remembers what is to be asked for again until it was, also over another restart', () => {
		const first = new Ledger(empty);
		first.discover([1]);
		first.give(1, received);
		first.note({ key: 'a', uids: [1] });
		const second = new Ledger(first.toCheckpoint());
		second.repeatExecutions();
		const third = new Ledger(second.toCheckpoint());
		third.repeatExecutions();
		expect(third.nextRepeat(nothingHeld)).toEqual({ key: 'a', uids: [1] });
		third.finish(1);
		expect(third.nextRepeat(nothingHeld)).toBeUndefined();
	});

	it('loses no mail and gives none twice at a time, whatever happens in whatever order', () => {
		const step = fc.oneof(
			fc.constant({ kind: 'arrive' as const }),
			fc.constant({ kind: 'give' as const }),
			fc.record({ kind: fc.constant('finish' as const), pick: fc.nat() }),
			fc.record({ kind: fc.constant('takeBack' as const), pick: fc.nat() }),
			fc.constant({ kind: 'crash' as const }),
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				let ledger = new Ledger(empty);
				let nextUid = 1;
				let inFlight: number[] = [];
				const finished = new Set<number>();
				for (const action of steps) {
					if (action.kind === 'arrive') ledger.discover([nextUid++]);
					if (action.kind === 'give') {
						const [uid] = ledger.nextDue(1, nothingHeld);
						if (uid === undefined) continue;
						expect(inFlight).not.toContain(uid);
						expect(finished).not.toContain(uid);
						ledger.give(uid, received);
						inFlight.push(uid);
					}
					if (action.kind === 'finish' || action.kind === 'takeBack') {
						const uid = inFlight[action.pick % Math.max(1, inFlight.length)];
						if (uid === undefined) continue;
						inFlight = inFlight.filter((other) => other !== uid);
						if (action.kind === 'takeBack') ledger.takeBack(uid);
						else {
							ledger.finish(uid);
							finished.add(uid);
						}
					}
					if (action.kind === 'crash') {
						ledger = new Ledger(JSON.parse(JSON.stringify(ledger.toCheckpoint())));
						inFlight = [];
					}
				}
				const due = ledger.nextDue(1000, nothingHeld);
				const all = Array.from({ length: nextUid - 1 }, (_, index) => index + 1);
				expect([...due, ...inFlight, ...finished].sort((a, b) => a - b)).toEqual(all);
			}),
		);
	});
});
