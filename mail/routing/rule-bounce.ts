import { toExcerpt } from '../excerpt';
import type { Bounce, BounceOutcome } from '../facts/bounce';
import { createSetCondition, type Condition } from './condition';
import type { Refuse } from './refusal';
import { splitFilledList } from './value-list';

const outcomes: readonly BounceOutcome[] = ['permanent', 'temporary', 'success'];

/** `;` list of outcomes and of status codes, whole or their beginning: `5`, `5.7`, `5.7.*`, `5.7.1` (RFC 3463). */
export function compileBounceStatus(value: string, refuse: Refuse): Condition {
	const alternatives = splitFilledList(value, 'statuses', refuse).map((entry) => {
		const wanted = entry.toLowerCase().replace(/(?:\.\*)+$/, '');
		const outcome = outcomes.find((known) => known === wanted);
		if (outcome !== undefined) return { key: outcome, because: `it bounced: ${outcome}` };
		if (/^[245](?:\.\d{1,3}){0,2}$/.test(wanted)) {
			return { key: wanted, because: `it bounced with status ${wanted}` };
		}
		return refuse(`${toExcerpt(entry)} is no status such as permanent or 5.1.1`);
	});
	return createSetCondition(alternatives, (view) => view.bounceKeys);
}

/** What statuses a rule may ask for and find. */
export function toBounceKeys(bounce: Bounce | undefined): Set<string> {
	const keys = new Set<string>();
	for (const { outcome, status } of bounce?.recipients ?? []) {
		keys.add(outcome);
		if (status === '') continue;
		const [kind = '', subject = ''] = status.split('.');
		for (const key of [kind, `${kind}.${subject}`, status]) keys.add(key);
	}
	return keys;
}
