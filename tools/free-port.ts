import { createServer, type Server } from 'node:net';
import { once } from 'node:events';

/** Ports of `host` that nothing listens on now, all different. */
export async function findFreePorts(count: number, host = '127.0.0.1'): Promise<number[]> {
	// All are held at once, so that none is handed out twice.
	const servers = await Promise.all(Array.from({ length: count }, () => listen(host)));
	const ports = servers.map(portOf);
	await Promise.all(servers.map((server) => once(server.close(), 'close')));
	return ports;
}

async function listen(host: string): Promise<Server> {
	const server = createServer();
	server.listen(0, host);
	await once(server, 'listening');
	return server;
}

function portOf(server: Server): number {
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not a TCP server');
	return address.port;
}
