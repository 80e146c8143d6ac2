import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { FaultyLink, type Direction } from './faulty-link';

/** Sees what passes, as it is forwarded. */
export type Watcher = (direction: Direction, chunk: Buffer) => void;

/** A TCP proxy that misbehaves on demand. Faults may be combined; `heal` ends all but a black hole. */
export interface FaultProxy {
	readonly host: string;
	readonly port: number;
	/** Connections that clients hold open now. */
	readonly connections: number;
	/** All that were accepted so far. */
	readonly accepted: number;
	/** Resets every connection; new ones work. */
	cut(): void;
	/** Goes silent but keeps accepting and acknowledging, new connections too; what is held back flows after `heal`. */
	freeze(): void;
	/** The connections of now lose every byte for good, in both directions; new ones work. */
	blackhole(): void;
	/** Every byte waits this long, ms. */
	delay(ms: number): void;
	/** Resets every connection and refuses new ones. */
	refuse(): Promise<void>;
	heal(): Promise<void>;
	/** Returns what ends the watching. */
	watch(watcher: Watcher): () => void;
	close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Stands before `target`, on a free port of 127.0.0.1. */
export async function startFaultProxy(target: {
	readonly host: string;
	readonly port: number;
}): Promise<FaultProxy> {
	const links = new Set<FaultyLink>();
	const watchers = new Set<Watcher>();
	let isFrozen = false;
	let latencyMs = 0;
	let accepted = 0;

	const tell: Watcher = (direction, chunk) => {
		for (const watcher of [...watchers]) watcher(direction, chunk);
	};
	const accept = (client: Socket): void => {
		accepted++;
		const link = new FaultyLink(client, target, tell, () => links.delete(link));
		links.add(link);
		link.latencyMs = latencyMs;
		if (isFrozen) link.freeze();
		link.open();
	};
	const cut = (): void => {
		for (const link of [...links]) link.reset();
	};

	let server = await listen(accept, 0);
	const port = portOf(server);
	return {
		host: HOST,
		port,
		get connections() {
			return links.size;
		},
		get accepted() {
			return accepted;
		},
		cut,
		freeze() {
			isFrozen = true;
			for (const link of links) link.freeze();
		},
		blackhole() {
			for (const link of links) link.blackhole();
		},
		delay(ms) {
			latencyMs = ms;
			for (const link of links) link.latencyMs = ms;
		},
		async refuse() {
			const closed = close(server);
			cut();
			await closed;
		},
		async heal() {
			isFrozen = false;
			latencyMs = 0;
			for (const link of links) {
				link.latencyMs = 0;
				link.thaw();
			}
			if (!server.listening) server = await listen(accept, port);
		},
		watch(watcher) {
			watchers.add(watcher);
			return () => watchers.delete(watcher);
		},
		async close() {
			const closed = close(server);
			cut();
			await closed;
		},
	};
}

async function listen(accept: (client: Socket) => void, port: number): Promise<Server> {
	const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
	server.listen(port, HOST);
	await once(server, 'listening');
	return server;
}

async function close(server: Server): Promise<void> {
	if (server.listening) await once(server.close(), 'close');
}

function portOf(server: Server): number {
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('not a TCP server');
	return address.port;
}
