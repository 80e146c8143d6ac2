import type { IExecuteFunctions } from 'n8n-workflow';

/** How a node reads its parameters from n8n, as far as ours need it. */
export interface ParameterSource {
	getNodeParameter(name: string, itemIndex: number, fallback: unknown): unknown;
	getTimezone(): string;
}

/**
 * n8n resolves a parameter for each item anew, which takes longer than composing a mail. One without an expression is
 * the same for all items: it is read once. For one run.
 */
export function readConstantsOnce(
	context: Pick<IExecuteFunctions, 'getNode' | 'getNodeParameter' | 'getTimezone'>,
): ParameterSource {
	const given: Partial<Record<string, unknown>> = context.getNode().parameters;
	const read = new Map<string, unknown>();
	return {
		getTimezone: () => context.getTimezone(),
		getNodeParameter: (name, itemIndex, fallback) => {
			if (read.has(name)) return read.get(name);
			const value: unknown = context.getNodeParameter(name, itemIndex, fallback);
			if (!holdsExpression(given[name])) read.set(name, value);
			return value;
		},
	};
}

/** n8n: a text that begins with `=`, at any depth. */
function holdsExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(holdsExpression);
}
