import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePorts } from '../../tools/free-port';
import { requireProgram } from './installed-program';
import { type QueueServer, startQueueServer } from './queue-server';

/** A Redis that keeps nothing: what is in it is gone when it stops. */
export async function startRedis(folder: string): Promise<QueueServer> {
	const program = requireProgram('redis-server', 'redis-server');
	const [port = 0] = await findFreePorts(1);
	await mkdir(folder, { recursive: true });
	const options = {
		port: String(port),
		bind: '127.0.0.1',
		dir: folder,
		save: '',
		appendonly: 'no',
	};
	const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
	return await startQueueServer({
		command: [program, ...args],
		port,
		logFile: join(folder, 'redis.log'),
	});
}
