import type { Alternative } from './alternative';
import type { EnvelopeView } from './envelope-view';

/** Why a message fulfils a condition, in plain words; undefined where it does not. */
export type Condition = (view: EnvelopeView) => string | undefined;

/** Holds where the view's set has one of the keys: one look-up for each, however long the message's own list is. */
export function createSetCondition(
	alternatives: readonly Alternative[],
	toSet: (view: EnvelopeView) => ReadonlySet<string>,
): Condition {
	return (view) => {
		const set = toSet(view);
		return set.size === 0 ? undefined : alternatives.find(({ key }) => set.has(key))?.because;
	};
}
