import { BYTES_IN_FLIGHT, EXECUTION_REPORT_MS, EXECUTIONS_IN_FLIGHT } from '../../../mail/limits';
import { Flights } from '../../../mail/inbox/flight';
import { settle, succeeded, useWatchHost, watchSettings } from '../../support/watch-host';

const at = useWatchHost();
const limits = { bytes: 100, slotMs: 1_000 };
const never = new Promise<never>(() => undefined);

describe('executions under way', () => {
	it('are no more than the limit, and one more for each that ends', async () => {
		const flights = new Flights<string>(limits, () => undefined);
		flights.executionsAtATime = 2;
		let end: () => void = () => undefined;
		flights.start('a', 1, { end: new Promise((resolve) => (end = () => resolve(succeeded))) });
		expect(flights.hasFreeSlot).toBe(true);
		flights.start('b', 1, { end: never });
		expect(flights.hasFreeSlot).toBe(false);
		end();
		await settle();
		expect(flights.hasFreeSlot).toBe(true);
		expect(flights.takeLanded()).toEqual([{ cargo: 'a', landing: succeeded }]);
		expect(flights.takeLanded()).toEqual([]);
	});

	it('weigh no more than the limit, but one may always start', async () => {
		const flights = new Flights<string>(limits, () => undefined);
		expect(flights.hasFreeSlot).toBe(true);
		flights.start('heavy', 1_000, { end: Promise.resolve(succeeded) });
		expect(flights.hasFreeSlot).toBe(false);
		await settle();
		expect(flights.hasFreeSlot).toBe(true);
	});

	it('free their slot after a time when their end is never told, and are heard all the same later', async () => {
		let landings = 0;
		const flights = new Flights<string>(limits, () => landings++);
		let end: () => void = () => undefined;
		flights.start('slow', 200, { end: new Promise((resolve) => (end = () => resolve(succeeded))) });
		await settle(limits.slotMs);
		expect(landings).toBe(1);
		expect(flights.hasFreeSlot).toBe(true);
		expect(flights.isQuiet).toBe(false);
		end();
		await settle();
		expect(flights.takeLanded()).toEqual([{ cargo: 'slow', landing: succeeded }]);
		expect(flights.isQuiet).toBe(true);
	});

	it('are stored before they end, or not at all', async () => {
		const flights = new Flights<string>(limits, () => undefined);
		let store: () => void = () => undefined;
		const stored = new Promise<void>((resolve) => (store = resolve));
		flights.start('a', 1, { end: Promise.resolve(succeeded), stored });
		await settle();
		store();
		await settle();
		expect(flights.takeLanded()).toEqual([{ cargo: 'a', landing: succeeded }]);
	});
});

describe('a backlog', () => {
	const deliverAll = (count: number, text?: string) => {
		for (let index = 0; index < count; index++) at.mailbox.deliver(`mail ${index}`, { text });
	};

	it('waits while executions with large mails are under way', async () => {
		at.host.holdExecutions = true;
		deliverAll(4, 'x'.repeat(BYTES_IN_FLIGHT - 1));
		at.host.watch(at.mailbox, {
			startWith: { kind: 'all' },
			content: { ...watchSettings.content, textCharacters: Infinity },
		});
		await settle();
		// The first leaves a byte free.
		expect(at.host.given).toHaveLength(2);
		at.host.ends[0]?.(succeeded);
		await settle();
		expect(at.host.given).toHaveLength(3);
		at.host.ends[1]?.(succeeded);
		at.host.ends[2]?.(succeeded);
		await settle();
		expect(at.host.given).toHaveLength(4);
	});

	it('goes on after an hour behind executions that never report their end, and hears them later', async () => {
		at.host.holdExecutions = true;
		deliverAll(EXECUTIONS_IN_FLIGHT + 2);
		at.host.watch(at.mailbox, { startWith: { kind: 'all' } });
		await settle(EXECUTION_REPORT_MS - 1_000);
		expect(at.host.given).toHaveLength(EXECUTIONS_IN_FLIGHT);
		await settle(60_000);
		expect(at.host.given).toHaveLength(EXECUTIONS_IN_FLIGHT + 2);
		expect(at.mailbox.subjectsWith('\\Seen')).toEqual([]);
		at.host.ends[3]?.(succeeded);
		await settle();
		expect(at.mailbox.subjectsWith('\\Seen')).toEqual(['mail 3']);
		await settle(3 * EXECUTION_REPORT_MS);
		expect(new Set(at.host.subjects).size).toBe(at.host.given.length);
	});

	it('is given on after the sign-in was renewed while no slot was free', async () => {
		at.host.holdExecutions = true;
		at.mailbox.signInEndsAt = Date.now() + 20 * 60_000;
		deliverAll(EXECUTIONS_IN_FLIGHT + 5);
		at.host.watch(at.mailbox, { startWith: { kind: 'all' } });
		await settle();
		at.mailbox.signInEndsAt = undefined;
		await settle(30 * 60_000);
		expect(at.mailbox.sessions).toHaveLength(2);
		for (const end of at.host.ends) end(succeeded);
		await settle();
		expect(at.host.given).toHaveLength(EXECUTIONS_IN_FLIGHT + 5);
		expect(new Set(at.host.subjects).size).toBe(EXECUTIONS_IN_FLIGHT + 5);
	});
});
