import { badRequest } from './graph-error';

/** Names in `$select`, or undefined where all default properties are wanted. Refuses names that do not exist. */
export function readSelect(
	query: URLSearchParams,
	known: readonly string[],
	type: string,
): readonly string[] | undefined {
	const said = query.get('$select');
	if (said === null || said === '') return undefined;
	const names = said.split(',').map((each) => each.trim());
	for (const name of names) {
		if (!known.includes(name)) {
			throw badRequest(
				`Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${type}'.`,
			);
		}
	}
	return names;
}

/** `id` and annotations are always there. */
export function pick(
	all: Readonly<Record<string, unknown>>,
	names: readonly string[] | undefined,
	hidden: readonly string[] = [],
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(all).filter(
			([name]) =>
				name === 'id' ||
				name.startsWith('@') ||
				(names === undefined ? !hidden.includes(name) : names.includes(name)),
		),
	);
}
