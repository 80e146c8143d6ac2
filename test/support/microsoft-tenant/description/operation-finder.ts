import type { ApiDocument, ApiOperation } from './document';

interface Template {
	readonly steps: readonly string[];
	readonly operations: Readonly<Record<string, ApiOperation>>;
}

/** Finds the operation that a request means. */
export class OperationFinder {
	private readonly templates: readonly Template[];

	constructor(api: ApiDocument) {
		this.templates = Object.entries(api.paths)
			.map(([path, operations]) => ({ steps: path.split('/').slice(1), operations }))
			// Literal steps first: `messages/delta` is no message with the id "delta".
			.sort((a, b) => countPlaces(a.steps) - countPlaces(b.steps));
	}

	/** `path` is what comes after `/v1.0`, decoded. */
	find(method: string, path: readonly string[]): ApiOperation | undefined {
		return this.templates.find(
			({ steps, operations }) =>
				fits(steps, path) && operations[method.toLowerCase()] !== undefined,
		)?.operations[method.toLowerCase()];
	}
}

function fits(steps: readonly string[], path: readonly string[]): boolean {
	return (
		steps.length === path.length &&
		steps.every(
			(step, at) => step.startsWith('{') || step.toLowerCase() === path[at]?.toLowerCase(),
		)
	);
}

function countPlaces(steps: readonly string[]): number {
	return steps.filter((step) => step.startsWith('{')).length;
}
