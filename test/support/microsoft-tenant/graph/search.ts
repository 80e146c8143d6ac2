import type { Row } from './filter';
import { GraphError } from './graph-error';

/** Where a word is looked for: all of it, or what stands before the colon. */
const places: Readonly<Record<string, readonly string[]>> = {
	subject: ['subject'],
	body: ['body'],
	from: ['from'],
	to: ['toRecipients'],
};

/**
 * `$search="two words"`: mails that have all of them, in any case. https://learn.microsoft.com/graph/search-query-parameter:
 * it goes together with neither `$filter` nor `$orderby`.
 */
export function search(rows: readonly Row[], query: URLSearchParams): readonly Row[] {
	const said = query.get('$search');
	if (said === null) return rows;
	for (const [option, code] of [
		['$filter', 'SearchWithFilter'],
		['$orderby', 'SearchWithOrderBy'],
	] as const) {
		if (query.has(option)) {
			throw new GraphError(
				400,
				code,
				`The query parameter '${option}' is not supported with '$search'.`,
			);
		}
	}
	const words = said.replaceAll('"', '').toLowerCase().split(/\s+/).filter(Boolean);
	return rows.filter((row) => words.every((word) => hasWord(row, word)));
}

function hasWord(row: Row, word: string): boolean {
	const [, place = '', rest = ''] = /^(\w+):(.*)$/.exec(word) ?? [];
	const names = places[place];
	return (names ?? Object.values(places).flat()).some((name) =>
		(JSON.stringify(row[name]) ?? '').toLowerCase().includes(names === undefined ? word : rest),
	);
}
