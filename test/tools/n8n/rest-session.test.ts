import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import { RestSession } from '../../../tools/n8n/rest-session';

let server: Server;
let session: RestSession;
let requests: string[];

/** Closes the first connection without an answer, as n8n does with one that was idle for too long. */
beforeEach(async () => {
	requests = [];
	server = createServer((request, response) => {
		requests.push(request.method ?? '');
		if (requests.length === 1) request.socket.destroy();
		else response.end(JSON.stringify({ data: 'here' }));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	session = new RestSession(`http://127.0.0.1:${address.port}`);
});

afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

test('a question that meets a closing connection is asked again', async () => {
	await expect(session.get('/settings', z.string())).resolves.toBe('here');
	expect(requests).toEqual(['GET', 'GET']);
});

test('a request that changes something is not: n8n may have done it', async () => {
	await expect(session.post('/workflows', {}, z.string())).rejects.toThrow('fetch failed');
	expect(requests).toEqual(['POST']);
});
