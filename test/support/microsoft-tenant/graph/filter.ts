import { badRequest } from './graph-error';

export type Row = Readonly<Record<string, unknown>>;
export type Test = (row: Row) => boolean;

type Token = string;

/**
 * The part of OData's `$filter` that mail needs: eq, ne, gt, ge, lt, le, and, or, not, parentheses, startswith,
 * endswith, contains, and `any` over extended properties. Dates compare as dates.
 */
export function readFilter(filter: string): Test {
	const reader = new FilterReader(split(filter));
	const test = reader.readOr();
	reader.expectEnd();
	return test;
}

/** In the order of the text: `$orderby` has to begin with the same ones. */
export function filteredNames(filter: string): string[] {
	return [...filter.matchAll(/([A-Za-z/]+)\s+(?:eq|ne|gt|ge|lt|le)\b/g)].map(
		([, name = '']) => name,
	);
}

function split(filter: string): Token[] {
	return filter.match(/'(?:[^']|'')*'|[(),]|\w+:|[^\s(),':]+(?::[^\s(),']+)*/g) ?? [];
}

class FilterReader {
	private at = 0;

	constructor(private readonly tokens: readonly Token[]) {}

	readOr(): Test {
		let test = this.readAnd();
		while (this.take('or')) {
			const [left, right] = [test, this.readAnd()];
			test = (row) => left(row) || right(row);
		}
		return test;
	}

	expectEnd(): void {
		if (this.at < this.tokens.length) throw this.fault();
	}

	private readAnd(): Test {
		let test = this.readOne();
		while (this.take('and')) {
			const [left, right] = [test, this.readOne()];
			test = (row) => left(row) && right(row);
		}
		return test;
	}

	private readOne(): Test {
		if (this.take('not')) {
			const inner = this.readOne();
			return (row) => !inner(row);
		}
		if (this.take('(')) {
			const inner = this.readOr();
			this.need(')');
			return inner;
		}
		const name = this.next();
		if (/\/any$/i.test(name)) return this.readAny(name.slice(0, -'/any'.length));
		const find = functions[name.toLowerCase()];
		return find === undefined ? this.readComparison(name) : this.readFunction(find);
	}

	private readFunction(find: (text: string, part: string) => boolean): Test {
		this.need('(');
		const name = this.next();
		this.need(',');
		const part = String(toValue(this.next())).toLowerCase();
		this.need(')');
		return (row) => find(String(valueOf(row, name) ?? '').toLowerCase(), part);
	}

	/** `categories/any(c:c eq 'x')`, and `any(ep: ep/id eq '…' and ep/value eq '…')` over extended properties. */
	private readAny(list: string): Test {
		this.need('(');
		const variable = this.next().replace(/:$/, '');
		const inner = this.readOr();
		this.need(')');
		return (row) => {
			const elements = valueOf(row, list);
			return (
				Array.isArray(elements) && elements.some((each) => inner({ ...row, [variable]: each }))
			);
		};
	}

	private readComparison(name: string): Test {
		const operator = this.next();
		const compare = operators[operator];
		if (compare === undefined) throw this.fault();
		const wanted = toValue(this.next());
		return (row) => compare(order(valueOf(row, name), wanted));
	}

	private next(): Token {
		const token = this.tokens[this.at++];
		if (token === undefined) throw this.fault();
		return token;
	}

	private take(token: Token): boolean {
		if (this.tokens[this.at] !== token) return false;
		this.at++;
		return true;
	}

	private need(token: Token): void {
		if (!this.take(token)) throw this.fault();
	}

	private fault() {
		return badRequest(`Invalid filter clause: syntax error at position ${this.at}.`);
	}
}

const functions: Readonly<Record<string, (text: string, part: string) => boolean>> = {
	startswith: (text, part) => text.startsWith(part),
	endswith: (text, part) => text.endsWith(part),
	contains: (text, part) => text.includes(part),
};

const operators: Readonly<Record<string, (order: number | undefined) => boolean>> = {
	eq: (order) => order === 0,
	ne: (order) => order !== 0,
	gt: (order) => order !== undefined && order > 0,
	ge: (order) => order !== undefined && order >= 0,
	lt: (order) => order !== undefined && order < 0,
	le: (order) => order !== undefined && order <= 0,
};

/** Undefined: the two cannot be compared. Texts compare without case, as Exchange does. */
function order(value: unknown, wanted: unknown): number | undefined {
	if (typeof value === 'boolean' || wanted === null) return value === wanted ? 0 : undefined;
	if (typeof value !== 'string' || typeof wanted !== 'string') return undefined;
	const [left, right] = /^\d{4}-\d\d-\d\dT/.test(value)
		? [Date.parse(value), Date.parse(wanted)]
		: [value.toLowerCase(), wanted.toLowerCase()];
	if (left === right) return 0;
	return left < right ? -1 : 1;
}

function toValue(token: Token): unknown {
	if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
	if (token === 'true' || token === 'false') return token === 'true';
	return token === 'null' ? null : token;
}

/** `from/emailAddress/address` walks into the object. */
function valueOf(row: Row, name: string): unknown {
	let value: unknown = row;
	for (const step of name.split('/')) {
		value =
			typeof value === 'object' && value !== null
				? Object.entries(value).find(([key]) => key === step)?.[1]
				: undefined;
	}
	return value;
}
