import { toExcerpt } from '../../mail/excerpt';
import { findUnreachable } from '../../mail/routing/reach';
import type { RoutingSettings } from '../../mail/routing/route';

/** A sentence for each route that never gets an e-mail. */
export function toReachWarnings(routing: RoutingSettings): string[] {
	const nameOf = (index: number) => toExcerpt(routing.routes[index]?.name ?? '');
	return findUnreachable(routing).map(
		({ index, takenBy }) =>
			`Route ${nameOf(index)} never gets an e-mail: route ${nameOf(takenBy)} is asked before it and takes all that would fit. Give ${nameOf(index)} a smaller priority.`,
	);
}
