import fc from 'fast-check';
import { FINISHED_DIGESTS } from '../../../mail/limits';
import type { Checkpoint } from '../../../mail/inbox/checkpoint';
import { Ledger } from '../../../mail/inbox/ledger';
import type { OpenMail } from '../../../mail/inbox/open-mail';

const empty: Checkpoint = {
	revision: 0,
	uidValidity: '1',
	frontier: 1,
	open: [],
	mails: [],
	executions: [],
	newestReceivedAt: 0,
	finished: [],
};
const NOW = 1_000_000;

/** The process was killed; another one reads its last checkpoint. */
const restart = (ledger: Ledger) =>
	new Ledger(JSON.parse(JSON.stringify(ledger.toCheckpoint(undefined))));

/** A ledger that has discovered these UIDs. */
function ledgerOf(...uids: number[]): Ledger {
	const ledger = new Ledger(empty);
	ledger.discover(uids);
	return ledger;
}

function give(ledger: Ledger, key: string, ...uids: number[]): OpenMail[] {
	const mails = ledger.beginReading(uids);
	ledger.give(mails, key);
	ledger.endReading(mails, false, NOW);
	return mails;
}

const due = (ledger: Ledger, now = NOW) => ledger.nextDue(10, now);

describe('a ledger', () => {
	it('has each discovered mail due exactly until it is finished', () => {
		const ledger = ledgerOf(4, 7, 9);
		expect(due(ledger)).toEqual([4, 7, 9]);
		const [four] = give(ledger, 'a', 4);
		expect(due(ledger)).toEqual([7, 9]);
		if (four !== undefined) ledger.finish(four);
		ledger.finish(ledger.mail(9));
		expect(due(ledger)).toEqual([7]);
		expect(ledger.frontier).toBe(10);
	});

	it('ignores mails below the frontier, as IMAP returns the last mail for any open range', () => {
		const ledger = new Ledger({ ...empty, frontier: 10 });
		ledger.discover([9]);
		expect(due(ledger)).toEqual([]);
	});

	it('has a mail due neither while it is read nor while an execution has it nor when that has ended', () => {
		const ledger = ledgerOf(1);
		const mails = ledger.beginReading([1]);
		expect(due(ledger)).toEqual([]);
		ledger.give(mails, 'a');
		expect(due(ledger)).toEqual([]);
		ledger.end(mails);
		expect(due(ledger)).toEqual([]);
		expect(ledger.ended).toEqual(mails);
	});

	it('has a mail due again that was read and not given, and thinks no worse of it', () => {
		const ledger = ledgerOf(1, 2);
		const mails = ledger.beginReading([1, 2]);
		ledger.endReading(mails, false, NOW);
		expect(due(ledger)).toEqual([1, 2]);
		expect(ledger.mails).toEqual([]);
	});

	it('has each mail due by itself that the connection ended with', () => {
		const ledger = ledgerOf(1, 2);
		ledger.endReading(ledger.beginReading([1, 2]), true, NOW);
		ledger.discover([3]);
		expect(due(ledger, NOW + 60_000)).toHaveLength(1);
		expect(ledger.mail(1).losses).toBe(1);
	});

	it('has a mail due again that needs another execution, not before its time', () => {
		const ledger = ledgerOf(1, 2, 3);
		ledger.retry(give(ledger, 'a', 1, 2), NOW + 5);
		expect(due(ledger)).toEqual([3]);
		expect(ledger.nextRetryAt(NOW)).toBe(NOW + 5);
		expect(due(ledger, NOW + 5)).toEqual([1, 2, 3]);
	});

	it('has a mail due by itself that several executions were interrupted with', () => {
		const ledger = ledgerOf(1, 2, 3);
		ledger.retry(give(ledger, 'a', 1, 2), 0);
		ledger.retry(give(ledger, 'b', 1, 2), 0);
		expect(due(ledger)).toEqual([1]);
	});

	it('does not count an attempt whose execution never began', () => {
		const ledger = ledgerOf(1);
		ledger.takeBack(give(ledger, 'a', 1));
		expect(due(ledger)).toEqual([1]);
		expect(ledger.mail(1).attempts).toBe(0);
	});

	it('remembers over a restart which executions have which mails', () => {
		const first = ledgerOf(1, 2, 3, 4);
		first.end(give(first, 'a', 1));
		give(first, 'b', 2, 3);
		const second = restart(first);
		expect(due(second)).toEqual([4]);
		expect(second.ended.map(({ uid }) => uid)).toEqual([1]);
		expect(second.orphans).toMatchObject([{ key: 'b', mails: [{ uid: 2 }, { uid: 3 }] }]);
	});

	it('has an execution of an earlier process until it is settled, also over another restart', () => {
		const first = ledgerOf(1);
		give(first, 'a', 1);
		const third = restart(restart(first));
		const [orphan] = third.orphans;
		if (orphan === undefined) throw new Error('the execution is forgotten');
		third.end(orphan.mails);
		third.settle(orphan);
		expect(third.orphans).toEqual([]);
		expect(restart(third).orphans).toEqual([]);
	});

	it('holds it against a mail that the process ended while it was read', () => {
		const first = ledgerOf(1);
		first.beginReading([1]);
		const second = restart(first);
		expect(second.mail(1)).toMatchObject({ phase: 'due', losses: 1 });
	});

	it('has a mail due that an execution was to have, of which nothing is known', () => {
		const ledger = new Ledger({
			...empty,
			frontier: 2,
			open: [[1, 1]],
			mails: [{ uid: 1, phase: 'given', attempts: 1, faults: 0, losses: 0 }],
		});
		expect(due(ledger)).toEqual([1]);
	});

	it('forgets an execution whose mails are all gone from the mailbox', () => {
		const ledger = ledgerOf(1);
		give(ledger, 'a', 1);
		ledger.rebase('2', 1, new Map(), []);
		const second = restart(ledger);
		for (const orphan of second.orphans) second.settle(orphan);
		expect(restart(second).orphans).toEqual([]);
	});

	it('notes a finished mail once, however often it is told', () => {
		const ledger = ledgerOf(1);
		const [mail] = give(ledger, 'a', 1);
		if (mail === undefined) throw new Error('no mail was given');
		mail.digest = 'digest';
		ledger.finish(mail);
		ledger.finish(mail);
		expect(ledger.finishedDigests).toEqual(['digest']);
	});

	it('remembers no more finished mails than the limit', () => {
		const uids = Array.from({ length: FINISHED_DIGESTS + 10 }, (_, index) => index + 1);
		const ledger = ledgerOf(...uids);
		for (const uid of uids) {
			const mail = ledger.mail(uid);
			mail.digest = `digest ${uid}`;
			ledger.finish(mail);
		}
		expect(ledger.finishedDigests).toHaveLength(FINISHED_DIGESTS);
		expect(ledger.finishedDigests.at(-1)).toBe(`digest ${FINISHED_DIGESTS + 10}`);
		expect(JSON.stringify(ledger.toCheckpoint(undefined)).length).toBeLessThan(100_000);
	});

	it('gives each checkpoint a higher revision, and a later process a higher one than an earlier', () => {
		jest.useFakeTimers({ now: 1_700_000_000_000 });
		const first = ledgerOf(1);
		const revisions = [1, 2, 3].map(() => first.toCheckpoint(undefined).revision);
		expect(new Set(revisions).size).toBe(3);
		expect(revisions).toEqual([...revisions].sort((a, b) => a - b));

		// Another host takes over with an older copy and writes only once: it is the newer one all the same.
		const other = new Ledger({ ...empty, revision: revisions[0] ?? 0 });
		jest.setSystemTime(1_700_000_010_000);
		expect(other.toCheckpoint(undefined).revision).toBeGreaterThan(revisions[2] ?? Infinity);
		jest.useRealTimers();
	});
});

describe('a ledger over a change of UIDVALIDITY', () => {
	it('leads an execution under way to the new UID of its mail', () => {
		const ledger = ledgerOf(5, 6);
		const [mail] = give(ledger, 'a', 5);
		if (mail === undefined) throw new Error('no mail was given');
		ledger.rebase('2', 4, new Map([[mail, 1]]), [2, 3]);
		expect(ledger.uidValidity).toBe('2');
		expect(due(ledger)).toEqual([2, 3]);
		ledger.end([mail]);
		expect(ledger.ended.map(({ uid }) => uid)).toEqual([1]);
		ledger.finish(mail);
		expect(due(ledger)).toEqual([2, 3]);
	});

	it('leaves a mail that was not found again to its execution alone', () => {
		const ledger = ledgerOf(5);
		const [mail] = give(ledger, 'a', 5);
		if (mail === undefined) throw new Error('no mail was given');
		mail.digest = 'digest';
		ledger.rebase('2', 1, new Map(), []);
		expect(due(ledger)).toEqual([]);
		ledger.end([mail]);
		ledger.finish(mail);
		expect(ledger.finishedDigests).toEqual(['digest']);
	});
});

describe('whatever happens in whatever order', () => {
	const pick = fc.nat();
	const step = fc.oneof(
		{ weight: 4, arbitrary: fc.constant({ kind: 'arrive' as const, pick: 0 }) },
		{ weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), pick }) },
		{ weight: 4, arbitrary: fc.record({ kind: fc.constant('give' as const), pick }) },
		{ weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), pick }) },
		{ weight: 3, arbitrary: fc.record({ kind: fc.constant('finish' as const), pick }) },
		fc.record({ kind: fc.constant('retry' as const), pick }),
		fc.record({ kind: fc.constant('takeBack' as const), pick }),
		fc.record({ kind: fc.constant('lose' as const), pick }),
		fc.record({ kind: fc.constant('expunge' as const), pick }),
		fc.record({ kind: fc.constant('settle' as const), pick }),
		fc.constant({ kind: 'crash' as const, pick: 0 }),
		fc.constant({ kind: 'rebase' as const, pick: 0 }),
	);

	/** A mail as a naive observer knows it, by the name that it keeps when its UID changes. */
	interface Known {
		readonly name: string;
		uid: number;
		state: 'waiting' | 'reading' | 'given' | 'ended' | 'finished' | 'gone';
		execution: string | undefined;
	}

	/** The ledger beside a model that knows everything and is never killed. */
	class World {
		ledger = new Ledger(empty);
		readonly all: Known[] = [];
		#nextUid = 1;
		#validity = 1;
		#executions = 0;
		#reading: OpenMail[] = [];

		of(state: Known['state']): Known[] {
			return this.all.filter((known) => known.state === state);
		}

		mailOf({ uid }: Known): OpenMail {
			return this.ledger.mail(uid);
		}

		arrive(): void {
			const uid = this.#nextUid++;
			const name = `mail ${this.all.length}`;
			this.all.push({ name, uid, state: 'waiting', execution: undefined });
			this.ledger.discover([uid]);
		}

		read(count: number): void {
			if (this.#reading.length > 0) return;
			const uids = this.ledger.nextDue(count, NOW);
			this.#reading = this.ledger.beginReading(uids);
			for (const uid of uids) {
				const known = this.all.find((other) => other.uid === uid && other.state !== 'gone');
				// None that is given, ended or finished may come up here.
				expect(known?.state).toBe('waiting');
				if (known !== undefined) known.state = 'reading';
				this.ledger.mail(uid).digest = known?.name;
			}
		}

		give(choice: number): void {
			const read = this.of('reading');
			const some = read.slice(0, 1 + (choice % Math.max(1, read.length)));
			if (some.length === 0) return;
			const key = `execution ${this.#executions++}`;
			this.ledger.give(
				some.map((known) => this.mailOf(known)),
				key,
			);
			for (const known of some) Object.assign(known, { state: 'given', execution: key });
		}

		endReading(isLost: boolean): void {
			this.ledger.endReading(this.#reading, isLost, NOW);
			this.#reading = [];
			for (const known of this.of('reading')) known.state = 'waiting';
		}

		/** What becomes of one execution of this process. */
		land(choice: number, kind: 'end' | 'retry' | 'takeBack'): void {
			const keys = [...new Set(this.of('given').map(({ execution }) => execution))];
			const key = keys[choice % Math.max(1, keys.length)];
			const its = this.of('given').filter(({ execution }) => execution === key);
			const mails = its.map((known) => this.mailOf(known));
			if (kind === 'end') this.ledger.end(mails);
			if (kind === 'retry') this.ledger.retry(mails, 0);
			if (kind === 'takeBack') this.ledger.takeBack(mails);
			for (const known of its) known.state = kind === 'end' ? 'ended' : 'waiting';
		}

		finish(choice: number): void {
			const ended = this.of('ended');
			const known = ended[choice % Math.max(1, ended.length)];
			if (known === undefined) return;
			this.ledger.finish(this.mailOf(known));
			known.state = 'finished';
		}

		expunge(choice: number): void {
			const some = [...this.of('waiting'), ...this.of('reading')];
			const known = some[choice % Math.max(1, some.length)];
			if (known === undefined) return;
			this.#reading = this.#reading.filter(({ uid }) => uid !== known.uid);
			this.ledger.drop(known.uid);
			known.state = 'gone';
		}

		settle(choice: number): void {
			const { orphans } = this.ledger;
			const orphan = orphans[choice % Math.max(1, orphans.length)];
			if (orphan === undefined) return;
			const its = orphan.mails.filter(({ phase }) => phase === 'given');
			const end = choice % 2 === 0;
			if (end) this.ledger.end(its);
			else this.ledger.retry(its, 0);
			this.ledger.settle(orphan);
			for (const known of this.of('given')) {
				if (known.execution === orphan.key) known.state = end ? 'ended' : 'waiting';
			}
		}

		crash(): void {
			this.ledger = restart(this.ledger);
			this.#reading = [];
			for (const known of this.of('reading')) known.state = 'waiting';
		}

		/** The mailbox is built anew, in the opposite order; every mail is recognised. */
		rebase(): void {
			this.endReading(true);
			const found = new Map<OpenMail, number>();
			const fresh: number[] = [];
			const living = this.all.filter(({ state }) => state !== 'gone').reverse();
			const records = new Map(living.map((known) => [known, this.find(known.uid)]));
			living.forEach((known, index) => {
				const record = known.state === 'finished' ? undefined : records.get(known);
				known.uid = index + 1;
				if (record !== undefined) found.set(record, known.uid);
				else if (known.state === 'waiting') fresh.push(known.uid);
			});
			this.#nextUid = living.length + 1;
			this.ledger.rebase(String(++this.#validity), this.#nextUid, found, fresh);
		}

		find(uid: number): OpenMail | undefined {
			return this.ledger.mails.find((mail) => mail.uid === uid);
		}
	}

	it('no mail is lost, none is given twice at a time, and no finished one comes up again', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
				const world = new World();
				for (const action of steps) {
					switch (action.kind) {
						case 'arrive':
							world.arrive();
							break;
						case 'read':
							world.read(1 + (action.pick % 3));
							break;
						case 'give':
							world.give(action.pick);
							world.endReading(false);
							break;
						case 'lose':
							world.endReading(true);
							break;
						case 'end':
						case 'retry':
						case 'takeBack':
							world.land(action.pick, action.kind);
							break;
						case 'finish':
							world.finish(action.pick);
							break;
						case 'expunge':
							world.expunge(action.pick);
							break;
						case 'settle':
							world.settle(action.pick);
							break;
						case 'crash':
							world.crash();
							break;
						case 'rebase':
							world.rebase();
					}
				}
				world.endReading(false);
				// Everything that waits comes up, lowest first, once all pauses are over.
				const seen: number[] = [];
				for (;;) {
					const next = world.ledger.nextDue(1_000, Infinity);
					if (next.length === 0) break;
					seen.push(...next);
					for (const uid of next) world.ledger.finish(world.ledger.mail(uid));
				}
				const waiting = world.of('waiting').map(({ uid }) => uid);
				expect([...seen].sort((a, b) => a - b)).toEqual(waiting.sort((a, b) => a - b));
				const held = [...world.of('given'), ...world.of('ended')].map(({ uid }) => uid);
				expect(world.ledger.mails.map(({ uid }) => uid).sort()).toEqual(held.sort());
			}),
			{ numRuns: 500 },
		);
	});
});
