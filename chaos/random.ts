/** Numbers that look like chance and are the same for the same seed. */
export interface Random {
	/** From 0 to just below 1. */
	next(): number;
	/** Whole, both ends included. */
	integer(from: number, to: number): number;
	chance(probability: number): boolean;
	/** The same members in another order. */
	shuffle<T>(members: readonly T[]): T[];
}

/** mulberry32 over a hash (FNV-1a) of the seed and a label, so that one subject's numbers do not move another's. */
export function createRandom(seed: number, label: string): Random {
	let state = 2166136261;
	for (const character of `${seed} ${label}`) {
		state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
	}
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
	return {
		next,
		integer,
		chance: (probability) => next() < probability,
		shuffle(members) {
			return members
				.map((member) => ({ member, key: next() }))
				.sort((a, b) => a.key - b.key)
				.map(({ member }) => member);
		},
	};
}

/** Draws each member once before any comes again: a short run sees every kind too. */
export function* drawFrom<T>(random: Random, members: readonly T[]): Generator<T, never> {
	for (;;) yield* random.shuffle(members);
}
