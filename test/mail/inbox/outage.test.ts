import { MailError } from '../../../mail/errors';
import { OUTAGE_REPORT_MS } from '../../../mail/limits';
import { settle, useWatchHost } from '../../support/watch-host';

const at = useWatchHost();

const failOpenings = (count: number, code: MailError['code']) => {
	for (let index = 0; index < count; index++) {
		at.mailbox.openingFaults.push(new MailError(code, { retryable: true }));
	}
};
const faults = () => at.host.faults.map(({ code }) => code);

/** When the server was asked for a connection, in ms from now. */
function watchOpenings(): number[] {
	const from = Date.now();
	const times: number[] = [];
	const { mailbox } = at;
	const open = mailbox.openFolder.bind(mailbox);
	mailbox.openFolder = async (path) => {
		times.push(Date.now() - from);
		return await open(path);
	};
	return times;
}

describe('an outage', () => {
	it('is told to the user once after a quarter of an hour, and mail flows again half a minute after it', async () => {
		failOpenings(10_000, 'connection.refused');
		at.host.watch(at.mailbox);
		await settle(OUTAGE_REPORT_MS - 60_000);
		expect(faults()).toEqual([]);
		await settle(2 * 60_000);
		expect(faults()).toEqual(['connection.refused']);
		await settle(3 * 60 * 60_000);
		expect(faults()).toEqual(['connection.refused']);
		at.mailbox.openingFaults.length = 0;
		at.mailbox.deliver('at last');
		await settle(30_000);
		expect(at.host.subjects).toEqual(['at last']);
	});

	it('is told again when it is another one', async () => {
		at.host.watch(at.mailbox);
		await settle();
		for (let outage = 0; outage < 2; outage++) {
			failOpenings(10_000, 'connection.refused');
			at.mailbox.cutConnections();
			await settle(2 * OUTAGE_REPORT_MS);
			at.mailbox.openingFaults.length = 0;
			await settle(2 * 60_000);
		}
		expect(faults()).toEqual(['connection.refused', 'connection.refused']);
	});

	it('is told where the server lets us in and then does nothing for us', async () => {
		at.mailbox.onCommand = (name, step) => {
			if (name === 'search' && step === 'begins') {
				throw new MailError('server.unavailable', { retryable: true });
			}
		};
		at.host.watch(at.mailbox);
		await settle(2 * OUTAGE_REPORT_MS);
		expect(faults()).toEqual(['server.unavailable']);
	});

	it('is none where the server ends each connection after a while, but mail flows', async () => {
		at.host.watch(at.mailbox);
		for (let turn = 0; turn < 60; turn++) {
			await settle(20_000);
			at.mailbox.deliver(`mail ${turn}`);
			await settle(10_000);
			at.mailbox.cutConnections();
		}
		await settle(2 * 60_000);
		expect(faults()).toEqual([]);
		expect(at.host.given).toHaveLength(60);
	});

	it('does not end the watch where nobody can be told', async () => {
		const watch = at.host.watch(at.mailbox);
		await settle();
		failOpenings(100, 'auth.rejected');
		at.host.faults.push = () => {
			throw new Error('the database is away');
		};
		at.mailbox.cutConnections();
		await settle(60_000);
		at.mailbox.openingFaults.length = 0;
		at.mailbox.deliver('at last');
		await settle(16 * 60_000);
		expect(at.host.subjects).toEqual(['at last']);
		await Promise.all([watch.stop(), settle(2_000)]);
	});
});

describe('the pauses between two connections', () => {
	it('grow to half a minute while the server cannot be reached', async () => {
		const times = watchOpenings();
		failOpenings(10_000, 'connection.timeout');
		at.host.watch(at.mailbox);
		await settle(60 * 60_000);
		const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
		expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000);
		expect(pauses.length).toBeLessThan(60 * 6);
	});

	it('make no storm of sign-ins where the server ends each connection at once', async () => {
		const times = watchOpenings();
		at.mailbox.onCommand = (name) => {
			if (name === 'waitForChange') throw new MailError('connection.lost', { retryable: true });
		};
		at.host.watch(at.mailbox);
		await settle(60 * 60_000);
		expect(times.length).toBeLessThan(130);
		expect(times.length).toBeGreaterThan(50);
	});

	it.each(['auth.rejected', 'mailbox.missing', 'tls.untrusted', 'connector.disabled'] as const)(
		'are a quarter of an hour where only the user can help: %s',
		async (code) => {
			const times = watchOpenings();
			failOpenings(10_000, code);
			at.host.watch(at.mailbox);
			await settle(61 * 60_000);
			expect(times).toHaveLength(5);
			expect(faults()).toEqual([code]);
		},
	);

	it('are as long as the server asks for', async () => {
		const times = watchOpenings();
		at.mailbox.openingFaults.push(
			new MailError('server.throttled', { retryable: true, retryAfterMs: 10 * 60_000 }),
		);
		at.host.watch(at.mailbox);
		await settle(10 * 60_000 - 1_000);
		expect(times).toHaveLength(1);
		await settle(2_000);
		expect(times).toHaveLength(2);
	});
});

describe('a sign-in that ends by itself', () => {
	it('is renewed before that, and no mail is missed or given twice', async () => {
		const times = watchOpenings();
		at.mailbox.signInEndsAt = Date.now() + 60 * 60_000;
		at.host.watch(at.mailbox);
		await settle(50 * 60_000);
		at.mailbox.deliver('before');
		await settle();
		at.mailbox.signInEndsAt = Date.now() + 65 * 60_000;
		await settle(6 * 60_000 + 1_000);
		expect(times).toHaveLength(2);
		expect(times[1]).toBeGreaterThanOrEqual(55 * 60_000);
		expect(times[1]).toBeLessThanOrEqual(56 * 60_000);
		at.mailbox.deliver('after');
		await settle();
		expect(at.host.subjects).toEqual(['before', 'after']);
		expect(at.host.faults).toEqual([]);
		expect(at.host.warnings).toEqual([]);
	});

	it('is renewed while an execution is under way, which is acknowledged all the same', async () => {
		at.host.holdExecutions = true;
		at.mailbox.signInEndsAt = Date.now() + 20 * 60_000;
		at.host.watch(at.mailbox);
		await settle();
		at.mailbox.deliver('order');
		at.mailbox.signInEndsAt = undefined;
		await settle(30 * 60_000);
		expect(at.mailbox.sessions).toHaveLength(2);
		at.host.ends[0]?.({ kind: 'succeeded' });
		await settle();
		expect(at.mailbox.subjectsWith('\\Seen')).toEqual(['order']);
	});

	it.each([-10 * 60_000, 0, 30_000])(
		'makes no storm of sign-ins where the clocks differ by %d ms',
		async (ms) => {
			const times = watchOpenings();
			at.mailbox.signInEndsAt = Date.now() + ms;
			at.host.watch(at.mailbox);
			await settle(60 * 60_000);
			expect(times.length).toBeLessThanOrEqual(61);
		},
	);
});
