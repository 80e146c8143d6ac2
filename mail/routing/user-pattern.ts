import { RE2JS, RE2JSException } from 're2js';
import { toExcerpt } from '../excerpt';
import type { Refuse } from './refusal';

/** Longer texts are searched up to here, in characters. */
const SEARCHED_CHARACTERS = 256 * 1024;

/** Longest pattern, and the most named groups that one may have. */
const PATTERN_CHARACTERS = 1_000;
const NAMED_GROUPS = 20;

/** Longest piece of a mail that a named group gives to the workflow, in characters. */
const CAPTURED_CHARACTERS = 1_000;

export interface PatternMatch {
	readonly text: string;
	readonly captured: Readonly<Record<string, string>>;
}

export type UserPattern = (text: string) => PatternMatch | undefined;

/**
 * A regular expression in RE2's syntax, which takes time in proportion to the text, whatever the pattern and whoever
 * wrote the text. Upper and lower case are the same, unless it says (?-i). Refuses what RE2 does not know.
 */
export function compileUserPattern(pattern: string, refuse: Refuse): UserPattern {
	if (pattern === '') return refuse('the pattern is empty');
	if (pattern.length > PATTERN_CHARACTERS) {
		return refuse(`the pattern is longer than ${PATTERN_CHARACTERS} characters`);
	}
	const compiled = compile(pattern, refuse);
	const groups = Object.keys(compiled.namedGroups());
	if (groups.length > NAMED_GROUPS) return refuse(`it has more than ${NAMED_GROUPS} named groups`);
	return (text) => {
		const matcher = compiled.matcher(text.slice(0, SEARCHED_CHARACTERS));
		if (!matcher.find()) return undefined;
		const captured = groups.flatMap((name): Array<[string, string]> => {
			const value = matcher.group(name);
			return value === null ? [] : [[name, value.slice(0, CAPTURED_CHARACTERS)]];
		});
		return { text: matcher.group() ?? '', captured: Object.fromEntries(captured) };
	};
}

function compile(pattern: string, refuse: Refuse): RE2JS {
	try {
		return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
	} catch (error) {
		// Its message says what is wrong, and where; of other errors nobody knows what they hold.
		const reason = error instanceof RE2JSException ? `: ${error.message}` : '';
		return refuse(`${toExcerpt(pattern)} is no pattern that can be used${reason}`);
	}
}
