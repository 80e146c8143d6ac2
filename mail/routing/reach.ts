import type { Route, RoutingSettings, Rule } from './route';
import { USUAL_PRIORITY } from './router';
import { ruleFieldTexts } from './rule-field-text';
import { foldText } from './text-fold';

/** A route that never gets a mail, because an earlier one takes all that would fit it. */
export interface Unreachable {
	readonly index: number;
	/** The one that takes them. */
	readonly takenBy: number;
}

/**
 * Routes that can never be reached, as far as their conditions tell without a mail: it names none that could get one,
 * and may miss some. Only where the first fitting route takes the mail.
 */
export function findUnreachable({ routes, mode }: RoutingSettings): Unreachable[] {
	if (mode === 'every') return [];
	const inOrder = routes
		.map((route, index) => ({ route, index }))
		.filter(({ route }) => route.enabled && route.runsIn !== 'test' && hasConditions(route))
		.sort((one, other) => priorityOf(one.route) - priorityOf(other.route));
	return inOrder.flatMap(({ route, index }, position): Unreachable[] => {
		const taker = inOrder.slice(0, position).find((earlier) => takesAllOf(earlier.route, route));
		return taker === undefined ? [] : [{ index, takenBy: taker.index }];
	});
}

/** One without any is refused, not reached: its user is still typing. */
function hasConditions({ recipientAddress, rules }: Route): boolean {
	return rules.length > 0 || entriesOf(recipientAddress).length > 0;
}

/** Whether every mail that fits `route` fits `earlier`: each condition of `earlier` is one of `route` as well. */
function takesAllOf(earlier: Route, route: Route): boolean {
	const needed = entriesOf(earlier.recipientAddress);
	const own = entriesOf(route.recipientAddress);
	const coversRecipients =
		needed.length === 0 || (own.length > 0 && own.every((entry) => needed.includes(entry)));
	return coversRecipients && (earlier.rules.length === 0 || rulesImply(route, earlier));
}

/** A rule alone is all of them and any of them. */
function rulesImply(route: Route, earlier: Route): boolean {
	const given = route.rules.map(toKey);
	const asked = earlier.rules.map(toKey);
	if (given.length === 0) return false;
	const givenAll = route.match === 'all' || given.length === 1;
	const askedAll = earlier.match === 'all' && asked.length > 1;
	if (givenAll && askedAll) return asked.every((rule) => given.includes(rule));
	if (givenAll) return asked.some((rule) => given.includes(rule));
	// Of several any of which may hold, each alone has to be enough for the earlier one.
	return !askedAll && given.every((rule) => asked.includes(rule));
}

function toKey({ field, operator, value, header = '', negate = false }: Rule): string {
	const compared = operator ?? usualOperators.get(field) ?? '';
	return JSON.stringify([field, compared, value, header.trim().toLowerCase(), negate]);
}

const usualOperators = new Map(
	ruleFieldTexts.map(({ field, operators }) => [field, operators?.[0]?.value]),
);

function entriesOf(list: string): string[] {
	return list.split(';').map(foldText).filter(Boolean);
}

function priorityOf({ priority = USUAL_PRIORITY }: Route): number {
	return priority;
}
