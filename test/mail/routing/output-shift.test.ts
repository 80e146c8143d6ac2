import fc from 'fast-check';
import {
	type ConnectedOutput,
	describeShifts,
	findShifts,
	isSameWiring,
	type OutputTarget,
	toOutputs,
} from '../../../mail/routing/output-shift';

const to = (...nodes: string[]): OutputTarget[] =>
	nodes.map((node) => ({ nodeId: node, nodeName: node, input: 0 }));

const outputs = (names: readonly string[], wires: readonly OutputTarget[][]): ConnectedOutput[] =>
	toOutputs(
		names.map((name) => ({ name })),
		wires,
	);

const wires = [to('a'), to('b'), to('f'), to('e')];
const before = outputs(['A', 'B'], wires);
const namesOf = (now: readonly ConnectedOutput[]) =>
	findShifts(before, now).map(({ name }) => name);

describe('Outputs that have moved away from their connections', () => {
	test('are those behind a route that was added', () => {
		const now = outputs(['A', 'B', 'C'], wires);
		expect(namesOf(now)).toEqual(['the fallback', 'the error output']);
		expect(describeShifts(findShifts(before, now), before, now)).toBe(
			'the fallback would now lead to "e" instead of "f"; the error output would now lead to nothing instead of "e", because route "C" was added',
		);
	});

	test('are those behind a route that was removed, also where n8n has dropped the last connection', () => {
		const now = outputs(['B'], wires.slice(0, 3));
		expect(namesOf(now)).toEqual(['route "B"', 'the fallback', 'the error output']);
		expect(describeShifts(findShifts(before, now), before, now)).toContain(
			'because route "A" was removed',
		);
	});

	test('are those that have changed places', () => {
		const now = outputs(['B', 'A'], wires);
		expect(namesOf(now)).toEqual(['route "B"', 'route "A"']);
		expect(describeShifts(findShifts(before, now), before, now)).toContain(
			'because the list of routes has changed',
		);
	});

	test('are told in one sentence, however many', () => {
		const many = Array.from({ length: 9 }, (_, index) => `R${index}`);
		const former = outputs(
			many,
			many.map((name) => to(name)),
		);
		const now = outputs(
			many.slice(1),
			many.map((name) => to(name)),
		);
		const words = describeShifts(findShifts(former, now), former, now);
		expect(words).toMatch(
			/^route "R1" .*; route "R2" .*; route "R3" .*; 6 more have moved too, because route "R0" was removed$/,
		);
	});

	test.each<[string, ConnectedOutput[]]>([
		['nothing was changed', before],
		['a route has another name', outputs(['A', 'New'], wires)],
		['a name is spelt in another way', outputs([' a', 'B'], wires)],
		['a position was connected anew', outputs(['A', 'B'], [to('x'), to('b'), [], to('e')])],
		[
			'a node behind has another name',
			outputs(['A', 'B'], [[{ nodeId: 'a', nodeName: 'Renamed', input: 0 }], ...wires.slice(1)]),
		],
		[
			'the connections came along with a new route',
			outputs(['A', 'B', 'C'], [to('a'), to('b'), to('c'), to('f'), to('e')]),
		],
		['the connections moved up', outputs(['B'], [to('b'), to('f'), to('e')])],
		['everything leads to one node', outputs(['B'], [to('a'), to('a'), to('a')])],
	])('are none where %s', (title, now) => {
		const all = [to('a'), to('a'), to('a'), to('a')];
		const former = title.startsWith('everything') ? outputs(['A', 'B'], all) : before;
		expect(findShifts(former, now)).toEqual([]);
	});
});

/** Edits of the list of routes, as the editor has them; each keeps or changes names, never connections. */
const edit = fc.oneof(
	fc.record({ kind: fc.constant('add' as const), at: fc.nat(8) }),
	fc.record({ kind: fc.constant('remove' as const), at: fc.nat(8) }),
	fc.record({ kind: fc.constant('move' as const), at: fc.nat(8), to: fc.nat(8) }),
	fc.record({ kind: fc.constant('rename' as const), at: fc.nat(8) }),
);

/** Ends of a connection; few, so that some are the same. */
const wire = fc.subarray(['v', 'w', 'x', 'y', 'z'], { maxLength: 2 }).map((all) => to(...all));

const story = fc.record({
	count: fc.nat(5),
	wires: fc.array(wire, { minLength: 7, maxLength: 7 }),
	edits: fc.array(edit, { maxLength: 4 }),
});

type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

interface Slot {
	readonly former: number;
	readonly name: string;
}

/** The routes after the edits, each with the position it had; -1 for one that is new or has another name. */
function play({ count, edits }: { count: number; edits: ReadonlyArray<Edit> }) {
	const slots: Slot[] = Array.from({ length: count }, (_, index) => ({
		former: index,
		name: `R${index}`,
	}));
	edits.forEach((one, turn) => {
		const at = slots.length === 0 ? 0 : one.at % slots.length;
		const fresh = { former: -1, name: `N${turn}` };
		if (one.kind === 'add') slots.splice(one.at % (slots.length + 1), 0, fresh);
		else if (slots.length === 0) return;
		else if (one.kind === 'remove') slots.splice(at, 1);
		else if (one.kind === 'rename') slots[at] = fresh;
		else slots.splice(one.to % slots.length, 0, ...slots.splice(at, 1));
	});
	return [...slots, { former: count, name: 'fallback' }, { former: count + 1, name: 'error' }];
}

const keysOf = (targets: readonly OutputTarget[]) => targets.map(({ nodeId }) => nodeId).sort();

describe('For all edits of a list of routes', () => {
	const build = (given: Story) => {
		const names = Array.from({ length: given.count }, (_, index) => `R${index}`);
		const former = outputs(names, given.wires.slice(0, given.count + 2));
		const slots = play(given);
		const routes = slots.slice(0, -2).map(({ name }) => name);
		return { former, slots, routes };
	};

	test('every name whose mail would silently take another way is found, and no other', () => {
		fc.assert(
			fc.property(story, (given) => {
				const { former, slots, routes } = build(given);
				// n8n drops the connections of outputs that are no more, and leaves all others where they are.
				const kept = former.map(({ targets }) => [...targets]).slice(0, slots.length);
				const now = outputs(routes, kept);
				const expected = slots.flatMap(({ former: place }, position) => {
					if (place === -1) return [];
					const led = keysOf(former[place]?.targets ?? []);
					const leads = keysOf(kept[position] ?? []);
					return led.join() === leads.join() ? [] : [now[position]?.name];
				});
				expect(findShifts(former, now).map(({ name }) => name)).toEqual(expected);
			}),
			{ numRuns: 2000 },
		);
	});

	test('nothing is found where each name has kept its connections', () => {
		fc.assert(
			fc.property(story, fc.array(wire), (given, others) => {
				const { former, slots, routes } = build(given);
				const rewired = slots.map(({ former: place }, position) => [
					...(place === -1 ? (others[position] ?? []) : (former[place]?.targets ?? [])),
				]);
				expect(findShifts(former, outputs(routes, rewired))).toEqual([]);
			}),
			{ numRuns: 2000 },
		);
	});

	test('nothing is found where each position was connected anew', () => {
		fc.assert(
			fc.property(story, (given) => {
				const { former, slots, routes } = build(given);
				const rewired = slots.map((_, position) => to(`new ${position}`));
				expect(findShifts(former, outputs(routes, rewired))).toEqual([]);
			}),
		);
	});

	test('two states are the same exactly where names and connections are', () => {
		fc.assert(
			fc.property(story, (given) => {
				const { former, slots, routes } = build(given);
				const now = outputs(
					routes,
					former.map(({ targets }) => [...targets].reverse()).slice(0, slots.length),
				);
				const isUnchanged =
					slots.length === former.length &&
					slots.every(({ former: place }, position) => place === position);
				expect(isSameWiring(former, now)).toBe(isUnchanged);
			}),
		);
	});
});
