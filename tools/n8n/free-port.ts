import { createServer } from 'node:net';

/** As many different free ports of 127.0.0.1 as asked for. They are free now; nobody holds them for the caller. */
export async function findFreePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(Array.from({ length: count }, () => openServer()));
	const ports = servers.map((server) => server.port);
	await Promise.all(servers.map((server) => server.close()));
	return ports;
}

async function openServer(): Promise<{ port: number; close: () => Promise<void> }> {
	const server = createServer();
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('No TCP address');
	return {
		port: address.port,
		close: () => new Promise<void>((resolve) => server.close(() => resolve())),
	};
}
