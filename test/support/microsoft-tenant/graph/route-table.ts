import type { Route } from './call';

export interface FoundRoute {
	readonly route: Route;
	readonly ids: Readonly<Record<string, string>>;
}

/** Finds what answers a path below a mailbox. */
export class RouteTable {
	private readonly rows: ReadonlyArray<{ route: Route; steps: readonly string[] }>;

	constructor(routes: readonly Route[]) {
		this.rows = routes.map((route) => ({ route, steps: route.pattern.split('/') }));
	}

	find(method: string, path: readonly string[]): FoundRoute | undefined {
		for (const { route, steps } of this.rows) {
			const ids = route.method === method ? match(steps, path) : undefined;
			if (ids !== undefined) return { route, ids };
		}
		return undefined;
	}

	knows(path: readonly string[]): boolean {
		return this.rows.some(({ steps }) => match(steps, path) !== undefined);
	}
}

/** A literal step wins over `:name`, as `delta` must not be taken for an id. */
function match(
	steps: readonly string[],
	path: readonly string[],
): Record<string, string> | undefined {
	if (steps.length !== path.length) return undefined;
	const ids: Record<string, string> = {};
	for (const [at, step] of steps.entries()) {
		const said = path[at] ?? '';
		if (step.startsWith(':')) {
			if (RESERVED.has(said)) return undefined;
			ids[step.slice(1)] = said;
		} else if (step.toLowerCase() !== said.toLowerCase()) return undefined;
	}
	return ids;
}

const RESERVED = new Set(['delta', 'delta()', '$value', 'createUploadSession']);
