import type { Alternative } from './alternative';
import type { EnvelopeView } from './envelope-view';

/** What a message fulfils a condition with. */
export interface Finding {
	/** Plain words: `subject contains "invoice"`. */
	readonly because: string;
	/** Named groups of a regular expression. */
	readonly captured?: Readonly<Record<string, string>>;
}

/** Undefined where the message does not fulfil it. */
export type Condition = (view: EnvelopeView) => Finding | undefined;

/** Holds where the view's set has one of the keys: one look-up for each, however long the message's own list is. */
export function createSetCondition(
	alternatives: readonly Alternative[],
	toSet: (view: EnvelopeView) => ReadonlySet<string>,
): Condition {
	return (view) => {
		const set = toSet(view);
		return set.size === 0 ? undefined : alternatives.find(({ key }) => set.has(key));
	};
}
