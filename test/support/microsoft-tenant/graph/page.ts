import { json, type Answer } from '../http/answer';
import type { GraphCall } from './call';
import { filteredNames, readFilter, type Row } from './filter';
import { search } from './search';
import { badRequest, GraphError } from './graph-error';

/** https://learn.microsoft.com/graph/api/user-list-messages: "page size 10 by default, 1 to 1000". */
const DEFAULT_PAGE = 10;
const MAX_PAGE = 1000;

export function pageSize({ request, preferences }: GraphCall): number {
	const top = request.query.get('$top');
	const wanted = top === null ? (preferences.maxPageSize ?? DEFAULT_PAGE) : Number(top);
	if (!Number.isInteger(wanted) || wanted < 1) throw badRequest(`Invalid value '${top}' for $top.`);
	return Math.min(wanted, MAX_PAGE);
}

/** A list: filtered, ordered, cut to a page, with a link to the next. `rows` are whole; `show` selects. */
export function toPage(
	call: GraphCall,
	rows: readonly Row[],
	show: (row: Row) => unknown,
	place: string,
): Answer {
	const { query } = call.request;
	const searched = search(rows, query);
	const filter = query.get('$filter');
	const orderBy = query.get('$orderby');
	checkEfficiency(filter, orderBy);
	const found = order(filter === null ? searched : searched.filter(readFilter(filter)), orderBy);
	const skip = Number(query.get('$skip') ?? 0);
	const size = pageSize(call);
	const isLast = skip + size >= found.length;
	return json(200, {
		'@odata.context': `${new URL(call.base).origin}/v1.0/$metadata#${place}`,
		...(query.get('$count') === 'true' ? { '@odata.count': found.length } : {}),
		value: found.slice(skip, skip + size).map(show),
		...(isLast ? {} : { '@odata.nextLink': nextLink(call, skip + size) }),
	});
}

/** Where both are given, the properties of `$orderby` have to come first in `$filter`, in the same order. */
function checkEfficiency(filter: string | null, orderBy: string | null): void {
	if (filter === null || orderBy === null) return;
	const filtered = filteredNames(filter);
	const isEfficient = orderNames(orderBy).every(({ name }, index) => filtered[index] === name);
	if (!isEfficient) {
		throw new GraphError(
			400,
			'InefficientFilter',
			'The restriction or sort order is too complex for this operation.',
		);
	}
}

function order(rows: readonly Row[], orderBy: string | null): readonly Row[] {
	if (orderBy === null) return rows;
	return orderNames(orderBy)
		.reverse()
		.reduce<readonly Row[]>(
			(sorted, { name, sign }) =>
				sorted.toSorted((a, b) => sign * String(a[name]).localeCompare(String(b[name]))),
			rows,
		);
}

function orderNames(orderBy: string): Array<{ readonly name: string; readonly sign: number }> {
	return orderBy.split(',').map((each) => {
		const [name = '', direction = 'asc'] = each.trim().split(/\s+/);
		return { name, sign: direction === 'desc' ? -1 : 1 };
	});
}

/** The same request with another `$skip`; page size by `Prefer` is not in it, as in Graph. */
function nextLink(call: GraphCall, skip: number): string {
	const query = new URLSearchParams(call.request.query);
	query.set('$skip', String(skip));
	const [path = ''] = call.request.url.split('?');
	return `${new URL(call.base).origin}${path}?${query.toString()}`;
}
