import { MailError } from '../../../mail/errors';
import { SEND_PATIENCE_MS, SEND_TRIES } from '../../../mail/limits';
import { Patience } from '../../../mail/outbox/patience';
import { recordingLog } from '../../support/sending';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const busy = new MailError('server.throttled', { serverReply: '451 later', retryable: true });

/** A server that puts off the first mails. */
function server(refusals: number, error: unknown = busy) {
	const tries: number[] = [];
	const attempt = async () => {
		tries.push(Date.now());
		if (tries.length <= refusals) throw error;
		return await Promise.resolve('250 ok');
	};
	return { tries, attempt };
}

async function settled(work: Promise<unknown>): Promise<unknown> {
	const result = work.catch((error: unknown) => error);
	await jest.runAllTimersAsync();
	return await result;
}

describe('patience', () => {
	it('tries again what the server put off, after pauses that grow', async () => {
		const { tries, attempt } = server(3);
		expect(await settled(new Patience(recordingLog()).run(attempt))).toBe('250 ok');
		const [first = 0, second = 0, third = 0, fourth = 0] = tries;
		expect(second - first).toBeGreaterThanOrEqual(500);
		expect(second - first).toBeLessThanOrEqual(1_000);
		expect(third - second).toBeGreaterThanOrEqual(1_000);
		expect(fourth - third).toBeGreaterThanOrEqual(2_000);
	});

	it('says how often it has tried before it gives up', async () => {
		const { tries, attempt } = server(Infinity);
		const error = await settled(new Patience(recordingLog()).run(attempt));
		expect(tries).toHaveLength(SEND_TRIES);
		expect(error).toMatchObject({ code: 'server.throttled', serverReply: '451 later' });
		expect(error).toHaveProperty(
			'remedy',
			expect.stringMatching(
				/^It was tried 5 times within \d+ seconds, and nothing was accepted\. /,
			),
		);
	});

	it.each([
		new MailError('recipient.rejected', { serverReply: '550 unknown' }),
		new MailError('send.uncertain'),
		new Error('a fault of ours'),
	])('tries nothing again after %s', async (error) => {
		const { tries, attempt } = server(Infinity, error);
		expect(await settled(new Patience(recordingLog()).run(attempt))).toBe(error);
		expect(tries).toHaveLength(1);
	});

	it('waits as long as the server asks, and gives up where that is too long', async () => {
		const ask = (retryAfterMs: number) =>
			new MailError('server.throttled', { retryable: true, retryAfterMs });
		const soon = server(1, ask(20_000));
		expect(await settled(new Patience(recordingLog()).run(soon.attempt))).toBe('250 ok');
		expect((soon.tries[1] ?? 0) - (soon.tries[0] ?? 0)).toBe(20_000);
		const late = server(1, ask(SEND_PATIENCE_MS + 1));
		expect(await settled(new Patience(recordingLog()).run(late.attempt))).toBeInstanceOf(MailError);
		expect(late.tries).toHaveLength(1);
	});

	it('does not wait out an outage for every mail, until one mail is taken', async () => {
		const patience = new Patience(recordingLog());
		await settled(patience.run(server(Infinity).attempt));
		const next = server(Infinity);
		await settled(patience.run(next.attempt));
		expect(next.tries).toHaveLength(1);
		await settled(patience.run(server(0).attempt));
		const later = server(1);
		expect(await settled(patience.run(later.attempt))).toBe('250 ok');
	});

	it('ends with the execution', async () => {
		const stop = new AbortController();
		const { tries, attempt } = server(Infinity);
		const running = new Patience(recordingLog()).run(attempt, stop.signal);
		const failed = expect(running).rejects.toMatchObject({ code: 'send.cancelled' });
		await jest.advanceTimersByTimeAsync(100);
		stop.abort();
		await failed;
		expect(tries).toHaveLength(1);
		expect(jest.getTimerCount()).toBe(0);
	});
});
