import { type PooledSession, SessionPool } from '../../../../mail/drivers/smtp/session-pool';
import { MailError } from '../../../../mail/errors';

interface FakeSession extends PooledSession {
	ended: boolean;
	expired: boolean;
}

/** A server whose openings the test lets through or refuses, one by one. */
function fakeServer() {
	const openings: Array<{ accept: () => FakeSession; refuse: (error: Error) => void }> = [];
	const closed: FakeSession[] = [];
	const open = async () =>
		await new Promise<FakeSession>((resolve, reject) => {
			openings.push({
				accept: () => {
					const session: FakeSession = {
						ended: false,
						expired: false,
						rest: () => undefined,
						wake: () => undefined,
						close: async () => {
							session.ended = true;
							closed.push(session);
							await Promise.resolve();
						},
					};
					resolve(session);
					return session;
				},
				refuse: reject,
			});
		});
	return { open, openings, closed };
}

const settled = async () => await new Promise((resolve) => setImmediate(resolve));

describe('a pool of sessions', () => {
	afterEach(() => jest.useRealTimers());

	it('opens one connection first, and the others when that one has been let in', async () => {
		const { open, openings } = fakeServer();
		const pool = new SessionPool(open, { limit: 3, idleMs: 10_000 });
		const waiting = Array.from({ length: 5 }, async () => await pool.acquire());
		await settled();
		expect(openings).toHaveLength(1);
		openings[0]?.accept();
		await settled();
		expect(openings).toHaveLength(3);
		openings[1]?.accept();
		openings[2]?.accept();
		const [first, second, third] = await Promise.all(waiting.slice(0, 3));
		expect(new Set([first, second, third]).size).toBe(3);

		if (first) pool.release(first);
		expect(await waiting[3]).toBe(first);
		if (second) pool.release(second);
		expect(await waiting[4]).toBe(second);
		expect(openings).toHaveLength(3);
	});

	it('opens no more connections than there are mails', async () => {
		const { open, openings } = fakeServer();
		const pool = new SessionPool(open, { limit: 3, idleMs: 10_000 });
		const first = pool.acquire();
		openings[0]?.accept();
		pool.release(await first);
		await pool.acquire();
		await settled();
		expect(openings).toHaveLength(1);
	});

	it('replaces a session that has ended', async () => {
		const { open, openings } = fakeServer();
		const pool = new SessionPool(open, { limit: 1, idleMs: 10_000 });
		const acquired = pool.acquire();
		openings[0]?.accept();
		const session = await acquired;
		const waiting = pool.acquire();
		session.ended = true;
		pool.release(session);
		await settled();
		expect(openings).toHaveLength(2);
		const other = openings[1]?.accept();
		expect(await waiting).toBe(other);
	});

	it('does not hand out an idle session that has ended meanwhile', async () => {
		const { open, openings } = fakeServer();
		const pool = new SessionPool(open, { limit: 1, idleMs: 10_000 });
		const acquired = pool.acquire();
		openings[0]?.accept();
		const session = await acquired;
		pool.release(session);
		session.ended = true;
		const next = pool.acquire();
		await settled();
		expect(await Promise.race([next.then(() => 'given'), settled().then(() => 'waiting')])).toBe(
			'waiting',
		);
		openings[1]?.accept();
		expect(await next).not.toBe(session);
	});

	it('tells a refused sign-in to all who wait and to all who come, without trying it again', async () => {
		const { open, openings } = fakeServer();
		const pool = new SessionPool(open, { limit: 3, idleMs: 10_000 });
		const waiting = [pool.acquire(), pool.acquire()];
		const refusal = new MailError('auth.rejected');
		openings[0]?.refuse(refusal);
		expect(await Promise.allSettled(waiting)).toEqual([
			{ status: 'rejected', reason: refusal },
			{ status: 'rejected', reason: refusal },
		]);
		await expect(pool.acquire()).rejects.toBe(refusal);
		expect(openings).toHaveLength(1);
	});

	it('tries a server again that could not be reached, after a pause', async () => {
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
		const { open, openings } = fakeServer();
		const pool = new SessionPool(open, { limit: 3, idleMs: 10_000 });
		const failing = pool.acquire();
		openings[0]?.refuse(new MailError('connection.refused', { retryable: true }));
		await expect(failing).rejects.toMatchObject({ code: 'connection.refused' });
		await expect(pool.acquire()).rejects.toMatchObject({ code: 'connection.refused' });
		expect(openings).toHaveLength(1);

		jest.advanceTimersByTime(5_000);
		const again = pool.acquire();
		openings[1]?.accept();
		await expect(again).resolves.toBeDefined();
	});

	it('goes on with the connections it has when the server takes no more', async () => {
		const { open, openings } = fakeServer();
		const pool = new SessionPool(open, { limit: 3, idleMs: 10_000 });
		const waiting = Array.from({ length: 4 }, async () => await pool.acquire());
		openings[0]?.accept();
		const first = await waiting[0];
		await settled();
		openings[1]?.refuse(new MailError('server.throttled', { retryable: true }));
		openings[2]?.refuse(new MailError('server.throttled', { retryable: true }));
		for (const next of waiting.slice(1)) {
			if (first) pool.release(first);
			expect(await next).toBe(first);
		}
		expect(openings).toHaveLength(3);
	});

	it('that is closed lets nobody wait, and ends busy sessions when they come back', async () => {
		const { open, openings, closed } = fakeServer();
		const pool = new SessionPool(open, { limit: 2, idleMs: 10_000 });
		const both = [pool.acquire(), pool.acquire()];
		openings[0]?.accept();
		await settled();
		openings[1]?.accept();
		const [busy, idle] = await Promise.all(both);
		if (!busy || !idle) throw new Error('Both must be there.');
		const waiting = pool.acquire();
		const refused = expect(waiting).rejects.toMatchObject({ code: 'send.cancelled' });
		await pool.close();
		await refused;

		pool.release(busy);
		pool.release(idle);
		await settled();
		expect(closed).toEqual([busy, idle]);
		await expect(pool.acquire()).rejects.toMatchObject({ code: 'send.cancelled' });
	});

	it('closes idle sessions at once', async () => {
		const { open, openings, closed } = fakeServer();
		const pool = new SessionPool(open, { limit: 2, idleMs: 10_000 });
		const acquired = pool.acquire();
		openings[0]?.accept();
		const session = await acquired;
		pool.release(session);
		await pool.close();
		expect(closed).toEqual([session]);
	});

	it('lets a caller go who no longer wants a session', async () => {
		const { open, openings } = fakeServer();
		const pool = new SessionPool(open, { limit: 1, idleMs: 10_000 });
		const cancel = new AbortController();
		const impatient = pool.acquire(cancel.signal);
		const patient = pool.acquire();
		cancel.abort();
		await expect(impatient).rejects.toMatchObject({ code: 'send.cancelled' });
		const session = openings[0]?.accept();
		expect(await patient).toBe(session);
	});
});
