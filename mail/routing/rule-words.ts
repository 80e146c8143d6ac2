import { toExcerpt } from '../excerpt';
import type { Rule, RuleField, RuleOperator } from './route';
import type { RuleContext } from './rule-field';
import { ruleFieldTexts } from './rule-field-text';

const texts = new Map(ruleFieldTexts.map((text) => [text.field, text]));

/** The operator of a rule, its field's usual one where it names none. Refuses one that does not fit the field. */
export function readOperator(
	field: RuleField,
	operator: RuleOperator | undefined,
	{ refuse }: Pick<RuleContext, 'refuse'>,
): RuleOperator {
	const operators = texts.get(field)?.operators ?? [];
	const [usual] = operators;
	if (operator === undefined || usual === undefined) return usual?.value ?? 'is';
	const known = operators.find(({ value }) => value === operator);
	return known?.value ?? refuse(`${toExcerpt(operator)} is not a way to compare it`);
}

/** A rule as a user reads it: `not Subject contains "invoice"`. */
export function toRuleWords({ field, operator, value, header, negate = false }: Rule): string {
	const text = texts.get(field);
	const compared =
		text?.operators?.find((choice) => choice.value === operator) ?? text?.operators?.[0];
	const words = [
		...(negate ? ['not'] : []),
		text?.label ?? field,
		...(field === 'header' && header !== undefined ? [toExcerpt(header)] : []),
		...(compared === undefined ? [] : [compared.label.toLowerCase()]),
		...(text?.value === undefined ? [] : [toExcerpt(value)]),
	];
	return words.join(' ');
}
