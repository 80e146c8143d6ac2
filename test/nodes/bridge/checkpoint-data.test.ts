import { newerOf, parseStored } from '../../../nodes/bridge/checkpoint-data';

const mail = { uid: 3, phase: 'given', attempts: 1, faults: 0, losses: 0 };
const whole = {
	startedAt: 1,
	checkpoint: {
		revision: 1,
		uidValidity: '7',
		frontier: 4,
		open: [[3, 3]],
		mails: [mail],
		executions: [['key', [3]]],
		newestReceivedAt: 0,
		finished: [],
	},
};
const changed = (changes: object) => ({
	...whole,
	checkpoint: { ...whole.checkpoint, ...changes },
});

describe('a stored checkpoint', () => {
	it('comes back as it was written', () => {
		expect(parseStored(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
	});

	it('may be there without a checkpoint: the folder could not be opened yet', () => {
		expect(parseStored({ startedAt: 4 })).toEqual({ startedAt: 4 });
	});

	it.each([
		['a negative UID', changed({ frontier: -1 })],
		['an open range that is none', changed({ open: [[1]] })],
		['a phase that nobody knows', changed({ mails: [{ ...mail, phase: 'lost' }] })],
		['attempts that are no number', changed({ mails: [{ ...mail, attempts: '1' }] })],
		['an execution without UIDs', changed({ executions: [['key']] })],
		['no revision', changed({ revision: undefined })],
		['no time of the first start', { checkpoint: whole.checkpoint }],
	])('counts as absent with %s', (_name, data) => {
		expect(parseStored(data)).toBeUndefined();
	});
});

describe('of two copies', () => {
	const copy = (revision: number) => ({
		startedAt: revision,
		checkpoint: { ...whole.checkpoint, revision, open: [], mails: [], executions: [] },
	});

	it('the one with the higher revision counts, in either order', () => {
		expect(newerOf(copy(1), copy(2))?.startedAt).toBe(2);
		expect(newerOf(copy(2), copy(1))?.startedAt).toBe(2);
	});

	it('any counts more than one that holds nothing yet, and that more than none', () => {
		expect(newerOf({ startedAt: 9 }, copy(0))?.startedAt).toBe(0);
		expect(newerOf(undefined, { startedAt: 9 })?.startedAt).toBe(9);
		expect(newerOf(undefined, undefined)).toBeUndefined();
	});
});
