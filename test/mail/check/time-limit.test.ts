import { TimeLimit } from '../../../mail/check/time-limit';
import { MailError } from '../../../mail/errors';

describe('the time limit of a check', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	it('lets what is done in time through, result or error', async () => {
		const limit = new TimeLimit(1000);
		expect(await limit.race('here', Promise.resolve(1))).toBe(1);
		const refused = new MailError('connection.refused');
		await expect(limit.race('here', Promise.reject(refused))).rejects.toBe(refused);
		limit.end();
		expect(jest.getTimerCount()).toBe(0);
	});

	it('ends all waits at the same moment, and those that begin later at once', async () => {
		const limit = new TimeLimit(1000);
		const never = new Promise<never>(() => undefined);
		const waits = Promise.allSettled([limit.race('a', never), limit.race('b', never)]);
		jest.advanceTimersByTime(400);
		expect(limit.remainingMs).toBe(600);
		jest.advanceTimersByTime(600);
		const timeout = (subject: string) => ({
			status: 'rejected',
			reason: expect.objectContaining({ code: 'connection.timeout', subject }),
		});
		expect(await waits).toEqual([timeout('a'), timeout('b')]);
		expect(limit.signal.aborted).toBe(true);
		expect(limit.remainingMs).toBe(1);
		await expect(limit.race('c', never)).rejects.toMatchObject({ code: 'connection.timeout' });
	});

	it('discards a result that comes too late', async () => {
		const limit = new TimeLimit(1000);
		let arrive: (value: string) => void = () => undefined;
		const late = new Promise<string>((resolve) => (arrive = resolve));
		const discard = jest.fn(async () => await Promise.resolve());
		const wait = limit.race('here', late, discard);
		jest.advanceTimersByTime(1000);
		await expect(wait).rejects.toMatchObject({ code: 'connection.timeout' });
		arrive('session');
		await late;
		expect(discard).toHaveBeenCalledWith('session');
	});

	it('calls it a timeout whatever breaks because the time is over', async () => {
		const limit = new TimeLimit(1000);
		const broken = new Promise<never>((_resolve, reject) =>
			limit.signal.addEventListener('abort', () => reject(new MailError('connection.lost'))),
		);
		const wait = limit.race('here', broken);
		jest.advanceTimersByTime(1000);
		await expect(wait).rejects.toMatchObject({ code: 'connection.timeout' });
	});
});
