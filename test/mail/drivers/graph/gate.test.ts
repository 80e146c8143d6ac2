import { Gate, type Leave } from '../../../../mail/drivers/graph/gate';
import { GRAPH_PARALLEL_REQUESTS, GRAPH_PATIENCE_MS } from '../../../../mail/limits';

const fill = async (gate: Gate): Promise<Leave[]> =>
	await Promise.all(
		Array.from({ length: GRAPH_PARALLEL_REQUESTS }, async () => await gate.enter('x', undefined)),
	);

describe('the gate of a mailbox', () => {
	it('lets the next one in for each that leaves, in the order in which they came', async () => {
		const gate = new Gate();
		const [leave] = await fill(gate);
		const entered: string[] = [];
		const enter = async (name: string) => {
			const ready = await gate.enter(name, undefined);
			entered.push(name);
			return ready;
		};
		const first = enter('first');
		const second = enter('second');
		leave?.();
		leave?.();
		(await first)();
		(await second)();
		expect(entered).toEqual(['first', 'second']);
	});

	it('leaves nobody standing when those in front give up', async () => {
		const gate = new Gate();
		const leaves = await fill(gate);
		const waiting = Array.from(
			{ length: 2 * GRAPH_PARALLEL_REQUESTS },
			async () =>
				await gate.enter('x', undefined).then(
					() => 'in',
					() => 'gave up',
				),
		);
		gate.close(2 * GRAPH_PATIENCE_MS);
		for (const leave of leaves) leave();
		expect(new Set(await Promise.all(waiting))).toEqual(new Set(['gave up']));
	});

	it('forgets who has given up while standing', async () => {
		const gate = new Gate();
		const [leave] = await fill(gate);
		const giving = new AbortController();
		const impatient = gate.enter('x', giving.signal);
		const patient = gate.enter('x', undefined);
		giving.abort();
		await expect(impatient).rejects.toThrow('The connection to the server was lost');
		leave?.();
		(await patient)();
	});

	it('sends away who comes when it is too late for them, and nobody else', async () => {
		const gate = new Gate();
		const [leave] = await fill(gate);
		const waiting = gate.enter('x', undefined);
		await expect(gate.enter('x', AbortSignal.abort())).rejects.toThrow(
			'The connection to the server was lost',
		);
		leave?.();
		(await waiting)();
	});
});
