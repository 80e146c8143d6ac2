import type { IncomingMessage, ServerResponse } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { createHttps } from '../../../../mail/drivers/net/https';
import { identity, trustTestAuthority } from './local-server';

type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

describe('a request over HTTPS', () => {
	const closing: Array<() => Promise<void>> = [];
	afterEach(async () => {
		for (const close of closing.splice(0)) await close();
	});

	async function listen(answer: RequestHandler) {
		const server = https.createServer(identity('server'), answer);
		let connections = 0;
		server.on('secureConnection', () => connections++);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		closing.push(async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		});
		const { port } = server.address() as AddressInfo;
		return { url: `https://127.0.0.1:${port}/`, connectionCount: () => connections };
	}

	const get = { method: 'GET', headers: {} };
	const trusting = () => createHttps({ tls: trustTestAuthority, timeoutMs: 5_000 });

	it('sends method, headers and content, and keeps the connection for the next', async () => {
		const { url, connectionCount } = await listen((request, response) => {
			request.setEncoding('utf8').on('data', (text) => {
				response.writeHead(201, { 'Request-Id': 'r-1' });
				response.end(`${request.method} ${request.headers['x-test']} ${text}`);
			});
		});
		const fetch = trusting();
		for (let time = 0; time < 2; time++) {
			const answer = await fetch(url, {
				method: 'POST',
				headers: { 'X-Test': 'yes' },
				body: 'content',
			});
			expect([answer.status, answer.headers.get('request-id'), await answer.text()]).toEqual([
				201,
				'r-1',
				'POST yes content',
			]);
		}
		expect(connectionCount()).toBe(1);
	});

	it('says that a POST has no content where it has none', async () => {
		const { url } = await listen((request, response) => {
			response.end(`${request.headers['content-length']} ${request.headers['transfer-encoding']}`);
		});
		const answer = await trusting()(url, { method: 'POST', headers: {} });
		expect(await answer.text()).toBe('0 undefined');
	});

	it('follows no redirect: the sign-in would go along', async () => {
		const { url } = await listen((_, response) => {
			response.writeHead(302, { Location: 'https://elsewhere.test/' }).end();
		});
		expect((await trusting()(url, get)).status).toBe(302);
	});

	it('gives an answer without content', async () => {
		const { url } = await listen((_, response) => response.writeHead(204).end());
		expect(await (await trusting()(url, get)).text()).toBe('');
	});

	it('sends nothing to a server that nobody vouches for, or in clear text', async () => {
		const asked = jest.fn();
		const { url } = await listen(asked);
		const fetch = createHttps({
			tls: { minVersion: 'TLSv1.2', allowUntrusted: false },
			timeoutMs: 5_000,
		});
		await expect(fetch(url, get)).rejects.toMatchObject({ code: 'tls.untrusted' });
		await expect(fetch(url.replace('https:', 'http:'), get)).rejects.toMatchObject({
			code: 'tls.expected',
		});
		expect(asked).not.toHaveBeenCalled();
	});

	it('tells a connection that breaks, before the answer or within it', async () => {
		const before = await listen((request) => request.socket.destroy());
		await expect(trusting()(before.url, get)).rejects.toMatchObject({
			code: 'connection.lost',
			retryable: true,
		});
		const within = await listen((request, response) => {
			response.writeHead(200, { 'Content-Length': '100' });
			response.write('some', () => request.socket.destroy());
		});
		const answer = await trusting()(within.url, get);
		await expect(answer.text()).rejects.toThrow();
	});

	it('ends when the caller gives up', async () => {
		const abort = new AbortController();
		const { url } = await listen(() => abort.abort());
		await expect(trusting()(url, { ...get, signal: abort.signal })).rejects.toMatchObject({
			code: 'connection.lost',
		});
	});
});
