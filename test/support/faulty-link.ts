import { connect, type Socket } from 'node:net';

export type Direction = 'toServer' | 'toClient';

/** What waits to be passed on: bytes, the end of the stream, or that the socket is gone. */
interface Parcel {
	readonly dueAt: number;
	readonly content: Buffer | 'end' | 'gone';
}

/** One client's connection through the proxy, with a queue for each direction. */
export class FaultyLink {
	latencyMs = 0;
	#server: Socket | undefined;
	#isFrozen = false;
	#isBlackhole = false;
	#isClosed = false;
	readonly #queues: Record<Direction, Parcel[]> = { toServer: [], toClient: [] };
	readonly #timers = new Map<Direction, NodeJS.Timeout>();

	constructor(
		private readonly client: Socket,
		private readonly target: { readonly host: string; readonly port: number },
		private readonly tell: (direction: Direction, chunk: Buffer) => void,
		private readonly onClosed: () => void,
	) {}

	/** Starts reading; the server is asked as soon as the link is not frozen. */
	open(): void {
		this.#read(this.client, 'toServer');
		if (!this.#isFrozen) this.thaw();
	}

	freeze(): void {
		this.#isFrozen = true;
	}

	thaw(): void {
		this.#isFrozen = false;
		if (this.#isClosed) return;
		if (this.#server === undefined) {
			this.#server = connect({ ...this.target, allowHalfOpen: true, noDelay: true });
			this.#read(this.#server, 'toClient');
		}
		this.#pass('toServer');
		this.#pass('toClient');
	}

	/** For good: nothing that is under way or comes later arrives, nor does the end of either side. */
	blackhole(): void {
		this.#isBlackhole = true;
		this.#queues.toServer = [];
		this.#queues.toClient = [];
	}

	reset(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		for (const timer of this.#timers.values()) clearTimeout(timer);
		this.client.resetAndDestroy();
		this.#server?.destroy();
		this.onClosed();
	}

	#read(socket: Socket, direction: Direction): void {
		socket.on('data', (chunk: Buffer) => this.#take(direction, chunk));
		socket.on('end', () => this.#take(direction, 'end'));
		socket.on('error', () => undefined);
		socket.on('close', () => {
			// Nobody is left who could find out that nothing passes.
			if (this.#isBlackhole && direction === 'toServer') this.reset();
			else this.#take(direction, 'gone');
		});
	}

	/** Read at once whatever the fault, so that the sender's kernel gets its acknowledgement. */
	#take(direction: Direction, content: Parcel['content']): void {
		if (this.#isBlackhole || this.#isClosed) return;
		this.#queues[direction].push({ dueAt: Date.now() + this.latencyMs, content });
		this.#pass(direction);
	}

	#pass(direction: Direction): void {
		const target = direction === 'toServer' ? this.#server : this.client;
		const queue = this.#queues[direction];
		if (this.#isFrozen || target === undefined) return;
		for (;;) {
			const [parcel] = queue;
			if (parcel === undefined) return;
			if (parcel.dueAt > Date.now()) return this.#passLater(direction, parcel.dueAt);
			queue.shift();
			if (parcel.content === 'gone') return this.reset();
			if (parcel.content === 'end') {
				target.end();
				continue;
			}
			this.tell(direction, parcel.content);
			target.write(parcel.content);
		}
	}

	#passLater(direction: Direction, dueAt: number): void {
		clearTimeout(this.#timers.get(direction));
		const timer = setTimeout(() => this.#pass(direction), dueAt - Date.now());
		this.#timers.set(direction, timer);
	}
}
