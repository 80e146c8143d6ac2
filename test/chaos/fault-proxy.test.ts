import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy';

let echo: Server;
let proxy: FaultProxy;
const clients: Socket[] = [];

beforeEach(async () => {
	echo = createServer((socket) => {
		socket.on('error', () => undefined);
		socket.pipe(socket);
	});
	echo.listen(0, '127.0.0.1');
	await once(echo, 'listening');
	const { port } = echo.address() as AddressInfo;
	proxy = await startFaultProxy({ host: '127.0.0.1', port });
});

afterEach(async () => {
	for (const client of clients.splice(0)) client.destroy();
	await proxy.close();
	await once(echo.close(), 'close');
});

async function open(): Promise<Socket> {
	const client = connect(proxy.port, proxy.host);
	clients.push(client);
	client.on('error', () => undefined);
	await once(client, 'connect');
	return client;
}

async function ask(client: Socket, text: string): Promise<string> {
	const answer = once(client, 'data');
	client.write(text);
	const [chunk] = (await answer) as [Buffer];
	return chunk.toString();
}

/** Data that has passed by the time that a round trip over another path of the same proxy is done. */
async function hears(client: Socket, meanwhile: () => Promise<unknown>): Promise<boolean> {
	let heard = false;
	client.once('data', () => (heard = true));
	await meanwhile();
	return heard;
}

it('passes bytes both ways and shows them to who watches', async () => {
	const seen: string[] = [];
	const end = proxy.watch((direction, chunk) => seen.push(`${direction} ${chunk.toString()}`));
	const client = await open();
	expect(await ask(client, 'hello')).toBe('hello');
	end();
	await ask(client, 'unseen');
	expect(seen).toEqual(['toServer hello', 'toClient hello']);
});

it('resets every connection with a cut, and takes new ones', async () => {
	const client = await open();
	await ask(client, 'x');
	const closed = new Promise((resolve) => client.once('close', resolve));
	proxy.cut();
	await closed;
	expect(proxy.connections).toBe(0);
	expect(await ask(await open(), 'again')).toBe('again');
});

it('holds everything back while frozen, new connections too, and lets it flow when healed', async () => {
	const old = await open();
	await ask(old, 'x');
	proxy.freeze();
	const fresh = await open();
	old.write('old');
	fresh.write('fresh');
	const heard = [once(old, 'data'), once(fresh, 'data')];
	const passed: string[] = [];
	proxy.watch((_direction, chunk) => passed.push(chunk.toString()));
	// By now the bytes of before have reached the proxy.
	await open();
	expect(passed).toEqual([]);
	await proxy.heal();
	const texts = (await Promise.all(heard)).map(([chunk]) => String(chunk));
	expect(texts).toEqual(['old', 'fresh']);
});

it('loses the bytes of its connections in a black hole, while new ones work', async () => {
	const old = await open();
	await ask(old, 'x');
	proxy.blackhole();
	old.write('lost');
	expect(await hears(old, async () => await ask(await open(), 'new'))).toBe(false);
	await proxy.heal();
	expect(await hears(old, async () => await ask(await open(), 'new'))).toBe(false);
});

it('refuses connections until it is healed, on the same port', async () => {
	await proxy.refuse();
	const [error] = (await once(connect(proxy.port, proxy.host), 'error')) as [NodeJS.ErrnoException];
	expect(error.code).toBe('ECONNREFUSED');
	await proxy.heal();
	expect(await ask(await open(), 'again')).toBe('again');
});

it('keeps the order of what it delays', async () => {
	const client = await open();
	proxy.delay(30);
	client.write('1');
	proxy.delay(0);
	const heard: string[] = [];
	const done = new Promise<void>((resolve) => {
		client.on('data', (chunk: Buffer) => {
			heard.push(chunk.toString());
			if (heard.join('').length === 2) resolve();
		});
	});
	client.write('2');
	await done;
	expect(heard.join('')).toBe('12');
});
