import { z } from 'zod';
import { createGraphClient, type GraphCall } from '../../../../mail/drivers/graph/client';
import { graphPath, toLiteral, toQuery } from '../../../../mail/drivers/graph/path';
import { faultOf } from '../../../../mail/drivers/graph/error';
import { MailError } from '../../../../mail/errors';
import { json, refusal, scriptAccount } from './scripted-transport';

const anything = z.object({}).loose();
const get = (path = '/me/mailFolders'): GraphCall => ({ method: 'GET', path, subject: 'a test' });
const post = (path = '/me/messages'): GraphCall => ({ method: 'POST', path, subject: 'a test' });
const lost = new MailError('connection.lost', { subject: 'graph', retryable: true });

beforeEach(() => {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
});
afterEach(() => jest.useRealTimers());

/** Runs what would take minutes; tells after how long it was done. */
async function hurry<T>(work: Promise<T>) {
	const start = Date.now();
	let end: number | undefined;
	const settled = work.then(
		(value) => ({ value, error: undefined }),
		(error: unknown) => ({ value: undefined, error }),
	);
	void settled.then(() => (end = Date.now()));
	for (let turn = 0; turn < 400 && end === undefined; turn++)
		await jest.advanceTimersByTimeAsync(250);
	const { value, error } = await settled;
	return { value, error, tookMs: (end ?? 0) - start };
}

describe('a request', () => {
	it('goes to the account, encoded, and asks for ids that stay', async () => {
		const { account, seen } = scriptAccount(json({ ok: true }));
		const query = toQuery({
			$filter: `subject eq ${toLiteral("a&b#c'd")}`,
			$select: 'id',
			$top: undefined,
		});
		const call = get(`${graphPath`/me/messages/${'AA/b+c='}`}${query}`);
		expect(await createGraphClient(account).read(call, anything)).toEqual({ ok: true });
		const url = new URL(seen[0]?.url ?? '');
		expect(url.pathname).toBe('/v1.0/me/messages/AA%2Fb%2Bc%3D');
		expect(url.searchParams.get('$filter')).toBe("subject eq 'a&b#c''d'");
		expect(url.searchParams.get('$select')).toBe('id');
		expect(seen[0]?.headers['Prefer']).toBe('IdType="ImmutableId"');
	});

	it('sends JSON as JSON, bytes as they are, and nothing as nothing', async () => {
		const { account, seen } = scriptAccount(new Response(null, { status: 204 }));
		const client = createGraphClient(account);
		await client.send({ ...post(), method: 'PATCH', body: { isRead: true } });
		const view = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
		await client.send({ ...post(), body: view, headers: { 'Content-Type': 'text/plain' } });
		await client.send(post());
		expect(seen.map(({ method, body }) => [method, body])).toEqual([
			['PATCH', '{"isRead":true}'],
			['POST', view],
			['POST', undefined],
		]);
		expect(seen.map(({ headers }) => headers['Content-Type'])).toEqual([
			'application/json',
			'text/plain',
			undefined,
		]);
	});

	it('takes an accepted request without content for done, whatever type it claims', async () => {
		const accepted = () =>
			new Response('', { status: 202, headers: { 'Content-Type': 'application/json' } });
		const { account } = scriptAccount(accepted());
		await expect(createGraphClient(account).send(post())).resolves.toBeInstanceOf(Headers);
	});

	it('names the fault with its code, words and number, and by its status where a gateway answers', async () => {
		const { account } = scriptAccount(
			refusal(404, 'ErrorItemNotFound', { 'request-id': 'r-1' }),
			new Response('<html>Bad request</html>', { status: 400 }),
		);
		const client = createGraphClient(account);
		const error = await client.send(get()).catch((cause: unknown) => cause);
		expect(faultOf(error)).toMatchObject({
			status: 404,
			code: 'ErrorItemNotFound',
			requestId: 'r-1',
		});
		expect(String(error)).toContain('About ErrorItemNotFound.');
		const other = await client.send(get()).catch((cause: unknown) => cause);
		expect(faultOf(other)).toMatchObject({ status: 400, code: '', words: '' });
		expect(String(other)).not.toContain('html');
	});

	it('refuses an answer that is not what was asked for', async () => {
		const { account } = scriptAccount(new Response('{"value":'), json({ value: 'none' }));
		const client = createGraphClient(account);
		const wanted = z.object({ value: z.array(z.string()) });
		for (let time = 0; time < 2; time++) {
			await expect(client.read(get(), wanted)).rejects.toMatchObject({ code: 'server.protocol' });
		}
	});

	it('refuses an answer that has no end', async () => {
		const endless = () => {
			const megabyte = new Uint8Array(1024 * 1024).fill(32);
			return new Response(
				new ReadableStream({ pull: (controller) => controller.enqueue(megabyte) }),
			);
		};
		const { account } = scriptAccount(endless);
		await expect(createGraphClient(account).read(get(), anything)).rejects.toMatchObject({
			code: 'limit.exceeded',
		});
	});
});

describe('pages', () => {
	const page = (ids: string[], nextLink?: string) =>
		json({ value: ids, '@odata.nextLink': nextLink });
	const collect = async (account: ReturnType<typeof scriptAccount>['account']) => {
		const found: string[] = [];
		const call = { ...get(), prefer: ['odata.maxpagesize=2'] };
		for await (const { items } of createGraphClient(account).pages(call, z.string())) {
			found.push(...items);
		}
		return found;
	};

	it('are followed with the same preferences, also an empty one', async () => {
		const link = 'https://graph.example.test/v1.0/me/mailFolders?$skiptoken=a%2Fb%3D';
		const { account, seen } = scriptAccount(
			page(['a', 'b'], link),
			page([], `${link}2`),
			page(['c']),
		);
		expect(await collect(account)).toEqual(['a', 'b', 'c']);
		expect(seen[1]?.url).toBe(link);
		for (const { headers } of seen) {
			expect(headers['Prefer']).toBe('IdType="ImmutableId", odata.maxpagesize=2');
		}
	});

	it.each([
		'https://elsewhere.test/v1.0/me/mailFolders',
		'http://graph.example.test/v1.0/me/mailFolders',
		'https://graph.example.test.elsewhere.test/v1.0/x',
		'https://graph.example.test@elsewhere.test/v1.0/x',
		'not a link',
	])('are not followed to another host: %s', async (link) => {
		const { account, seen } = scriptAccount(page(['a'], link));
		await expect(collect(account)).rejects.toMatchObject({ code: 'server.protocol' });
		expect(seen).toHaveLength(1);
	});

	it('that lead in a circle are left', async () => {
		const link = 'https://graph.example.test/v1.0/me/mailFolders?$skiptoken=1';
		const { account, seen } = scriptAccount(page(['a'], link));
		await expect(collect(account)).rejects.toMatchObject({ code: 'server.protocol' });
		expect(seen).toHaveLength(2);
	});
});

describe('a service that asks to wait', () => {
	it('is asked again when the time that it named is over', async () => {
		const { account, seen } = scriptAccount(refusal(429, 'x', { 'Retry-After': '20' }), json({}));
		const { tookMs, error } = await hurry(createGraphClient(account).read(get(), anything));
		expect(error).toBeUndefined();
		expect(tookMs).toBeGreaterThanOrEqual(20_000);
		expect(tookMs).toBeLessThan(22_000);
		expect(seen).toHaveLength(2);
	});

	it('is asked a few times, with growing pauses, where it names none', async () => {
		const { account, seen } = scriptAccount(refusal(429, 'ApplicationThrottled'));
		const { tookMs, error } = await hurry(createGraphClient(account).read(get(), anything));
		expect(error).toMatchObject({ code: 'server.throttled', retryable: true });
		expect(seen).toHaveLength(4);
		expect(tookMs).toBeGreaterThan(4_000);
		expect(tookMs).toBeLessThan(15_000);
	});

	it('is left alone at once where it names a long time, by everybody who reads this mailbox', async () => {
		const { account, seen } = scriptAccount(refusal(429, 'x', { 'Retry-After': '600' }));
		const first = await hurry(createGraphClient(account).read(get(), anything));
		expect(first.error).toMatchObject({ code: 'server.throttled', retryAfterMs: 600_000 });
		const second = await hurry(createGraphClient(account).read(get(), anything));
		expect(second.error).toMatchObject({ code: 'server.throttled' });
		expect(second.tookMs).toBeLessThan(1_000);
		expect(seen).toHaveLength(1);
	});

	it.each(['100000000', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
		'does not silence us for years: %s',
		async (value) => {
			const { account } = scriptAccount(refusal(429, 'x', { 'Retry-After': value }));
			const { error } = await hurry(createGraphClient(account).read(get(), anything));
			expect(error).toMatchObject({ code: 'server.throttled', retryAfterMs: 3_600_000 });
		},
	);

	it('gets a refused POST again, for nothing was done', async () => {
		const { account, seen } = scriptAccount(refusal(429), new Response(null, { status: 202 }));
		expect((await hurry(createGraphClient(account).send(post()))).error).toBeUndefined();
		expect(seen).toHaveLength(2);
	});
});

describe('a service that fails', () => {
	it.each([500, 502, 503, 504])(
		'with %i is asked again for what can be repeated, never with a POST',
		async (status) => {
			const reading = scriptAccount(refusal(status), json({}));
			expect(
				(await hurry(createGraphClient(reading.account).read(get(), anything))).error,
			).toBeUndefined();
			expect(reading.seen).toHaveLength(2);
			const sending = scriptAccount(refusal(status), json({}));
			const { error } = await hurry(createGraphClient(sending.account).send(post()));
			expect(error).toMatchObject({ code: 'server.unavailable', retryable: true });
			expect(sending.seen).toHaveLength(1);
		},
	);

	it('by breaking the connection is asked again for what can be repeated, never with a POST', async () => {
		const reading = scriptAccount(lost, lost, json({}));
		expect(
			(await hurry(createGraphClient(reading.account).read(get(), anything))).error,
		).toBeUndefined();
		const sending = scriptAccount(lost, json({}));
		expect((await hurry(createGraphClient(sending.account).send(post()))).error).toBe(lost);
		expect(sending.seen).toHaveLength(1);
	});

	it('is given up in the end', async () => {
		const { account, seen } = scriptAccount(lost);
		expect((await hurry(createGraphClient(account).read(get(), anything))).error).toBe(lost);
		expect(seen).toHaveLength(4);
	});

	it.each([400, 401, 403, 404, 410])('with %i is not asked again', async (status) => {
		const { account, seen } = scriptAccount(refusal(status, 'x'));
		const { error } = await hurry(createGraphClient(account).read(get(), anything));
		expect(faultOf(error)?.status).toBe(status);
		expect(seen).toHaveLength(1);
	});

	it('is no longer waited for when the caller gives up', async () => {
		const { account, seen } = scriptAccount(refusal(503, 'x', { 'Retry-After': '20' }));
		const abort = new AbortController();
		const reading = createGraphClient(account).read({ ...get(), signal: abort.signal }, anything);
		const settled = reading.catch((error: unknown) => error);
		await jest.advanceTimersByTimeAsync(1_000);
		abort.abort();
		expect(await settled).toMatchObject({ code: 'connection.lost' });
		expect(seen).toHaveLength(1);
	});
});

describe('a mailbox', () => {
	/** Answers when it is told to. */
	function heldAccount() {
		const open: Array<() => void> = [];
		const script = scriptAccount(
			async () => await new Promise<Response>((resolve) => open.push(() => resolve(json({})))),
		);
		return { ...script, open };
	}
	const settle = async () => await jest.advanceTimersByTimeAsync(1);

	it('has at most three requests at a time, whoever asks', async () => {
		const { account, open } = heldAccount();
		const clients = [createGraphClient(account), createGraphClient({ ...account })];
		const reading = Promise.all(
			[0, 1, 0, 1, 0].map(async (index) => await clients[index]?.read(get(), anything)),
		);
		await settle();
		expect(open).toHaveLength(3);
		open[0]?.();
		await settle();
		expect(open).toHaveLength(4);
		for (let index = 1; index < 5; index++) {
			open[index]?.();
			await settle();
		}
		expect(await reading).toHaveLength(5);
	});

	it('counts a content that is being read as a request, until it is read or given up', async () => {
		const { account, seen } = scriptAccount(
			() =>
				new Response(
					new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(10)) }),
				),
		);
		const client = createGraphClient(account);
		const streams = await Promise.all([0, 1, 2].map(async () => await client.open(get())));
		const fourth = client.open(get());
		await settle();
		expect(seen).toHaveLength(3);
		streams[1]?.destroy();
		await settle();
		expect(seen).toHaveLength(4);
		for (const stream of [...streams, await fourth]) stream.destroy();
	});

	it('forgets those who give up while they wait', async () => {
		const { account, open, seen } = heldAccount();
		const client = createGraphClient(account);
		const reading = [0, 1, 2].map(async () => await client.read(get(), anything));
		await settle();
		const abort = new AbortController();
		const waiting = client
			.read({ ...get(), signal: abort.signal }, anything)
			.catch((error: unknown) => error);
		await settle();
		abort.abort();
		expect(await waiting).toMatchObject({ code: 'connection.lost' });
		for (const answer of open) answer();
		await Promise.all(reading);
		expect(seen).toHaveLength(3);
	});
});
