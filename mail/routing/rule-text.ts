import { toExcerpt } from '../excerpt';
import type { Condition, Finding } from './condition';
import type { EnvelopeView, SearchedText } from './envelope-view';
import type { Refuse } from './refusal';
import type { RuleOperator } from './route';
import { foldText } from './text-fold';
import { compileUserPattern } from './user-pattern';
import { splitFilledList } from './value-list';

/** A text compared with one key word, both folded; and the words for it. */
interface Comparison {
	readonly verb: string;
	holds(text: string, keyWord: string): boolean;
}

const comparisons: Readonly<Partial<Record<RuleOperator, Comparison>>> = {
	contains: { verb: 'contains', holds: (text, keyWord) => text.includes(keyWord) },
	is: { verb: 'is', holds: (text, keyWord) => text === keyWord },
	beginsWith: { verb: 'begins with', holds: (text, keyWord) => text.startsWith(keyWord) },
	endsWith: { verb: 'ends with', holds: (text, keyWord) => text.endsWith(keyWord) },
};

/** What the reasons call the text, and where it is found; several texts are alternatives. */
export interface TextSource {
	readonly name: string;
	readonly texts: (view: EnvelopeView) => readonly SearchedText[];
}

/** A rule on a text: a `;` list of key words, one of which is enough, or one regular expression. */
export function compileTextRule(
	source: TextSource,
	operator: RuleOperator,
	value: string,
	refuse: Refuse,
): Condition {
	if (operator === 'matches') return compilePatternRule(source, value, refuse);
	const comparison = comparisons[operator];
	if (comparison === undefined)
		return refuse(`a text cannot be compared by ${toExcerpt(operator)}`);
	const keyWords = splitFilledList(value, 'key words', refuse).map((keyWord) => ({
		folded: foldText(keyWord),
		because: `${source.name} ${comparison.verb} ${toExcerpt(keyWord)}`,
	}));
	return (view) => {
		for (const { folded } of source.texts(view)) {
			const found = keyWords.find((keyWord) => comparison.holds(folded, keyWord.folded));
			if (found !== undefined) return { because: found.because };
		}
		return undefined;
	};
}

function compilePatternRule(source: TextSource, value: string, refuse: Refuse): Condition {
	const match = compileUserPattern(value.trim(), refuse);
	return (view): Finding | undefined => {
		for (const { raw } of source.texts(view)) {
			const found = match(raw);
			if (found === undefined) continue;
			const because = `${source.name} matches the pattern, at ${toExcerpt(found.text)}`;
			return { because, captured: found.captured };
		}
		return undefined;
	};
}
