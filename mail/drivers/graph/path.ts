/**
 * A path with every value percent-encoded: ids hold `/`, `+` and `=`, and neither Graph nor its client library encodes
 * anything.
 */
export function graphPath(literals: TemplateStringsArray, ...values: string[]): string {
	return literals.reduce((path, literal, index) => {
		return `${path}${encodeURIComponent(values[index - 1] ?? '')}${literal}`;
	});
}

/** `?$select=id%2Csubject&$top=5`; empty where there is nothing. */
export function toQuery(parameters: Readonly<Record<string, string | number | undefined>>): string {
	const pairs = Object.entries(parameters).flatMap(([name, value]) =>
		value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
	);
	return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** A string literal of a filter (OData 4.01, URL Conventions, section 2: a quote is doubled). */
export function toLiteral(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}
