import * as z from 'zod';
import type { Rule, RuleField, RuleOperator } from '../../mail/routing/route';
import { ruleFieldTexts } from '../../mail/routing/rule-field-text';
import { toListEntry } from '../../mail/routing/value-list';

const ruleFields = ruleFieldTexts.map(({ field }) => field);
/** Kinds of rules whose value is chosen from a list. */
const chosenFields = new Set(
	ruleFieldTexts.flatMap(({ field, value }) => (value?.choices === undefined ? [] : [field])),
);
/** Kinds of rules with names out of the company directory, beside those that are typed. */
const offeredFields = new Set(
	ruleFieldTexts.flatMap(({ field, value }) => (value?.offered === undefined ? [] : [field])),
);
const operators = ruleFieldTexts.flatMap((rule) =>
	(rule.operators ?? []).map(({ value }) => value),
);

/** A rule as n8n keeps it, with what belongs to its field alone. */
export const ruleSchema = z
	.object({
		field: z
			.custom<RuleField>((value) => ruleFields.some((field) => field === value))
			.default('subject'),
		operator: z
			.custom<RuleOperator>((value) => operators.some((operator) => operator === value))
			.optional(),
		value: z.string().default(''),
		choices: z.array(z.string()).default([]),
		/** As text, a `;` list: that is what an expression may give. */
		companies: z
			.union([
				z.string(),
				z.array(z.string()).transform((names) => names.map(toListEntry).join(';')),
			])
			.default(''),
		header: z.string().default(''),
		negate: z.boolean().default(false),
	})
	.transform(({ field, operator, value, choices, companies, header, negate }): Rule => ({
		field,
		operator: operatorOf(field, operator),
		value: valueOf(field, { value, choices, companies }),
		// n8n keeps what was typed for another kind of rule.
		header: field === 'header' ? header : '',
		negate,
	}));

/** As typed, chosen or both. */
function valueOf(
	field: RuleField,
	given: { readonly value: string; readonly choices: string[]; readonly companies: string },
): string {
	if (chosenFields.has(field)) return given.choices.join(';');
	if (!offeredFields.has(field)) return given.value;
	return [given.companies, given.value].filter((list) => list.trim() !== '').join(';');
}

/** n8n keeps what was chosen for the kind of rule that stood there before. */
function operatorOf(
	field: RuleField,
	operator: RuleOperator | undefined,
): RuleOperator | undefined {
	const own = ruleFieldTexts.find((rule) => rule.field === field)?.operators ?? [];
	return own.some(({ value }) => value === operator) ? operator : undefined;
}
